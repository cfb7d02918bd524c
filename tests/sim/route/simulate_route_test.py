#!/usr/bin/python3
"""`swiftlet simulate route` over the bundled region: simulate_route_test.py SWIFTLET SOURCE_DIR

The output holds its schema, is the same whatever the number of threads, and bad input is refused with its exit status."""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import jsonschema

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])


def run(*arguments, status=0):
    done = subprocess.run([SWIFTLET, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}, not {status}: {done.stderr}{done.stdout[:500]}"
    return done.stdout


def main():
    schema = json.loads((SOURCE / "sim/api/simulate_route.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        airspace = folder / "yanwan"
        run("map", "build", SOURCE / "maps/regions/harbour/region.toml", "--out", airspace)
        base = ["simulate", "route", "--airspace", airspace]
        ends = ["--from", "pad:H1", "--to", "pad:K33"]

        def study(*more, status=0):
            out = json.loads(run(*base, *more, "--json", status=status))
            validator.validate(out)
            out.pop("wall_s")
            return out

        one = study(*ends, "--runs", 300, "--threads", 1)
        assert one == study(*ends, "--runs", 300, "--threads", 2), "the number of threads shows"
        assert one != study(*ends, "--runs", 300, "--seed", 2)
        first = one["studies"][0]
        assert first["failures"]["share"] == 0 and abs(first["time_error_s"]["bias"]) < 3, first["time_error_s"]
        assert 5 < first["clearance"]["distance_m"]["min"] < 12, first["clearance"]

        route = folder / "route.json"
        route.write_text(run("plan", "--airspace", airspace, *ends))
        csv = folder / "runs.csv"
        two = study(route, "--vehicle", "courier-4", "--vehicle", "hexa-15", "--runs", 100, "--csv", csv)
        assert len(two["studies"]) == 2 and two["comparisons"][0]["pairs"] == 100, two["comparisons"]
        assert len(csv.read_text().splitlines()) == 101
        page = folder / "study.html"
        study(route, "--runs", 100, "--html", page)
        html = page.read_text()
        assert html.count("<svg") > 8 and "src=" not in html and "href=" not in html and "To have it again" in html

        assert not study(*ends, "--runs", 50, "--criteria", "least_distance_m=30", status=4)["studies"][0]["verdict"]["good"]
        run(*base, *ends, "--criteria", "least_distance=30", status=3)
        run(*base, *ends, "--criteria", "failed_share", status=2)
        run(*base, *ends, "--runs", 0, status=2)
        run(*base, folder / "none.json", status=3)
        strange = folder / "strange.json"
        strange.write_text(route.read_text().replace("sha256:", "sha256:0", 1))
        run(*base, strange, status=3)

        for seconds in (4, 12, 36):  # until the runs have begun, however busy the machine
            begun = subprocess.Popen([SWIFTLET, *map(str, base), *ends, "--runs", "5000000", "--json"],
                                     stdout=subprocess.PIPE, text=True)
            time.sleep(seconds)
            begun.send_signal(signal.SIGINT)
            out, _ = begun.communicate(timeout=60)
            assert begun.returncode == 130, begun.returncode
            if out and json.loads(out)["studies"][0]["runs"] > 0:
                break
        kept = json.loads(out)
        validator.validate(kept)
        assert not kept["complete"] and 0 < kept["studies"][0]["runs"] < 5000000
    print("simulate route: ok")


main()
