#!/usr/bin/python3
"""`swiftlet plan --all-pairs` on the bundled region: the same bytes for one thread and two, and after a run that was killed.

  tests/e2e/all_pairs.py --swiftlet build/release/tools/swiftlet --region maps/regions/harbour/region.toml
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--swiftlet", required=True)
parser.add_argument("--region", required=True)
args = parser.parse_args()


def plan(airspace: pathlib.Path, *more: str) -> list:
    return [args.swiftlet, "plan", "--airspace", airspace, "--all-pairs", *more]


def run(*command: object) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True)


with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder)
    airspace = here / "airspace"
    subprocess.run([args.swiftlet, "map", "build", args.region, "--out", airspace], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    common = ["--depart", "2026-11-23T10:00:00Z", "--json"]

    alone = run(*plan(airspace, "--out", here / "alone.geojson", "--threads", "1", *common))
    assert alone.returncode == 0, alone.stderr
    assert alone.stderr == "", f"a progress bar belongs on a terminal: {alone.stderr!r}"
    summary = json.loads(alone.stdout)
    collection = json.loads((here / "alone.geojson").read_text())
    pads = {f["id"].split(" - ")[0] for f in collection["features"]}
    assert summary["pairs"] == len(collection["features"]) == len(pads) * (len(pads) - 1), summary
    assert summary["ok"] == sum(f["geometry"] is not None for f in collection["features"]) > 0.8 * summary["pairs"], summary
    assert all("planning" not in f["properties"] for f in collection["features"])

    # Killed in the middle, with half a line written: goes on where it was, to the same bytes, on two threads.
    part = here / "killed.geojson.part"
    first = subprocess.Popen(plan(airspace, "--out", here / "killed.geojson", "--threads", "1", *common),
                             stdout=subprocess.DEVNULL)
    while first.poll() is None and (not part.exists() or part.read_bytes().count(b"\n") < 50):
        time.sleep(0.002)
    first.kill()
    first.wait()
    assert part.exists(), "the run was over before it could be killed"
    with part.open("ab") as kept:
        kept.write(b'{"type":"Feature","id":"')
    other = run(*plan(airspace, "--out", here / "killed.geojson", "--objective", "length", *common))
    assert other.returncode == 3 and "another task" in other.stderr + other.stdout, other
    again = run(*plan(airspace, "--out", here / "killed.geojson", "--threads", "2", *common))
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["resumed"] >= 49, again.stdout
    assert (here / "killed.geojson").read_bytes() == (here / "alone.geojson").read_bytes()
    assert not part.exists()

    refused = run(*plan(airspace, "--out", here / "x.geojson", "--from", "pad:H1", *common))
    assert refused.returncode == 2, refused
    print(f"{summary['pairs']} pairs, {summary['ok']} routes in {summary['seconds']:.1f} s; "
          f"{json.loads(again.stdout)['resumed']} taken up after a kill")
sys.exit(0)
