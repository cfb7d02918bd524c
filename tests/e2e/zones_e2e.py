#!/usr/bin/env python3
"""Zones through the command line: published again, put up at run time, and what a change of them breaks.

zones_e2e.py SWIFTLET SOURCE_DIR [--schemas DIR]: with the schemas of ED-318 (and the samples beside them) exported
documents are validated, and the samples go round too.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SAMPLES = ["cis_source_sample_ed269.json", "cis_source_sample_ed318.json", "ed318_Example_Collection.json",
           "ed318_Example_GeoZone_2_Layers.json", "ed318_Example_GeoZone_Circle.json", "geo-awareness-che-1.json"]


class Town:
    """Copies of the bundled region whose files a test may change, built by name."""

    def __init__(self, swiftlet: str, source_dir: pathlib.Path, work: pathlib.Path):
        self.swiftlet, self.work = swiftlet, work
        self.region = source_dir / "maps/regions/harbour"

    def run(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run([self.swiftlet, *map(str, arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == status, f"{arguments} ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr}"
        return done.stdout

    def build(self, name: str, zone_files: list[pathlib.Path] | None = None, edit=lambda text: text) -> pathlib.Path:
        region = self.work / f"{name}-region"
        shutil.copytree(self.region, region)
        text = (region / "region.toml").read_text(encoding="utf-8")
        if zone_files is not None:
            entries = ""
            for k, file in enumerate(zone_files):
                shutil.copy(file, region / f"zones_{k}.json")
                entries += f'[[geozones]]\npath = "zones_{k}.json"\n'
            text = text.replace('[[geozones]]\npath = "zones.json"\n', entries)
        (region / "region.toml").write_text(edit(text), encoding="utf-8")
        self.run("map", "build", region / "region.toml", "--out", self.work / name)
        return self.work / name


def validator(schemas: pathlib.Path):
    import jsonschema
    store = {f"file:///ed318/{path.name.removeprefix('ed318_')}": json.loads(path.read_text(encoding="utf-8"))
             for path in schemas.glob("ed318_Schema_*.json")}
    root = "file:///ed318/Schema_GeoZones.json"
    resolver = jsonschema.RefResolver(root, store[root], store)
    return jsonschema.Draft7Validator(store[root], resolver=resolver, format_checker=jsonschema.draft7_format_checker)


def goes_round(town: Town, zone_files: list[pathlib.Path], name: str, check) -> None:
    """What is exported is built to the same zones, and exported again it is the same document."""
    built = town.build(name, zone_files)
    for format_name in ("ed269", "ed318"):
        exported = town.work / f"{name}.{format_name}.json"
        town.run("map", "export-zones", built, "--format", format_name, "--out", exported)
        document = json.loads(exported.read_text(encoding="utf-8"))
        assert len(document["features"]) >= 4
        if format_name == "ed318" and check is not None:
            errors = [f"{list(e.path)}: {e.message}" for e in check.iter_errors(document)]
            assert not errors, errors
            document["features"][0]["properties"].pop("zoneAuthority")
            assert list(check.iter_errors(document)), "the schema lets everything pass"
        again = town.build(f"{name}-{format_name}", [exported])
        assert json.loads(town.run("map", "export-zones", again, "--format", format_name, "--json")) == json.loads(
            exported.read_text(encoding="utf-8"))
        diff = json.loads(town.run("map", "diff", built, again, "--json"))
        assert diff["geozones"] == {"added": [], "removed": [], "changed": []}, diff["geozones"]
        assert diff["obstacles"] == diff["pads"] == {"added": [], "removed": [], "changed": []}
        assert diff["terrain"]["changed_tiles"] == 0 and not diff["policy"]
    print(f"ok: {name} goes round in both formats")


def circle(identifier: str, lon: float, lat: float, radius: float, kind: str = "PROHIBITED") -> dict:
    return {"type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat], "extent": {"subType": "Circle", "radius": radius},
                         "layer": {"upper": 99999, "upperReference": "AGL", "lower": 0, "lowerReference": "AGL"}},
            "properties": {"identifier": identifier, "country": "XXX", "type": kind, "variant": "COMMON",
                           "zoneAuthority": [{"purpose": "INFORMATION"}]}}


def middle_of(route: dict) -> tuple[float, float]:
    half = route["duration_s"] / 2
    for a, b in zip(route["waypoints"], route["waypoints"][1:]):
        if a["t_s"] <= half <= b["t_s"]:
            part = (half - a["t_s"]) / max(b["t_s"] - a["t_s"], 1e-9)
            return a["lon"] + part * (b["lon"] - a["lon"]), a["lat"] + part * (b["lat"] - a["lat"])
    raise AssertionError("a route without a middle")


def plan(town: Town, airspace: pathlib.Path, *options: str, status: int = 0) -> dict:
    return json.loads(town.run("plan", "--airspace", airspace, "--from", "pad:H1", "--to", "pad:K25", "--depart",
                               "2026-11-20T10:00:00Z", "--json", *options, status=status))


def changes_break_routes(town: Town) -> None:
    before = town.build("before")
    route = plan(town, before)
    lon, lat = middle_of(route)
    routes = town.work / "routes.jsonl"
    routes.write_text(json.dumps(dict(route, id="crossing")) + "\n", encoding="utf-8")
    zone = town.work / "new_zone.json"
    zone.write_text(json.dumps({"type": "FeatureCollection", "features": [circle("NEWZONE", lon, lat, 60)]}),
                    encoding="utf-8")
    after = town.build("after", [town.region / "zones.json", zone],
                       lambda text: text.replace("[[terrain]]", "[policy]\nmax_height_agl_m = 119.0\n[[terrain]]", 1))
    diff = json.loads(town.run("map", "diff", before, after, "--routes", routes, "--json", status=6))
    assert diff["schema"] == "swiftlet.map_diff/1" and not diff["same"]
    assert diff["geozones"] == {"added": ["NEWZONE"], "removed": [], "changed": []}, diff["geozones"]
    assert diff["policy"] == [{"key": "max_height_agl_m", "from": 120.0, "to": 119.0}], diff["policy"]
    assert len(diff["sources"]["added"]) == 2, diff["sources"]  # zones_0.json, zones_1.json
    (fate,) = diff["routes"]
    assert fate["id"] == "crossing" and fate["status"] == "broken"
    assert {v["rule"] for v in fate["violations"]} == {"geozone"}, fate
    assert fate["violations"][0]["cause"] == {"kind": "geozone", "id": "NEWZONE"}
    text = town.run("map", "diff", before, after, "--routes", routes, status=6)
    assert "1 added: NEWZONE" in text and "crossing broken" in text and "geozone NEWZONE" in text
    # Back again nothing is broken, but what crossed the zone did so before.
    back = json.loads(town.run("map", "diff", after, before, "--routes", routes, "--json"))
    assert back["geozones"]["removed"] == ["NEWZONE"] and back["routes"][0]["status"] == "kept"
    same = json.loads(town.run("map", "diff", after, after, "--routes", routes, "--json"))
    assert same["same"] and same["routes"][0]["status"] == "broken_before"
    routes.write_text("{\n", encoding="utf-8")
    assert json.loads(town.run("map", "diff", after, after, "--routes", routes, "--json", status=3))["routes"][0][
        "status"] == "unreadable"
    print("ok: a change of zones breaks the route that crosses it, and the referee says why")


def live_zones(town: Town) -> None:
    airspace = town.work / "before"
    region = airspace / "sources/region.toml"
    free = plan(town, airspace)
    lon, lat = middle_of(free)
    live = town.work / "live.json"
    document = {"schema": "swiftlet.live_zones/1", "base": free["airspace"]["hash"], "removed": ["YWHELI1"],
                "zones": [circle("LIVE1", lon, lat, 60)]}
    live.write_text(json.dumps(document), encoding="utf-8")
    around = plan(town, airspace, "--zones", str(live))
    assert around["status"] == "ok" and around["airspace"]["hash"] != free["airspace"]["hash"]
    assert around["waypoints"] != free["waypoints"]
    for name, route in (("free", free), ("around", around)):
        (town.work / f"{name}.json").write_text(json.dumps(route), encoding="utf-8")
    verdict = json.loads(town.run("verify", "--region", region, "--zones", live, town.work / "around.json"))
    assert verdict["ok"], verdict
    # Without the zones the version is unknown; with them the free route is of another version, and crosses one.
    verdict = json.loads(town.run("verify", "--region", region, town.work / "around.json", status=6))
    assert {v["rule"] for v in verdict["violations"]} == {"airspace_hash"}
    verdict = json.loads(town.run("verify", "--region", region, "--zones", live, town.work / "free.json", status=6))
    assert {v["rule"] for v in verdict["violations"]} == {"airspace_hash", "geozone"}
    live.write_text(json.dumps(document | {"base": "sha256:0"}), encoding="utf-8")
    town.run("verify", "--region", region, "--zones", live, town.work / "around.json", status=3)
    town.run("plan", "--airspace", airspace, "--zones", live, "--from", "pad:H1", "--to", "pad:K25", status=3)
    print("ok: routes are planned round live zones and judged with them")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("swiftlet")
    parser.add_argument("source_dir", type=pathlib.Path)
    parser.add_argument("--schemas", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        town = Town(arguments.swiftlet, arguments.source_dir, pathlib.Path(work))
        own = town.region / "zones.json"
        if arguments.schemas is not None:
            if not arguments.schemas.is_dir():
                print(f"SKIPPED: {arguments.schemas} is not there")
                return 77
            check = validator(arguments.schemas)
            goes_round(town, [own] + [arguments.schemas / name for name in SAMPLES], "samples", check)
        else:
            goes_round(town, [own], "bundled", None)
            changes_break_routes(town)
            live_zones(town)
    return 0


if __name__ == "__main__":
    sys.exit(main())
