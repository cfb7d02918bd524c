"""A small region that builds, written by GDAL; every hostile case spoils one thing in a copy of it.

Flat terrain at 10 m over x 500000…501000, y 2490000…2491000 in EPSG:32650 (10 m cells), one building, one zone, two pads.
"""
import json
import math
import pathlib

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()

ORIGIN = (500000.0, 2490000.0)
WEST, SOUTH = 117.0, 22.5155  # about the south-western corner

TOML = """[region]
name = "usual"
vertical_datum = "test"
[[terrain]]
path = "terrain.tif"
[[obstacles]]
path = "buildings.gpkg"
height_field = "height"
[[geozones]]
path = "zones.json"
[[pads]]
path = "pads.geojson"
"""


def utm() -> osr.SpatialReference:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32650)
    return crs


def lonlat(x: float, y: float) -> list[float]:
    """Longitude and latitude of an offset from the origin."""
    wgs84 = osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    wgs84.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    lon, lat, _ = osr.CoordinateTransformation(utm(), wgs84).TransformPoint(ORIGIN[0] + x, ORIGIN[1] + y)
    return [lon, lat]


def write_terrain(file: pathlib.Path, heights=None, crs=None, transform=None, kind=gdal.GDT_Float32, options=(),
                  nodata=None, unit=None, scale=None, bands=1):
    heights = numpy.full((101, 101), 10.0) if heights is None else heights
    rows, columns = heights.shape
    raster = gdal.GetDriverByName("GTiff").Create(str(file), columns, rows, bands, kind, list(options))
    if crs != "":
        raster.SetSpatialRef(crs or utm())
    if transform != ():
        raster.SetGeoTransform(transform or (ORIGIN[0] - 5, 10, 0, ORIGIN[1] + 1005, 0, -10))
    band = raster.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    if unit:
        band.SetUnitType(unit)
    if scale:
        band.SetScale(scale)
    band.WriteArray(heights)
    raster = None


def write_forecast(file: pathlib.Path, speed=5.0, time_unit="hours since 2026-11-21T00:00:00Z"):
    """Wind over the region and beyond, at two times, as weather services publish it."""
    root = gdal.GetDriverByName("netCDF").CreateMultiDimensional(str(file)).GetRootGroup()
    number = gdal.ExtendedDataType.Create(gdal.GDT_Float64)
    dims = []
    for name, kind, unit, at in (("time", gdal.DIM_TYPE_TEMPORAL, time_unit, [0.0, 1.0]),
                                 ("y", gdal.DIM_TYPE_HORIZONTAL_Y, "m", [ORIGIN[1] + 500 * k for k in range(-2, 5)]),
                                 ("x", gdal.DIM_TYPE_HORIZONTAL_X, "m", [ORIGIN[0] + 500 * k for k in range(-2, 5)])):
        dims.append(root.CreateDimension(name, kind, "", len(at)))
        axis = root.CreateMDArray(name, [dims[-1]], number)
        axis.SetUnit(unit)
        axis.Write(numpy.array(at))
    for name, unit, value in (("wind_speed", "m/s", speed), ("wind_from_direction", "degree", 270.0)):
        variable = root.CreateMDArray(name, dims, number)
        variable.SetUnit(unit)
        variable.SetSpatialRef(utm())
        variable.CreateAttribute("standard_name", [], gdal.ExtendedDataType.CreateString()).Write(name)
        variable.Write(numpy.full((2, 7, 7), value))


def spoiled_heights(value: float):
    heights = numpy.full((101, 101), 10.0, dtype=numpy.float32)
    heights[3, 7] = value
    return heights


def box(x0: float, y0: float, x1: float, y1: float) -> str:
    ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    return "(" + ",".join(f"{ORIGIN[0] + x} {ORIGIN[1] + y}" for x, y in ring) + ")"


def polygon(*rings: str) -> str:
    return "POLYGON(" + ",".join(rings) + ")"


GOOD = polygon(box(300, 300, 340, 340))


def write_buildings(file: pathlib.Path, features, crs=None, driver="GPKG", kind=ogr.OFTReal, layers=("buildings",)):
    """features: (WKT, OGR geometry or None; height or None) each."""
    source = ogr.GetDriverByName(driver).CreateDataSource(str(file))
    for name in layers:
        layer = source.CreateLayer(name, crs or utm(), ogr.wkbUnknown if driver != "ESRI Shapefile" else ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("height", kind))
        for shape, height in features:
            feature = ogr.Feature(layer.GetLayerDefn())
            if shape is not None:
                feature.SetGeometry(ogr.CreateGeometryFromWkt(shape) if isinstance(shape, str) else shape)
            if height is not None:
                feature.SetField("height", height)
            layer.CreateFeature(feature)
    source = None


def bent_polygon(x: float, y: float) -> ogr.Geometry:
    """The good building, its third corner moved to (x, y): for numbers that WKT cannot say."""
    shape = ogr.CreateGeometryFromWkt(GOOD)
    shape.GetGeometryRef(0).SetPoint_2D(2, x, y)
    return shape


def star(corners: int) -> ogr.Geometry:
    """A simple polygon of very many corners."""
    ring = ogr.Geometry(ogr.wkbLinearRing)
    angles = numpy.linspace(0, 2 * math.pi, corners)[:-1]
    for angle in angles:
        ring.AddPoint_2D(ORIGIN[0] + 320 + 20 * math.cos(angle), ORIGIN[1] + 320 + 20 * math.sin(angle))
    ring.CloseRings()
    shape = ogr.Geometry(ogr.wkbPolygon)
    shape.AddGeometry(ring)
    return shape


def zones(**changes) -> str:
    """One ED-269 zone; changes by key, in the volume where it has that key, else in the zone."""
    volume = {"uomDimensions": "M", "lowerLimit": 0, "lowerVerticalReference": "AGL", "upperLimit": 500,
              "upperVerticalReference": "AGL",
              "horizontalProjection": {"type": "Circle", "center": lonlat(700, 700), "radius": 50}}
    zone = {"identifier": "Z1", "country": "CHN", "name": "one", "type": "COMMON", "restriction": "PROHIBITED",
            "applicability": [{"permanent": "YES"}], "geometry": [volume]}
    for key, value in changes.items():
        (volume if key in volume else zone)[key] = value
    return json.dumps({"features": [zone]})


def ring_zone(*rings) -> dict:
    return {"type": "Polygon", "coordinates": [[lonlat(*corner) for corner in ring] for ring in rings]}


def pads(**changes) -> str:
    """Two pads; changes by key in the first one's properties, `at` its coordinates."""
    hub = {"id": "H1", "name": "hub", "kind": "hub", "slots": 2}
    at = changes.pop("at", lonlat(100, 100))
    hub.update(changes)
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": hub},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": lonlat(900, 900)},
         "properties": {"id": "K1", "kind": "kiosk"}}]})


def write_region(folder: pathlib.Path):
    folder.mkdir()
    (folder / "region.toml").write_text(TOML)
    write_terrain(folder / "terrain.tif")
    write_buildings(folder / "buildings.gpkg", [(GOOD, 40.0)])
    (folder / "zones.json").write_text(zones())
    (folder / "pads.geojson").write_text(pads())
