#!/usr/bin/python3
"""Asks for the same routes under several ceilings: whatever is flown under a lower one may be flown under the highest, so
that what is longer there was not found.

  tests/e2e/ceilings.py --swiftlet build/release/tools/swiftlet --region tests/regions/lyon/region.toml --count 600

Prints by how much flights under the highest ceiling take longer than the best under any. Passes if every flight that is
found under a lower ceiling is found under the highest too, and if the mean is at most --bar-percent, where that is given.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from random_routes import percentile, requests


def flights(swiftlet: str, airspace: pathlib.Path, asked: list[dict], ceiling_m: float) -> dict[str, dict]:
    lines = (json.dumps(request | {"policy": {"max_height_agl_m": ceiling_m}}) for request in asked)
    done = subprocess.run([swiftlet, "plan", "--airspace", airspace, "--requests", "-"], input="\n".join(lines),
                          capture_output=True, text=True, check=True)
    routes = map(json.loads, done.stdout.splitlines())
    return {route["id"]: route for route in routes if route["status"] == "ok"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swiftlet", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--ceilings", default="40,45,50,60,70,80,100,120", help="metres above ground, rising")
    parser.add_argument("--count", type=int, default=600, help="requests; half of them between bare points, often on roofs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bar-percent", type=float)
    args = parser.parse_args()
    ceilings_m = [float(text) for text in args.ceilings.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        airspace = pathlib.Path(folder) / "airspace"
        subprocess.run([args.swiftlet, "map", "build", args.region, "--out", airspace], check=True,
                       capture_output=True)
        info = json.loads(subprocess.run([args.swiftlet, "--json", "map", "info", airspace], check=True,
                                         capture_output=True, text=True).stdout)
        pads = [feature["properties"]["id"] for feature in
                json.loads((pathlib.Path(args.region).parent / "pads.geojson").read_text())["features"]]
        asked = requests(info, pads, args.count, random.Random(args.seed))
        found = {ceiling_m: flights(args.swiftlet, airspace, asked, ceiling_m) for ceiling_m in ceilings_m}
    highest = found[ceilings_m[-1]]
    lost = sorted({name for routes in found.values() for name in routes} - highest.keys())
    longer = [100.0 * (route["cost"] / min(routes[name]["cost"] for routes in found.values() if name in routes) - 1.0)
              for name, route in highest.items()]
    mean = sum(longer) / len(longer)
    print(f"seed {args.seed}: {len(longer)} flights under {ceilings_m[-1]:g} m, against the best of {len(ceilings_m)} "
          f"ceilings: mean {mean:.2f} % longer, 9 in 10 {percentile(longer, 0.9):.2f} %, worst {max(longer):.1f} %")
    if lost:
        print(f"not found under the highest ceiling: {', '.join(lost)}")
    return 1 if lost or (args.bar_percent is not None and mean > args.bar_percent) else 0


sys.exit(main())
