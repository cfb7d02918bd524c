"""Write the region's files, and compare two sets of them by content."""
import json

import numpy as np
from osgeo import gdal, ogr, osr

from . import plan, shapes, zones

NODATA = -9999.0
RASTER, BUILDINGS, INFRASTRUCTURE = "terrain.tif", "buildings.gpkg", "infrastructure.gpkg"
JSON_FILES = ["zones.json", "parks.geojson", "pads.geojson"]


def map_srs():
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(plan.EPSG)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def to_map(geometry):
    """A copy of the geometry, moved from the drawing to the map."""
    moved = geometry.Clone()
    for part in [moved] if moved.GetPointCount() else [moved.GetGeometryRef(i) for i in range(moved.GetGeometryCount())]:
        for i in range(part.GetPointCount()):
            x, y = part.GetPoint_2D(i)
            part.SetPoint_2D(i, round(x + plan.EAST_0, 2), round(y + plan.NORTH_0, 2))
    return moved


def lon_lat_of():
    """Function from the drawing to [lon, lat]."""
    wgs84 = osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    wgs84.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    change = osr.CoordinateTransformation(map_srs(), wgs84)
    return lambda u, v: [round(x, 7) for x in change.TransformPoint(plan.EAST_0 + u, plan.NORTH_0 + v)[:2]]


def write_terrain(path, terrain):
    options = ["COMPRESS=DEFLATE", "PREDICTOR=3", "ZLEVEL=9", "TILED=YES"]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), terrain.cols, terrain.rows, 1, gdal.GDT_Float32, options)
    dataset.SetGeoTransform(terrain.gt)
    dataset.SetProjection(terrain.srs.ExportToWkt())
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(NODATA)
    band.SetUnitType("m")
    band.WriteArray(terrain.z.astype(np.float32))
    dataset.SetMetadataItem("DESCRIPTION", "Yanwan, an invented district: terrain above its own sea level")


def write_layers(path, layers):
    """layers: name -> (geometry type, [(attributes, geometry in the drawing)])."""
    gdal.SetConfigOption("OGR_CURRENT_DATE", "2026-01-01T00:00:00.000Z")
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    dataset.SetMetadataItem("DESCRIPTION", "Yanwan, an invented district")
    for name, (kind, rows) in layers.items():
        layer = dataset.CreateLayer(name, map_srs(), kind, ["SPATIAL_INDEX=NO", "GEOMETRY_NAME=geom"])
        for field, value in rows[0][0].items():
            layer.CreateField(ogr.FieldDefn(field, ogr.OFTReal if isinstance(value, float) else ogr.OFTString))
        layer.StartTransaction()
        for attributes, geometry in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for field, value in attributes.items():
                if value != "":
                    feature.SetField(field, value)
            feature.SetGeometry(to_map(geometry))
            layer.CreateFeature(feature)
        layer.CommitTransaction()


def write_features(path, head, features):
    """GeoJSON, one feature a line."""
    lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    opening = json.dumps({"type": "FeatureCollection", **head}, ensure_ascii=False)[:-1]
    path.write_text(f'{opening}, "features": [\n{lines}\n]}}\n', encoding="utf-8")


def write_zones(path):
    path.write_text(json.dumps(zones.all_zones(lon_lat_of()), indent=1) + "\n", encoding="utf-8")


def write_parks(path):
    lon_lat = lon_lat_of()
    features = [{"type": "Feature", "properties": {"name": name, "leisure": "park"},
                 "geometry": zones.area(lon_lat, outline)} for name, outline in plan.PARKS]
    write_features(path, {"description": "Parks of Yanwan, an invented district"}, features)


def differences(ours, theirs):
    """What differs in content between two folders of the region, as text."""
    found = []
    a, b = (gdal.Open(str(f / RASTER)) for f in (ours, theirs))
    if a.GetGeoTransform() != b.GetGeoTransform() or (a.RasterXSize, a.RasterYSize) != (b.RasterXSize, b.RasterYSize):
        found.append(f"{RASTER}: another grid")
    else:
        largest = float(np.abs(a.ReadAsArray() - b.ReadAsArray()).max())
        if largest > 0.001:
            found.append(f"{RASTER}: heights differ by up to {largest:.3f} m")
    for name in (BUILDINGS, INFRASTRUCTURE):
        if _rows(ours / name) != _rows(theirs / name):
            found.append(f"{name}: features differ")
    for name in JSON_FILES:
        if json.loads((ours / name).read_text("utf-8")) != json.loads((theirs / name).read_text("utf-8")):
            found.append(f"{name}: content differs")
    return found


def _rows(path):
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    return [(layer.GetName(), f.GetFID(), f.items(), bytes(f.GetGeometryRef().ExportToWkb()))
            for layer in (dataset.GetLayer(i) for i in range(dataset.GetLayerCount())) for f in layer]
