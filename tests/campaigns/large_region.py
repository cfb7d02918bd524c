#!/usr/bin/python3
"""A made-up region as large as a conurbation: is it built in bounded memory, and does it load lazily?

    tests/campaigns/large_region.py --swiftlet build/release/tools/swiftlet --km 60 --cell-m 2 --dir /var/tmp/large

Writes terrain (10 m, rolling hills) and buildings (so many a square kilometre, each a box on the ground), builds the
airspace, and prints seconds, peak memory of the build, sizes, and what loading it and planning one route cost. Nothing
of it is random beyond the seed. The directory is removed at the end but with --keep."""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ORIGIN = (600_000.0, 5_000_000.0)  # UTM zone 31 north
TERRAIN_CELL_M = 10.0


def utm() -> osr.SpatialReference:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32631)
    return crs


def write_terrain(file: pathlib.Path, side_m: float) -> None:
    n = int(side_m / TERRAIN_CELL_M) + 1
    dataset = gdal.GetDriverByName("GTiff").Create(str(file), n, n, 1, gdal.GDT_Float32, ["COMPRESS=DEFLATE"])
    dataset.SetSpatialRef(utm())
    dataset.SetGeoTransform((ORIGIN[0] - TERRAIN_CELL_M / 2, TERRAIN_CELL_M, 0, ORIGIN[1] + TERRAIN_CELL_M / 2, 0,
                             -TERRAIN_CELL_M))
    x = numpy.arange(n) * TERRAIN_CELL_M
    for row in range(n):
        y = row * TERRAIN_CELL_M
        heights = 200 + 80 * numpy.sin(x / 3100) * numpy.cos(y / 2700) + 15 * numpy.sin((x + 2 * y) / 420)
        dataset.GetRasterBand(1).WriteArray(heights.astype(numpy.float32)[None, :], 0, row)
    dataset.FlushCache()


def write_buildings(file: pathlib.Path, side_m: float, per_km2: float, rng: numpy.random.Generator) -> int:
    dataset = ogr.GetDriverByName("FlatGeobuf").CreateDataSource(str(file))
    layer = dataset.CreateLayer("buildings", utm(), ogr.wkbPolygon, ["SPATIAL_INDEX=NO"])
    layer.CreateField(ogr.FieldDefn("height", ogr.OFTReal))
    count = int(per_km2 * (side_m / 1000) ** 2)
    centre = rng.uniform(100, side_m - 100, (count, 2))
    half = rng.uniform(4, 15, (count, 2))
    turn = rng.uniform(0, numpy.pi, count)
    height = numpy.clip(rng.exponential(12, count), 3, 120)
    corners = numpy.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
    for k in range(count):
        c, s = numpy.cos(turn[k]), numpy.sin(turn[k])
        p = (corners * half[k]) @ numpy.array([(c, s), (-s, c)]) + centre[k]
        text = ",".join(f"{ORIGIN[0] + x:.3f} {ORIGIN[1] - y:.3f}" for x, y in p)
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField(0, float(round(height[k], 2)))
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkt(f"POLYGON(({text}))"))
        layer.CreateFeature(feature)
    return count


def write_region(directory: pathlib.Path, args: argparse.Namespace) -> int:
    side_m = args.km * 1000.0
    write_terrain(directory / "terrain.tif", side_m)
    count = write_buildings(directory / "buildings.fgb", side_m, args.buildings_per_km2,
                            numpy.random.default_rng(args.seed))
    (directory / "region.toml").write_text(f"""[region]
name = "large"
vertical_datum = "none"
[policy]
cell_m = {args.cell_m}
[[terrain]]
path = "terrain.tif"
licence = "made up"
[[obstacles]]
path = "buildings.fgb"
kind = "building"
height_field = "height"
licence = "made up"
""")
    return count


class Run:
    """A command that has been run: seconds by the clock and of processor time, peak memory of the largest process."""

    def __init__(self, command: list[str]) -> None:
        began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        self.done = subprocess.run(command, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds = time.monotonic() - began
        self.processor_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.peak_mib = after.ru_maxrss / 1024


def lonlat(x: float, y: float) -> str:
    geographic = osr.SpatialReference()
    geographic.ImportFromEPSG(4326)
    geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    lon, lat, _ = osr.CoordinateTransformation(utm(), geographic).TransformPoint(ORIGIN[0] + x, ORIGIN[1] - y)
    return f"{lon:.8f},{lat:.8f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swiftlet", required=True)
    parser.add_argument("--km", type=float, default=60.0)
    parser.add_argument("--cell-m", type=float, default=2.0)
    parser.add_argument("--buildings-per-km2", type=float, default=100.0)
    parser.add_argument("--dir", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    args.dir.mkdir(parents=True)
    try:
        buildings = write_region(args.dir, args)
        airspace = args.dir / "airspace"
        built = Run([args.swiftlet, "--json", "map", "build", str(args.dir / "region.toml"), "--out", str(airspace)])
        if built.done.returncode != 0:
            print(built.done.stdout, built.done.stderr, file=sys.stderr)
            return built.done.returncode
        grid = json.loads((airspace / "manifest.json").read_text())["grid"]
        print(f"seed {args.seed}: {args.km:g} x {args.km:g} km, {grid['nx'] * grid['ny'] / 1e6:.0f} million cells of "
              f"{grid['cell_m']:g} m, {buildings} buildings; load average {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores")
        print(f"build        {built.seconds:8.1f} s   processor {built.processor_s:.1f} s   peak {built.peak_mib:.0f} MiB")
        for file in sorted(airspace.iterdir()):
            print(f"  {file.name:16} {file.stat().st_size / 1e6:10.1f} MB")
        looked = Run([args.swiftlet, "map", "info", str(airspace)])
        print(f"map info     {looked.seconds:8.2f} s")
        middle = args.km * 500
        planned = Run([args.swiftlet, "--json", "plan", "--airspace", str(airspace), "--from", lonlat(middle, middle),
                       "--to", lonlat(middle + 800, middle + 600)])
        answer = json.loads(planned.done.stdout or "{}")
        print(f"plan 1 km    {planned.seconds:8.2f} s   ({answer.get('status')}, "
              f"{answer.get('planning', {}).get('time_us')} us of it planning; the rest is load and referee)")
        return looked.done.returncode
    finally:
        if not args.keep:
            shutil.rmtree(args.dir, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
