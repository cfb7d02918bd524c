"""Cuts the old town out of the bundled region and compiles it, through the module itself: a real city, but of one square
mile, so that what is made of it (views, meshes) takes no time. Then the bundled region, for what users are shown."""
import json
import pathlib

from osgeo import gdal

import swiftlet
from town import BUNDLED, PATH, REGION, SOURCE, command

HARBOUR = SOURCE / "maps/regions/harbour"
WEST, SOUTH, EAST, NORTH = 115.0885, 22.4345, 115.1065, 22.4485

MANIFEST = """
[region]
name = "Yanwan's old town (invented)"
vertical_datum = "Yanwan mean sea level (invented)"
ellipsoid_minus_datum_m = -2.5
[[terrain]]
path = "terrain.tif"
kind = "dtm"
[[obstacles]]
path = "{harbour}/buildings.gpkg"
kind = "building"
height_field = "height"
beyond_terrain = "keep"
[[geozones]]
path = "{harbour}/zones.json"
[[wind]]
speed_m_s = 4.0
from_deg = 135.0
profile = "log"
[[pads]]
path = "pads.geojson"
"""


def cut(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    gdal.UseExceptions()
    gdal.Translate(str(folder / "terrain.tif"), str(HARBOUR / "terrain.tif"), projWin=[WEST, NORTH, EAST, SOUTH],
                   projWinSRS="EPSG:4326")
    pads = json.loads((HARBOUR / "pads.geojson").read_text(encoding="utf-8"))
    room = 0.0005
    pads["features"] = [pad for pad in pads["features"]
                        if WEST + room < pad["geometry"]["coordinates"][0] < EAST - room
                        and SOUTH + room < pad["geometry"]["coordinates"][1] < NORTH - room]
    (folder / "pads.geojson").write_text(json.dumps(pads), encoding="utf-8")
    (folder / "region.toml").write_text(MANIFEST.format(harbour=HARBOUR), encoding="utf-8")


cut(REGION.parent)
airspace = swiftlet.Airspace.build(REGION, PATH)
assert airspace.info() | {"free_area": None} == json.loads(command("--json", "map", "info", PATH)), "as the command says"
for region, code, where in ((REGION.parent / "nowhere.toml", "file_not_found", "nowhere.toml"),
                            (REGION.parent / "pads.geojson", "config_invalid", "pads.geojson")):
    try:
        swiftlet.Airspace.build(region, PATH)
    except swiftlet.SwiftletError as error:
        assert error.code == code and where in error.where, error
    else:
        raise AssertionError(f"{region} was built")
print(airspace, airspace.obstacle_count, "obstacles,", len(airspace.pads), "pads")
print(swiftlet.Airspace.build(HARBOUR / "region.toml", BUNDLED))
