#!/usr/bin/python3
"""`swiftlet simulate fleet` over the bundled region's old town: simulate_fleet_test.py SWIFTLET SOURCE_DIR [--seeds N]

The output holds its schema; the log's hash is the same whatever the number of threads; every order is delivered or
refused when it is placed; nothing is lost and no invariant breaks under faults, over several seeds (a thousand with
--seeds 1000, the long campaign); bad scenarios are refused. The shipped short hour runs once over the whole region."""
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DRONES = 16  # the old town's home slots
SEEDS = int(sys.argv[sys.argv.index("--seeds") + 1]) if "--seeds" in sys.argv else 3
SHIPPED = SOURCE / "sim/scenarios/short_hour.toml"
sys.path.insert(0, str(SOURCE / "tests/regions/old_town"))
import old_town  # noqa: E402

OPERATOR = """
[operator]
weather_hold_above_m_s = 10.0
[[operator.act]]
at_h = 11.05
verb = "insert_zone"
target = "EVENT1"
lon = 115.1
lat = 22.444
radius_m = 150.0
[[operator.act]]
at_h = 11.15
verb = "remove_zone"
target = "EVENT1"
[[weather.change]]
at_h = 11.18
wind_m_s = 11.0
from_deg = 180.0
[[weather.change]]
at_h = 11.22
wind_m_s = 3.0
from_deg = 180.0
"""
STORM = """
[[weather.change]]
at_h = 11.08
wind_m_s = 9.0
from_deg = 200.0
"""
FAULTS = """
[faults]
link_loss_per_h = 20.0
link_loss_s = 6.0
lost_messages = 0.05
doubled_messages = 0.05
[[faults.script]]
kind = "service_crash"
at_h = 11.1
[[faults.script]]
kind = "battery_sag"
at_h = 11.15
share = 0.1
[[faults.script]]
kind = "motor_degraded"
at_h = 11.2
share = 0.1
"""


def run(*arguments, status=0):
    done = subprocess.run([SWIFTLET, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}, not {status}: {done.stderr}{done.stdout[:800]}"
    return done.stdout + done.stderr


def main():
    schema = json.loads((SOURCE / "sim/api/simulate_fleet.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        airspace, whole = folder / "town", folder / "yanwan"
        run("map", "build", old_town.cut(SOURCE, folder / "region"), "--out", airspace)
        run("map", "build", SOURCE / "maps/regions/harbour/region.toml", "--out", whole)
        short = folder / "short.toml"
        short.write_text(SHIPPED.read_text().replace("drones = 24", f"drones = {DRONES}"))

        def day(scenario, *more, over=airspace):
            out = json.loads(run("simulate", "fleet", scenario, "--airspace", over, "--json", *more))
            validator.validate(out)
            out.pop("wall")
            return out

        shipped = day(SHIPPED, over=whole)["orders"]
        assert shipped["accepted"] > 10 and shipped["ended"] == {"delivered": shipped["accepted"]}, shipped
        one = day(short, "--threads", 1, "--log", folder / "one.ndjson", "--csv", folder / "orders.csv")
        assert one == day(short, "--threads", 2, "--log", folder / "two.ndjson"), "the number of threads shows"
        assert (folder / "one.ndjson").read_bytes() == (folder / "two.ndjson").read_bytes()
        swept = folder / "sweep"
        sweep = ["simulate", "fleet", short, "--airspace", airspace, "--sweep", f"fleet.drones=12..{DRONES}:2", "--out", swept]
        run(*sweep, "--shard", "1/2")
        assert not (swept / "sweep.csv").exists() and (swept / "point_00001.json").exists()
        stamp = (swept / "point_00001.json").stat().st_mtime_ns
        run(*sweep)
        assert (swept / "point_00001.json").stat().st_mtime_ns == stamp, "a point was run again"
        # Routes that are kept change nothing but how many are planned: none the second time, all where they are damaged.
        kept = folder / "routes"
        for threads in 1, 2:
            out = day(short, "--threads", threads, "--routes", kept)
            planned = out.pop("routes")["planned"]
            assert out == {key: value for key, value in one.items() if key != "routes"}, "kept routes show"
            assert planned == (one["routes"]["planned"] if threads == 1 else 0), planned
        (file,) = kept.iterdir()
        file.write_bytes(file.read_bytes()[:1000])
        said = run("simulate", "fleet", short, "--airspace", airspace, "--routes", kept)
        assert "warning: file_unreadable" in said and one["log"]["hash"] in said, said
        assert "warning" not in run("simulate", "fleet", short, "--airspace", airspace, "--routes", kept)
        run("simulate", "fleet", short, "--airspace", airspace, "--routes", file, status=3)
        lines = (swept / "sweep.csv").read_text().splitlines()
        assert len(lines) == 3 and lines[2].endswith(one["log"]["hash"]), lines
        kept_points = {file.name: file.read_bytes() for file in swept.iterdir()}
        run(*sweep[:-4], "--sweep", "fleet.dornes=1..2:2", "--out", swept, status=3)
        assert {file.name: file.read_bytes() for file in swept.iterdir()} == kept_points, "a mistyped sweep cost results"
        said = run("simulate", "fleet", short, "--airspace", airspace, "--html", folder / "none/day.html", status=3)
        assert "simulated_s" not in said and "orders placed" not in said, "refused only after the day"
        run(*sweep, "--shard", "3/2", status=2)
        czml, tracks = folder / "day.czml", folder / "tracks.ndjson"
        day(short, "--czml", czml, "--tracks", tracks)
        flights = json.loads(czml.read_text())
        assert flights[0]["version"] == "1.0" and len(flights) > 10
        assert all(len(f["position"]["cartographicDegrees"]) % 4 == 0 for f in flights[1:])
        assert len(tracks.read_text().splitlines()) == sum(len(f["position"]["cartographicDegrees"]) for f in flights[1:]) / 4
        assert one["log"]["hash"] != day(short, "--seed", 2)["log"]["hash"]
        orders = one["orders"]
        assert orders["lost"] == 0 and orders["accepted"] == orders["ended"].get("delivered"), orders
        assert len((folder / "orders.csv").read_text().splitlines()) == orders["placed"] + 1

        broken = folder / "faults.toml"
        broken.write_text(short.read_text() + FAULTS)
        for seed in range(1, SEEDS + 1):
            out = day(broken, "--seed", seed)
            said = f"seed {seed}: {out['orders']} {out['service']} {out['faults']}"
            assert out["service"]["broken_invariants"] == [] and out["orders"]["lost"] == 0, said
            assert out["service"]["crashes"] == 1, said
            assert set(out["orders"]["ended"]) <= {"delivered", "failed", "returned", "cancelled"}, said
            print(said)

        # A wind that shuts some kiosks for the rest of the day: their orders hung in `loading` and `accepted` for ever.
        storm = folder / "storm.toml"
        storm.write_text(short.read_text() + STORM)
        out = day(storm)
        ended = out["orders"]["ended"]
        assert set(ended) <= {"delivered", "failed", "returned"} and ended.get("failed", 0) > 0, ended
        assert out["service"]["broken_invariants"] == [] and out["orders"]["lost"] == 0, out["service"]

        told = folder / "operator.toml"
        told.write_text(short.read_text() + OPERATOR)
        page = folder / "day.html"
        out = day(told, "--html", page)
        assert out["faults"].get("operator_act") == 4 and "operator_act_refused" not in out["faults"], out["faults"]
        assert out["orders"]["lost"] == 0 and out["service"]["broken_invariants"] == [], out
        html = page.read_text()
        assert "<svg" in html and "src=" not in html and "href=" not in html and "swiftlet simulate fleet" in html

        for change, said in (((f"drones = {DRONES}", "drones = 4000"), "home slots"), ((f"drones = {DRONES}", "dornes = 24"), "drones"),
                             (("orders_per_h = 60", "orders_per_h = -60"), "orders_per_h"),
                             (("kitchens = 6", "kitchens = 600"), "kitchens"),
                             (('vehicle = "courier-4"', 'vehicle = "curier-4"'), "courier-4"),
                             (("kitchens = 6", 'csv = "none.csv"'), "none.csv")):
            bad = folder / "bad.toml"
            bad.write_text(short.read_text().replace(*change))
            status = 4 if "vehicle" in change[0] else 3
            told = subprocess.run([SWIFTLET, "simulate", "fleet", bad, "--airspace", airspace], capture_output=True, text=True)
            assert told.returncode in (2, 3, status) and said in told.stderr, (change, told.returncode, told.stderr)
    print("simulate fleet: ok")


main()
