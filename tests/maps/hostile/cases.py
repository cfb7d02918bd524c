"""The corpus: how each case spoils the region, the code that must be answered and words that must appear.

Where words contain a file's name, it is the one to be blamed.
"""
import dataclasses
import json
import math
import os
import pathlib
import sqlite3
import struct
import typing
import zipfile

import numpy
from osgeo import gdal, ogr, osr

from region import (GOOD, ORIGIN, TOML, bent_polygon, box, lonlat, pads, polygon, ring_zone, spoiled_heights, star,
                    write_buildings, write_forecast, write_terrain, zones)

LISTENER = "127.0.0.1:{port}"  # where the test listens for connections that must not come


@dataclasses.dataclass
class Case:
    name: str
    spoil: typing.Callable[[pathlib.Path], object]
    code: str
    words: tuple[str, ...]
    never: tuple[str, ...] = ()  # words that must not appear


CASES: list[Case] = []
PORT = 0  # set by the test


def case(code: str, *words: str, never: tuple[str, ...] = ()):
    """Registers a function that spoils the region in a folder."""
    def register(spoil):
        CASES.append(Case(spoil.__name__, spoil, code, words, never))
        return spoil
    return register


def add(name: str, code: str, words: tuple[str, ...], spoil):
    CASES.append(Case(name, spoil, code, words))


def toml(old: str, new: str):
    """Spoils the region file."""
    def spoil(folder):
        text = (folder / "region.toml").read_text()
        assert old in text
        (folder / "region.toml").write_text(text.replace(old, new, 1))
    return spoil


def text(name: str, content: str | bytes):
    def spoil(folder):
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return spoil


def buildings(shape, height=40.0, **how):
    def spoil(folder):
        (folder / "buildings.gpkg").unlink()
        write_buildings(folder / "buildings.gpkg", [(GOOD, 12.0), (shape() if callable(shape) else shape, height)], **how)
    return spoil


def terrain(**how):
    return lambda folder: write_terrain(folder / "terrain.tif", **{k: v() if callable(v) else v for k, v in how.items()})


def crs(definition: str):
    def make():
        out = osr.SpatialReference()
        out.SetFromUserInput(definition)
        return out
    return make


# Paths that are no files, or lead where nothing may be read.

@case("file_not_found", "terrain.tif", "is a pipe")
def terrain_is_a_pipe(folder):
    (folder / "terrain.tif").unlink()
    os.mkfifo(folder / "terrain.tif")


@case("file_not_found", "zones.json", "is a pipe")
def zones_are_a_link_to_a_pipe(folder):
    (folder / "zones.json").unlink()
    os.mkfifo(folder / "pipe")
    (folder / "zones.json").symlink_to("pipe")


@case("file_not_found", "buildings.gpkg", "leads nowhere")
def buildings_are_a_dangling_link(folder):
    (folder / "buildings.gpkg").unlink()
    (folder / "buildings.gpkg").symlink_to("/nowhere/at/all")


@case("file_not_found", "pads.geojson", "cannot be looked at")
def pads_are_a_link_to_themselves(folder):
    (folder / "pads.geojson").unlink()
    (folder / "pads.geojson").symlink_to("pads.geojson")


@case("file_not_found", "terrain.tif", "is a directory")
def terrain_is_a_directory(folder):
    (folder / "terrain.tif").unlink()
    (folder / "terrain.tif").mkdir()


@case("file_not_found", "region.toml", "regular file")
def region_file_is_a_pipe(folder):
    (folder / "region.toml").unlink()
    os.mkfifo(folder / "region.toml")


add("device_as_zones", "file_not_found", ("/dev/zero", "is a device"), toml('"zones.json"', '"/dev/zero"'))
add("device_as_terrain", "file_not_found", ("/dev/urandom", "is a device"), toml('"terrain.tif"', '"/dev/urandom"'))
CASES.append(Case("climbing_out_to_passwords", toml('"zones.json"', '"../../../../../../../../etc/passwd"'), "bad_json",
                  ("/etc/passwd", "not valid JSON"), never=("root:", "/bin/")))
CASES.append(Case("passwords_as_terrain", toml('"terrain.tif"', '"/etc/passwd"'), "unsupported_format",
                  ("/etc/passwd", "is not a raster"), never=("root:", "/bin/")))
add("climbing_out_to_nowhere", "file_not_found", ("no such file",), toml('"pads.geojson"', '"../../pads.geojson"'))
add("memory_file_system", "file_not_found", ("vsimem",), toml('"terrain.tif"', '"/vsimem/terrain.tif"'))
add("zip_file_system", "file_not_found", ("vsizip",), toml('"terrain.tif"', '"/vsizip/terrain.zip/terrain.tif"'))
add("path_with_a_nul", "config_invalid", ("region.toml:5", "path"), toml('"terrain.tif"', '"terrain.tif\\u0000.png"'))
add("path_with_a_terminal_escape", "config_invalid", ("region.toml:5", "path"),
    toml('"terrain.tif"', '"\\u001b]0;owned\\u0007.tif"'))


@case("file_not_found", "vsicurl")
def network_file_system(folder):
    toml('"terrain.tif"', f'"/vsicurl/http://{LISTENER.format(port=PORT)}/terrain.tif"')(folder)


@case("file_not_found", "no such file")
def address_as_path(folder):
    toml('"buildings.gpkg"', f'"http://{LISTENER.format(port=PORT)}/buildings.geojson"')(folder)


for source in ("terrain.tif", "buildings.gpkg", "zones.json", "pads.geojson"):
    add(f"empty_{source.split('.')[0]}", "file_unreadable", (source, "is empty"), text(source, b""))
add("empty_region_file", "file_unreadable", ("region.toml", "is empty"), text("region.toml", b""))


# Terrain.

@case("file_unreadable", "terrain.tif")
def terrain_cut_short(folder):
    data = (folder / "terrain.tif").read_bytes()
    (folder / "terrain.tif").write_bytes(data[:len(data) // 2])


@case("unsupported_format", "terrain.tif", "is not a raster")
def terrain_cut_in_its_header(folder):
    (folder / "terrain.tif").write_bytes((folder / "terrain.tif").read_bytes()[:9])


@case("file_unreadable", "terrain.tif")
def terrain_with_broken_compression(folder):
    noise = numpy.random.default_rng(1).uniform(0, 100, (101, 101))
    write_terrain(folder / "terrain.tif", heights=noise, options=["COMPRESS=DEFLATE"])
    data = bytearray((folder / "terrain.tif").read_bytes())
    for k in range(9000, 9400):
        data[k] ^= 0xA5
    (folder / "terrain.tif").write_bytes(bytes(data))


@case("unsupported_format", "terrain.tif", "is not a raster")
def terrain_is_a_zip(folder):
    with zipfile.ZipFile(folder / "t.zip", "w") as archive:
        archive.write(folder / "terrain.tif", "terrain.tif")
    (folder / "t.zip").rename(folder / "terrain.tif")


@case("unsupported_format", "terrain.tif", "is not a raster")
def terrain_is_a_vrt_that_reads_the_network(folder):
    (folder / "terrain.tif").write_text(f"""<VRTDataset rasterXSize="101" rasterYSize="101"><SRS>EPSG:32650</SRS>
<GeoTransform>499995,10,0,2491005,0,-10</GeoTransform><VRTRasterBand dataType="Float32" band="1"><SimpleSource>
<SourceFilename>/vsicurl/http://{LISTENER.format(port=PORT)}/x.tif</SourceFilename></SimpleSource></VRTRasterBand>
</VRTDataset>""")


@case("unsupported_format", "terrain.tif", "is not a raster")
def terrain_is_a_web_map_service(folder):
    (folder / "terrain.tif").write_text(f"""<GDAL_WMS><Service name="TMS"><ServerUrl>http://{LISTENER.format(port=PORT)}/
</ServerUrl></Service><DataWindow><SizeX>256</SizeX><SizeY>256</SizeY></DataWindow></GDAL_WMS>""")


@case("unsupported_format", "terrain.tif", "100000 x 100000 cells")
def terrain_of_huge_dimensions(folder):
    gdal.GetDriverByName("GTiff").Create(str(folder / "terrain.tif"), 100000, 100000, 1, gdal.GDT_Float32,
                                         ["SPARSE_OK=TRUE", "TILED=YES", "BIGTIFF=YES"])


@case("file_unreadable", "terrain.tif", "cannot be read to its end")
def terrain_of_huge_tiles(folder):
    raster = gdal.GetDriverByName("GTiff").Create(str(folder / "terrain.tif"), 19000, 19000, 1, gdal.GDT_Float64,
                                                  ["SPARSE_OK=TRUE", "TILED=YES", "BLOCKXSIZE=19008",
                                                   "BLOCKYSIZE=19008", "COMPRESS=DEFLATE"])
    raster.SetSpatialRef(crs("EPSG:32650")())
    raster.SetGeoTransform((ORIGIN[0], 10, 0, ORIGIN[1], 0, -10))
    raster.GetRasterBand(1).Fill(10)


add("terrain_with_nan", "raster_value_invalid", ("terrain.tif", "column 7, row 3", "nan"),
    terrain(heights=spoiled_heights(float("nan"))))
add("terrain_with_infinity", "raster_value_invalid", ("terrain.tif", "column 7, row 3", "inf"),
    terrain(heights=spoiled_heights(float("inf"))))
add("terrain_with_a_height_beyond_earth", "raster_value_invalid", ("terrain.tif", "column 7, row 3", "1e+30"),
    terrain(heights=spoiled_heights(1e30)))
add("terrain_that_is_all_void", "raster_empty", ("terrain.tif", "no data"),
    terrain(heights=numpy.full((101, 101), -9999.0), nodata=-9999))
add("terrain_in_feet_by_its_unit", "unsupported_format", ("terrain.tif", "ft"), terrain(unit="ft"))
add("terrain_in_feet_by_its_vertical_datum", "unsupported_format", ("terrain.tif", "foot"),
    terrain(crs=crs("EPSG:32650+6360")))
add("terrain_scaled", "unsupported_format", ("terrain.tif", "scale"), terrain(scale=0.1))
add("terrain_of_complex_numbers", "unsupported_format", ("terrain.tif", "complex"), terrain(kind=gdal.GDT_CFloat32))
add("terrain_without_reference_system", "crs_missing", ("terrain.tif", "no coordinate reference system"),
    terrain(crs=""))
add("terrain_on_a_building_site_s_axes", "unsupported_format", ("terrain.tif", "neither geographic nor projected"),
    terrain(crs=crs('LOCAL_CS["site",UNIT["metre",1]]')))
add("terrain_in_geocentric_coordinates", "unsupported_format", ("terrain.tif", "neither geographic nor projected"), terrain(crs=crs("EPSG:4978")))
add("terrain_without_a_place", "unsupported_format", ("terrain.tif", "no georeference"), terrain(transform=()))
add("terrain_with_cells_of_no_size", "unsupported_format", ("terrain.tif", "georeference"), terrain(transform=(ORIGIN[0], 0, 0, ORIGIN[1], 0, 0)))
add("terrain_placed_at_nan", "unsupported_format", ("terrain.tif", "WGS84"),
    terrain(transform=(float("nan"), 10, 0, ORIGIN[1], 0, -10)))
add("terrain_placed_at_infinity", "unsupported_format", ("terrain.tif", "WGS84"),
    terrain(transform=(ORIGIN[0], float("inf"), 0, ORIGIN[1], 0, -10)))
add("terrain_beyond_the_pole", "unsupported_format", ("terrain.tif", "WGS84"),
    terrain(crs=crs("EPSG:4326"), transform=(117, 0.0001, 0, 95, 0, -0.0001)))
add("terrain_at_longitude_500", "unsupported_format", ("terrain.tif", "WGS84"),
    terrain(crs=crs("EPSG:4326"), transform=(500, 0.0001, 0, 22, 0, -0.0001)))
add("terrain_of_one_cell", "raster_empty", ("terrain.tif", "1 x 1"), terrain(heights=numpy.full((1, 1), 10.0)))
add("terrain_over_half_the_globe", "unsupported_format", ("terrain.tif", "300 km"),
    terrain(crs=crs("EPSG:4326"), transform=(-90, 1.8, 0, 85, 0, -1.7)))


# Obstacles.

def x(offset):
    return ORIGIN[0] + offset


def y(offset):
    return ORIGIN[1] + offset


B2 = "buildings.gpkg, feature 2"
add("bow_tie", "geometry_invalid", (B2, "not a simple polygon"),
    buildings(f"POLYGON(({x(300)} {y(300)},{x(340)} {y(340)},{x(340)} {y(300)},{x(300)} {y(345)},{x(300)} {y(300)}))"))
add("hole_outside_its_ring", "geometry_invalid", (B2, "not a simple polygon"),
    buildings(polygon(box(300, 300, 340, 340), box(500, 500, 510, 510))))
add("hole_across_its_ring", "geometry_invalid", (B2, "not a simple polygon"),
    buildings(polygon(box(300, 300, 340, 340), box(330, 310, 350, 320))))
add("hole_as_large_as_its_ring", "geometry_invalid", (B2,),
    buildings(polygon(box(300, 300, 340, 340), box(300, 300, 340, 340))))
add("no_area", "geometry_invalid", (B2,),
    buildings(f"POLYGON(({x(300)} {y(300)},{x(340)} {y(340)},{x(320)} {y(320)},{x(300)} {y(300)}))"))
add("ring_that_is_one_point", "geometry_invalid", (B2,),
    buildings(f"POLYGON(({x(300)} {y(300)},{x(300)} {y(300)},{x(300)} {y(300)},{x(300)} {y(300)}))"))
add("ring_of_two_corners", "geometry_invalid", (B2, "three corners"),
    buildings(f"POLYGON(({x(300)} {y(300)},{x(340)} {y(340)},{x(300)} {y(300)}))"))
add("ring_that_is_open", "geometry_invalid", (B2, "closed"),
    buildings(f"POLYGON(({x(300)} {y(300)},{x(340)} {y(300)},{x(340)} {y(340)},{x(300)} {y(340)}))"))
add("corner_at_nan", "geometry_invalid", (B2, "not finite"), buildings(lambda: bent_polygon(float("nan"), y(340))))
add("corner_at_infinity", "geometry_invalid", (B2, "not finite"), buildings(lambda: bent_polygon(x(340), float("inf"))))
add("corner_beyond_the_world", "geometry_invalid", (B2, "nowhere on Earth"),
    buildings(lambda: bent_polygon(1e300, y(340))))
add("a_million_corners", "geometry_invalid", (B2, "vertices"), buildings(lambda: star(1_100_001)))
add("surface_of_triangles", "geometry_invalid", (B2,),
    buildings("TIN Z(((500300 2490300 0,500340 2490300 0,500340 2490340 0,500300 2490300 0)))"))
add("point_without_width", "geometry_invalid", (B2, "buffer_m"), buildings(f"POINT({x(300)} {y(300)})"))
add("no_geometry", "geometry_invalid", (B2, "no geometry"), buildings(None))
add("empty_geometry", "geometry_invalid", (B2, "empty"), buildings("POLYGON EMPTY"))
add("height_nan", "value_invalid", (B2, "height", "finite"), buildings(GOOD, "nan", kind=ogr.OFTString))
add("height_infinite", "value_invalid", (B2, "height", "finite"), buildings(GOOD, float("inf")))
add("height_negative", "value_invalid", (B2, "height = -5"), buildings(GOOD, -5.0))
add("height_of_a_mountain", "value_invalid", (B2, "between 0 and 2000"), buildings(GOOD, 1e9))
add("height_as_prose", "value_invalid", (B2, "tall"), buildings(GOOD, "tall", kind=ogr.OFTString))
add("height_missing", "height_missing", (B2, "default_height_m"), buildings(GOOD, None))
add("metres_called_degrees", "geometry_invalid", ("feature 1", "nowhere on Earth"), buildings(GOOD, crs=crs("EPSG:4326")()))
add("without_reference_system", "crs_missing", ("buildings.gpkg",), buildings(GOOD, crs=osr.SpatialReference()))
add("another_zone_s_metres", "outside_terrain", ("buildings.gpkg", "reference system"),
    buildings(GOOD, crs=crs("EPSG:32649")()))
add("layer_that_is_missing", "config_invalid", ("buildings.gpkg", "no layer", "it has: buildings"),
    toml('path = "buildings.gpkg"', 'path = "buildings.gpkg"\nlayer = "roofs"'))
add("several_layers_and_none_named", "config_invalid", ("buildings.gpkg", "several layers"),
    buildings(GOOD, layers=("buildings", "others")))
add("field_that_is_missing", "config_invalid", ("no field",), toml('"height"', '"hoogte"'))
add("filter_that_is_no_filter", "config_invalid", ("where",),
    toml('height_field', 'where = "height > 1); DROP TABLE buildings; --"\nheight_field'))
add("filter_that_never_ends", "file_unreadable", ("buildings.gpkg", "longer than"),
    toml('height_field', 'where = "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) SELECT count(*) '
                         'FROM c) > 0"\nheight_field'))


def sql(*statements):
    def spoil(folder):
        base = sqlite3.connect(folder / "buildings.gpkg")
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            base.create_function(name, 1, lambda _: 0)
        for statement in statements:
            base.execute(statement.format(port=PORT))
        base.commit()
        base.close()
        toml('path = "buildings.gpkg"', 'path = "buildings.gpkg"\nlayer = "buildings"')(folder)
    return spoil


def as_layer(view):
    return ("ALTER TABLE buildings RENAME TO hidden", view,
            "UPDATE gpkg_geometry_columns SET table_name = 'buildings'",
            "UPDATE gpkg_contents SET table_name = 'buildings'")


add("view_that_never_ends", "unsupported_format", ("buildings.gpkg", "is a view"),
    sql(*as_layer("CREATE VIEW buildings AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) "
                  "SELECT n AS fid, geom, height FROM c, hidden")))
add("view_that_asks_the_network", "unsupported_format", ("buildings.gpkg", "SQL function"),
    sql(*as_layer("CREATE VIEW buildings AS SELECT fid, ogr_geocode('http://127.0.0.1:{port}/') AS geom, height "
                  "FROM hidden")))
add("view_that_loads_code", "unsupported_format", ("buildings.gpkg", "is a view"),
    sql(*as_layer("CREATE VIEW buildings AS SELECT fid, load_extension('/tmp/evil.so') AS geom, height FROM hidden")))
add("geometry_that_is_garbage", "geometry_invalid", ("buildings.gpkg, feature 1", "no geometry"),
    sql("DROP TRIGGER IF EXISTS rtree_buildings_geom_update6", "DROP TRIGGER IF EXISTS rtree_buildings_geom_update7",
        "DROP TRIGGER IF EXISTS rtree_buildings_geom_update1", "DROP TRIGGER IF EXISTS rtree_buildings_geom_update2",
        "DROP TRIGGER IF EXISTS rtree_buildings_geom_update3", "DROP TRIGGER IF EXISTS rtree_buildings_geom_update4",
        "DROP TRIGGER IF EXISTS rtree_buildings_geom_update5",
        "UPDATE buildings SET geom = X'47500001FFFFFFFF010300000001000000FFFFFF7F'"))


@case("unsupported_format", "buildings.gpkg", "not a vector file")
def buildings_cut_short(folder):
    data = (folder / "buildings.gpkg").read_bytes()
    (folder / "buildings.gpkg").write_bytes(data[:len(data) // 3])


@case("unsupported_format", "buildings.gpkg", "not a vector file")
def buildings_with_a_page_of_noise(folder):
    data = bytearray((folder / "buildings.gpkg").read_bytes())
    noise = numpy.random.default_rng(2).integers(0, 256, 40000, dtype=numpy.uint8).tobytes()
    data[4096:44096] = noise
    (folder / "buildings.gpkg").write_bytes(bytes(data))


add("buildings_that_are_no_database", "unsupported_format", ("buildings.gpkg", "is not a vector file"),
    text("buildings.gpkg", b"SQLite format 3\0" + b"\0" * 4000))
add("buildings_that_are_a_web_page", "unsupported_format", ("buildings.gpkg", "is not a vector file"),
    text("buildings.gpkg", "<html><body>404</body></html>"))


@case("unsupported_format", "buildings.gpkg", "is not a vector file")
def buildings_that_name_an_address(folder):
    (folder / "buildings.gpkg").write_text(f"http://{LISTENER.format(port=PORT)}/buildings.geojson")


@case("unsupported_format", "buildings.gpkg", "is not a vector file")
def buildings_that_are_a_virtual_layer(folder):
    (folder / "buildings.gpkg").write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="b"><SrcDataSource>/vsicurl/http://{LISTENER.format(port=PORT)}/b.json'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")


def geojson(coordinates, code, *words, kind="Polygon", name, extra=""):
    def spoil(folder):
        toml('"buildings.gpkg"', '"buildings.geojson"')(folder)
        (folder / "buildings.geojson").write_text(
            '{"type":"FeatureCollection",%s"features":[{"type":"Feature","properties":{"height":30},"geometry":'
            '{"type":"%s","coordinates":%s}}]}' % (extra, kind, coordinates))
    add(name, code, ("buildings.geojson", *words), spoil)


def square(lon, lat, size=0.0002):
    return json.dumps([[[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]])


geojson(square(500, 22.52), "geometry_invalid", "feature 0", "nowhere on Earth", name="longitude_500")
geojson(square(22.52, 117.003), "geometry_invalid", "feature 0", "nowhere on Earth", name="latitude_before_longitude")
geojson(square(22.52, 45.0), "outside_terrain", "reference system", name="another_town")
geojson(square(1e308, 22.52), "geometry_invalid", "feature 0", name="longitude_of_308_digits")
geojson("[" * 200_000 + "]" * 200_000, "unsupported_format", name="coordinates_nested_without_end")
geojson('[[["a","b"],["c","d"],["e","f"],["a","b"]]]', "geometry_invalid", "feature 0", "no geometry", name="coordinates_that_are_words")


@case("unsupported_format", "buildings.geojson", "by a link", "no address is fetched")
def a_reference_system_by_its_address(folder):
    toml('"buildings.gpkg"', '"buildings.geojson"')(folder)
    (folder / "buildings.geojson").write_text(
        '{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://%s/crs","type":"proj4"}},'
        '"features":[{"type":"Feature","properties":{"height":30},"geometry":{"type":"Polygon","coordinates":%s}}]}'
        % (LISTENER.format(port=PORT), square(117.003, 22.52)))


@case("geometry_invalid", "buildings.shp, feature", "no geometry")
def shapes_cut_short(folder):
    write_buildings(folder / "buildings.shp", [(GOOD, 40.0)] * 50, driver="ESRI Shapefile")
    data = (folder / "buildings.shp").read_bytes()
    (folder / "buildings.shp").write_bytes(data[:len(data) // 2])
    toml('"buildings.gpkg"', '"buildings.shp"')(folder)


@case("geometry_invalid", "buildings.shp, feature 0", "no geometry")
def shapes_that_promise_two_thousand_million_corners(folder):
    write_buildings(folder / "buildings.shp", [(GOOD, 40.0)], driver="ESRI Shapefile")
    data = bytearray((folder / "buildings.shp").read_bytes())
    data[100 + 8 + 36:100 + 8 + 44] = struct.pack("<ii", 1, 0x7FFFFFFF)
    (folder / "buildings.shp").write_bytes(bytes(data))
    toml('"buildings.gpkg"', '"buildings.shp"')(folder)


@case("file_unreadable", "buildings.fgb", "damaged")
def flat_buffers_of_noise(folder):
    write_buildings(folder / "buildings.fgb", [(GOOD, 40.0)] * 50, driver="FlatGeobuf")
    data = bytearray((folder / "buildings.fgb").read_bytes())
    for k in range(40, len(data), 3):
        data[k] = 0xFF
    (folder / "buildings.fgb").write_bytes(bytes(data))
    toml('"buildings.gpkg"', '"buildings.fgb"')(folder)


# Zones.

Z1 = "zones.json, zone 0"
add("zones_cut_short", "bad_json", ("zones.json", "line"), lambda f: text("zones.json", zones()[:-20])(f))
add("zones_with_nan", "bad_json", ("zones.json",), lambda f: text("zones.json", zones(upperLimit=float("nan")))(f))
add("zones_not_utf8", "bad_json", ("zones.json",),
    lambda f: text("zones.json", zones().encode().replace(b"one", b"\xff\xfe"))(f))
add("zones_nested_without_end", "bad_json", ("zones.json", "levels deep"),
    text("zones.json", '{"features":' + "[" * 1_000_000 + "]" * 1_000_000 + "}"))
add("limit_nested_without_end", "bad_json", ("zones.json", "levels deep"),
    lambda f: text("zones.json", zones().replace('"upperLimit": 500', '"upperLimit": ' + "[" * 99 + "]" * 99))(f))
add("limit_said_twice", "bad_json", ("zones.json", '"upperLimit" twice'),
    lambda f: text("zones.json", zones().replace('"upperLimit": 500', '"upperLimit": 500, "upperLimit": 1'))(f))
add("limit_beyond_numbers", "bad_json", ("zones.json",),
    lambda f: text("zones.json", zones().replace('"upperLimit": 500', '"upperLimit": 1e999'))(f))
add("limits_upside_down", "value_invalid", (Z1,), lambda f: text("zones.json", zones(lowerLimit=900))(f))
add("limit_in_fathoms", "value_invalid", (Z1, "uomDimensions"),
    lambda f: text("zones.json", zones(uomDimensions="FATHOM"))(f))
add("limit_above_nothing_known", "value_invalid", (Z1, "lowerVerticalReference"),
    lambda f: text("zones.json", zones(lowerVerticalReference="SFC"))(f))
add("restriction_unknown", "value_invalid", (Z1, "restriction"),
    lambda f: text("zones.json", zones(restriction="VERBOTEN"))(f))
add("zone_without_a_name", "value_invalid", (Z1, "identifier"),
    lambda f: text("zones.json", zones(identifier=""))(f))
add("zone_without_volumes", "value_invalid", (Z1, "geometry"), lambda f: text("zones.json", zones(geometry=[]))(f))
for label, radius in (("negative", -5), ("of_a_planet", 1e12), ("as_text", "50 m")):
    add(f"radius_{label}", "value_invalid", (Z1, "radius"), lambda f, radius=radius: text("zones.json", zones(
        horizontalProjection={"type": "Circle", "center": lonlat(700, 700), "radius": radius}))(f))
add("zone_at_longitude_500", "value_invalid", (Z1, "longitude"), lambda f: text("zones.json", zones(
    horizontalProjection={"type": "Circle", "center": [500, 22], "radius": 50}))(f))
add("zone_that_is_a_bow_tie", "geometry_invalid", (Z1, "not a simple polygon"),
    lambda f: text("zones.json", zones(horizontalProjection=ring_zone(
        [(100, 100), (200, 200), (200, 100), (100, 205), (100, 100)])))(f))
add("zone_with_a_hole_outside", "geometry_invalid", (Z1, "not a simple polygon"),
    lambda f: text("zones.json", zones(horizontalProjection=ring_zone(
        [(100, 100), (200, 100), (200, 200), (100, 100)], [(500, 500), (510, 500), (510, 510), (500, 500)])))(f))
add("zone_without_area", "geometry_invalid", (Z1,), lambda f: text("zones.json", zones(
    horizontalProjection=ring_zone([(100, 100), (200, 200), (300, 300), (100, 100)])))(f))
add("zones_that_are_something_else", "unsupported_format", ("zones.json",), text("zones.json", '{"volumes":[]}'))
add("zones_that_are_a_list", "unsupported_format", ("zones.json",), text("zones.json", "[1,2,3]"))
add("time_that_is_none", "time_invalid", (Z1, "startDateTime"), lambda f: text("zones.json", zones(applicability=[
    {"permanent": "NO", "startDateTime": "2026-02-30T00:00:00Z", "endDateTime": "2026-03-01T00:00:00Z"}]))(f))

# Pads.

P1 = "pads.geojson, feature 0"
add("pads_cut_short", "bad_json", ("pads.geojson",), lambda f: text("pads.geojson", pads()[:-9])(f))
add("pad_outside", "outside_terrain", (P1, "outside the terrain"),
    lambda f: text("pads.geojson", pads(at=lonlat(5000, 100)))(f))
add("pad_with_latitude_first", "pad_invalid", (P1, "longitude"), lambda f: text("pads.geojson", pads(at=lonlat(100, 100)[::-1]))(f))
for label, slots in (("fraction", 1.5), ("million", 10**6), ("beyond_integers", 10**30), ("negative", -2)):
    add(f"slots_{label}", "pad_invalid", (P1, "slots"), lambda f, slots=slots: text("pads.geojson", pads(slots=slots))(f))
add("deck_in_the_sky", "pad_invalid", (P1, "deck_height_agl_m"),
    lambda f: text("pads.geojson", pads(deck_height_agl_m=1e9))(f))
add("pad_twice", "pad_invalid", ("pads.geojson, feature 1", "another pad"),
    lambda f: text("pads.geojson", pads(id="K1"))(f))
add("pad_without_kind", "pad_invalid", (P1, "kind"), lambda f: text("pads.geojson", pads(kind={"a": [1]}))(f))

# Wind and ground risk.

def wind(name, code, *words, make):
    def spoil(folder):
        make(folder / "wind.nc")
        (folder / "region.toml").write_text(TOML + '[[wind]]\npath = "wind.nc"\n')
    add(name, code, ("wind.nc", *words), spoil)


def cut(make, share):
    def spoil(file):
        make(file)
        data = file.read_bytes()
        file.write_bytes(data[:int(len(data) * share)])
    return spoil


wind("wind_that_is_a_text", "unsupported_format", "NetCDF", make=lambda f: f.write_text("5 m/s from the west\n" * 99))
wind("wind_that_is_a_terrain", "unsupported_format", "NetCDF", make=lambda f: write_terrain(f))
wind("wind_cut_short", "unsupported_format", "NetCDF", make=cut(write_forecast, 0.2))
wind("wind_without_end", "raster_value_invalid", "wind_speed", "inf", make=lambda f: write_forecast(f, speed=math.inf))
wind("wind_that_is_no_number", "raster_value_invalid", "wind_speed", "nan", make=lambda f: write_forecast(f, speed=math.nan))
wind("wind_counted_in_moons", "time_invalid", "hours since", make=lambda f: write_forecast(f, time_unit="moons since 2026-11-21"))
wind("wind_at_an_address", "unsupported_format", "NetCDF",
     make=lambda f: f.write_text(f"http://{LISTENER.format(port=PORT)}/wind.nc"))
add("wind_of_nan", "value_invalid", ("region.toml", "speed_m_s"),
    lambda f: text("region.toml", TOML + "[[wind]]\nspeed_m_s = nan\nfrom_deg = 0\n")(f))


def people(name, code, *words, **how):
    def spoil(folder):
        write_terrain(folder / "people.tif", **how)
        (folder / "region.toml").write_text(TOML + '[[ground_risk]]\npath = "people.tif"\n')
    add(name, code, ("people.tif", *words), spoil)


people("people_fewer_than_none", "raster_value_invalid", "column 7, row 3", "-4", heights=spoiled_heights(-4))
people("people_that_are_no_number", "raster_value_invalid", "column 7, row 3", heights=spoiled_heights(math.nan))
people("people_without_a_place", "unsupported_format", "no georeference", transform=())
people("people_of_another_town", "outside_terrain", "nothing of any place", transform=(600000, 10, 0, 2495000, 0, -10))

# The region file.

add("region_file_that_is_no_toml", "config_invalid", ("region.toml:1", "TOML"), text("region.toml", "{\"a\": 1}"))
add("region_file_not_utf8", "config_invalid", ("region.toml", "TOML"), text("region.toml", b"[region]\nname = \"\xff\""))
add("region_file_nested_without_end", "config_invalid", ("region.toml", "TOML"),
    text("region.toml", "a = " + "[" * 100_000 + "]" * 100_000))
add("region_file_of_dotted_keys_without_end", "config_invalid", ("region.toml",),
    text("region.toml", ".".join(["a"] * 100_000) + " = 1"))
add("region_file_of_forty_megabytes", "config_invalid", ("region.toml",),
    lambda f: text("region.toml", TOML + "".join(f"k{k} = {k}\n" for k in range(3_000_000)))(f))
add("key_twice", "config_invalid", ("region.toml:3", "TOML"), toml('name = "usual"', 'name = "usual"\nname = "other"'))
add("key_unknown", "config_unknown_key", ("region.toml:2", "nearest"), toml("name", "nane"))
for label, value, code in (("nan", "nan", "value_invalid"), ("infinite", "inf", "value_invalid"),
                           ("negative", "-1", "value_invalid"), ("as_text", '"2 m"', "config_invalid")):
    add(f"cell_{label}", code, ("region.toml:5", "cell_m"),
        toml('[[terrain]]', f"[policy]\ncell_m = {value}\n[[terrain]]"))
add("band_upside_down", "value_invalid", ("region.toml:5", "max_height_agl_m"),
    toml("[[terrain]]", "[policy]\nmax_height_agl_m = 10.0\n[[terrain]]"))
add("no_terrain_at_all", "config_invalid", ("region.toml", "terrain"), toml('[[terrain]]\npath = "terrain.tif"\n', ""))


@case("value_invalid", "region.toml", "cell_m = 0.25", "1.6e+11 cells", "cell_m = 1.6 would fit")
def grid_larger_than_memory(folder):
    """100 × 100 km in cells of 0.25 m: 1.6 × 10¹¹ of them."""
    write_terrain(folder / "terrain.tif", transform=(ORIGIN[0] - 500, 1000, 0, ORIGIN[1] + 100_500, 0, -1000))
    toml("[[terrain]]", "[policy]\ncell_m = 0.25\n[[terrain]]")(folder)
