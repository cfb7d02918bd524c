#!/usr/bin/python3
"""Plans a route over the bundled region, exports it in every format and predicts its flight: export_test.py SWIFTLET REGION

Each file must be well formed and carry the route's own digits; what must be refused is refused with its exit status; and
`predict` says of the exported mission what the route says of itself."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema

SWIFTLET, REGION = sys.argv[1], sys.argv[2]
API = pathlib.Path(__file__).parents[2] / "planner/api"
FLIGHTS = """flight,time_s,airspeed_m_s,vertical_speed_m_s,air_density_kg_m3,payload_kg
7,0,4,0,1.2,0.25
7,60,4,0,1.2,0.25
b,0,0,0,1.2,0
b,30,0,1,1.2,0
"""


def run(*arguments, status=0):
    done = subprocess.run([SWIFTLET, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, f"{arguments}: exit {done.returncode}, not {status}: {done.stderr}"
    return done.stdout


def checked(text, schema):
    """A document that the schema allows; a field that it does not name is a failure too."""
    document, rules = json.loads(text), json.loads((API / schema).read_text())
    jsonschema.Draft202012Validator.check_schema(rules)
    jsonschema.validate(document, rules)
    assert set(document) <= set(rules["properties"])
    return document


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    # Autopilots are predicted in one wind for all heights: with a profile the planner's would be another.
    shutil.copytree(pathlib.Path(REGION).parent, folder / "region", ignore=shutil.ignore_patterns("generator", "*.png"))
    even = folder / "region/region.toml"
    even.write_text(even.read_text().replace('profile = "log"', 'profile = "constant"'))
    run("map", "build", even, "--out", folder / "air")
    file = folder / "route.json"
    for vehicle in ("courier-4", "hexa-15"):
        file.write_text(run("plan", "--airspace", folder / "air", "--from", "pad:H1", "--to", "pad:K05", "--vehicle", vehicle,
                            "--wind", "4,200", "--depart", "2026-11-23T12:00:00Z"))
        route = json.loads(file.read_text())
        digits = [(f"{w['lon']:.8f}", f"{w['lat']:.8f}") for w in route["waypoints"]]

        line = json.loads(run("export", file, "--format", "geojson"))["features"][0]["geometry"]["coordinates"]
        assert [(f"{p[0]:.8f}", f"{p[1]:.8f}") for p in line] == digits
        rows = run("export", file, "--format", "csv").splitlines()
        assert [tuple(row.split(",")[1:3]) for row in rows[1:]] == digits
        gpx = xml.etree.ElementTree.fromstring(run("export", file, "--format", "gpx"))
        assert [(p.get("lon"), p.get("lat")) for p in gpx.iter("{http://www.topografix.com/GPX/1/1}trkpt")] == digits
        kml = xml.etree.ElementTree.fromstring(run("export", file, "--format", "kml"))
        places = [c.text.split() for c in kml.iter("{http://www.google.com/kml/ext/2.2}coord")]
        assert [tuple(p[:2]) for p in places] == digits
        lift = route["airspace"]["ellipsoid_minus_datum_m"]
        assert all(abs(float(p[2]) - w["alt_msl_m"] - lift) < 1e-6 for p, w in zip(places, route["waypoints"], strict=True))
        assert len(json.loads(run("export", file, "--format", "czml"))[1]["position"]["cartographicDegrees"]) == 4 * len(digits)
        assert run("export", file, "--format", "svg").startswith("<svg")

        mission = run("export", file, "--format", "waypoints")
        placed = [row.split("\t") for row in mission.splitlines()[1:]]
        assert all((r[9], r[8]) in digits for r in placed if r[3] in ("16", "21", "22"))
        assert [r[3] for r in placed[1:3]] == ["22", "178"] and placed[-1][3] == "21"
        plan = json.loads(run("export", file, "--format", "qgc-plan"))
        assert plan["fileType"] == "Plan" and len(plan["mission"]["items"]) == len(placed) - 1
        assert len(plan["geoFence"]["polygons"]) == 1 and len(plan["rallyPoints"]["points"]) == 2

        run("export", file, "--format", "waypoints", "--tolerance-m", "0.5", status=2)
        run("export", file, "--format", "dxf", status=2)
        bare = json.loads(file.read_text())
        del bare["airspace"]["ellipsoid_minus_datum_m"]
        (folder / "bare.json").write_text(json.dumps(bare))
        for form in ("kml", "czml"):
            run("export", folder / "bare.json", "--format", form, status=3)
            run("export", folder / "bare.json", "--format", form, "--region", even)
    for form in ("waypoints", "qgc-plan"):
        run("export", file, "--format", form, "--out", folder / "mission")
        said = checked(run("predict", folder / "mission", "--vehicle", "hexa-15", "--wind", "4,200", "--json"),
                       "prediction.schema.json")
        assert abs(said["touchdown_s"] - route["duration_s"]) < 0.1, (said, route["duration_s"])
        assert abs(said["energy_wh"] - route["energy_wh"]) < 0.01
    run("predict", folder / "mission", "--vehicle", "courier-4", status=3)
    run("predict", folder / "mission", "--vehicle", "hexa-15", "--wind", "40,0", status=4)
    run("predict", folder / "mission", "--vehicle", "hexa-15", "--wind", "windy", status=2)
    run("predict", "--vehicle", "hexa-15", status=2)
    (folder / "flights.csv").write_text(FLIGHTS)
    energy = checked(run("predict", "--energy", folder / "flights.csv", "--vehicle", "m100", "--json"), "energy.schema.json")
    assert [f["flight"] for f in energy["flights"]] == [7, "b"]
    assert all(f["p05_wh"] < f["energy_wh"] < f["p95_wh"] for f in energy["flights"])
    (folder / "no.json").write_text('{"schema": "swiftlet.route/1"}')
    run("export", folder / "no.json", "--format", "csv", status=3)
    run("export", folder / "absent.json", "--format", "csv", status=3)
print("ok")
