"""The old town of the bundled district, cut out: a real city, but of one square mile, so that what is made of a region
(views, meshes) takes a fraction of the time."""
import json
import pathlib

from osgeo import gdal

WEST, SOUTH, EAST, NORTH = 115.0885, 22.4345, 115.1065, 22.4485
PADS_FROM_EDGE_DEG = 0.0005

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


def cut(source: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Writes the region into the folder, out of the source tree's bundled one; its region.toml."""
    harbour = source / "maps/regions/harbour"
    folder.mkdir(parents=True, exist_ok=True)
    gdal.UseExceptions()
    gdal.Translate(str(folder / "terrain.tif"), str(harbour / "terrain.tif"), projWin=[WEST, NORTH, EAST, SOUTH],
                   projWinSRS="EPSG:4326")
    pads = json.loads((harbour / "pads.geojson").read_text(encoding="utf-8"))
    room = PADS_FROM_EDGE_DEG
    pads["features"] = [pad for pad in pads["features"]
                        if WEST + room < pad["geometry"]["coordinates"][0] < EAST - room
                        and SOUTH + room < pad["geometry"]["coordinates"][1] < NORTH - room]
    (folder / "pads.geojson").write_text(json.dumps(pads), encoding="utf-8")
    region = folder / "region.toml"
    region.write_text(MANIFEST.format(harbour=harbour), encoding="utf-8")
    return region
