#!/usr/bin/python3
"""Generate the invented district of Yanwan, the region that comes with Swiftlet.

    generate.py --out DIR    write all files of the region into DIR
    generate.py --check      generate again and compare with the files beside this script; 1 if they differ

Deterministic. Needs GDAL's Python bindings and numpy (Debian: python3-gdal, python3-numpy).
"""
import argparse
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # pad_rules, pad_search
sys.dont_write_bytecode = True

from osgeo import ogr  # noqa: E402

from generator import buildings, files, ground, infrastructure, pads, plan, shapes  # noqa: E402


def point(u, v):
    geometry = ogr.Geometry(ogr.wkbPoint)
    geometry.AddPoint_2D(u, v)
    return geometry


def write_infrastructure(path, terrain):
    pylons = [({"id": name, "height": h}, point(u, v)) for name, u, v, h in infrastructure.pylons(terrain)]
    spans = [({"id": name, "height": h}, shapes.line(points))
             for name, points, h in infrastructure.spans(terrain, files.to_map)]
    cranes = [({"id": name, "height": float(h)}, point(u, v)) for name, u, v, h in plan.CRANES]
    files.write_layers(path, {"pylons": (ogr.wkbPoint, pylons), "spans": (ogr.wkbLineString, spans),
                              "cranes": (ogr.wkbPoint, cranes)})


def generate(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name in (files.RASTER, files.BUILDINGS, files.INFRASTRUCTURE):
        (folder / name).unlink(missing_ok=True)
    if folder.resolve() != HERE:
        shutil.copy(HERE / "region.toml", folder / "region.toml")
    terrain = ground.terrain()
    files.write_terrain(folder / files.RASTER, terrain)
    houses = buildings.all_buildings(terrain)
    rows = [({"id": f"B{n:05d}", "name": b.name, "use": b.use, "height": b.height_m}, b.geometry())
            for n, b in enumerate(houses, 1)]
    broken = [row[0]["id"] for row in rows if not row[1].IsValid()]
    if broken:
        raise SystemExit(f"invalid polygons: {broken}")
    files.write_layers(folder / files.BUILDINGS, {"buildings": (ogr.wkbPolygon, rows)})
    write_infrastructure(folder / files.INFRASTRUCTURE, terrain)
    files.write_zones(folder / "zones.json")
    files.write_parks(folder / "parks.geojson")
    print(f"{len(rows)} buildings, terrain to {terrain.z.max():.0f} m; now the pads", file=sys.stderr)
    pads.write_pads(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--out", type=Path, metavar="DIR")
    choice.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.out:
        generate(arguments.out)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        found = files.differences(HERE, Path(folder))
    for difference in found:
        print(difference)
    print("the files differ" if found else "the files are what the generator writes", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
