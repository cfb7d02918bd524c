"""What becomes of routes: the referee's word on them, also where live zones hold, and what they are exported as."""
import json
import pathlib
import tempfile
import unittest

import swiftlet
from town import DEPART, GOAL, PATH, REGION, START, TownTest, circle, command, lasting, live_zones


class VerdictTest(TownTest):
    def test_the_referee_judges_what_was_planned_and_what_was_forged(self) -> None:
        route = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART)
        fields = json.loads(route.to_json())
        fields["waypoints"][len(fields["waypoints"]) // 2]["alt_msl_m"] -= 25.0
        forged = swiftlet.Route(json.dumps(fields, indent=1))
        told = command("verify", "--region", REGION, "-", given=route.to_json())
        good, bad = swiftlet.verify(self.airspace, [route, forged])
        self.assertEqual(good.to_json(), told.rstrip("\n"))
        self.assertTrue(good.ok)
        self.assertFalse(bad.ok)
        self.assertIn("min_height_agl", {violation["rule"] for violation in bad.violations})
        self.assertEqual(good.measured["min_lateral_clearance_m"] >= 10.0 - 0.01, True)
        strict = swiftlet.verify(REGION, route, policy={"lateral_clearance_m": 40.0})
        self.assertFalse(strict.ok)
        storm = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART, wind=(60.0, 0.0))
        self.assertEqual(swiftlet.verify(REGION, storm).skipped, storm.status)
        self.assertEqual(swiftlet.verify(REGION, []), [])
        with self.refused("file_not_found", "nowhere.toml"):
            swiftlet.verify("nowhere.toml", route)
        with self.refused("usage"):
            swiftlet.verify(REGION, route, policy={"lateral": 1.0})
        with self.refused("value_invalid", "policy.hold_s"):
            swiftlet.verify(REGION, route, policy={"hold_s": "long"})

    def test_exports_are_those_of_the_command_line(self) -> None:
        route = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART).raise_for_status()
        for format in ("waypoints", "qgc-plan", "geojson", "kml", "gpx", "czml", "csv", "svg"):
            with self.subTest(format):
                told = command("export", "-", "--format", format, given=route.to_json())
                self.assertEqual(swiftlet.export(route, format), told)
                self.assertGreater(len(told), 500)
        judged = swiftlet.export(route, "waypoints", region=self.airspace)
        self.assertEqual(judged, swiftlet.export(route, "waypoints"))
        with self.refused("referee_refused", "tolerance"):
            swiftlet.export(route, "waypoints", region=self.airspace, tolerance_m=5.0)
        storm = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART, wind=(60.0, 0.0))
        for code, arguments, options in (("usage", (route, "dxf"), {}), ("bad_request", (storm, "csv"), {}),
                                         ("usage", (route, "waypoints"), {"tolerance_m": 2.0}),
                                         ("value_invalid", (route, "waypoints"), {"tolerance_m": "much"}),
                                         ("usage", (route, "waypoints"), {"tolerance_m": float("nan")})):
            with self.subTest(code), self.refused(code):
                swiftlet.export(*arguments, **options)

    def test_live_zones_bind_plan_and_verdict(self) -> None:
        free = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART)
        lon, lat, _ = free.path[len(free.path) // 2]
        zones = live_zones(self.airspace, circle(lon, lat + 0.004, 60.0))
        aside = self.airspace.with_zones(zones)
        route = swiftlet.plan(aside, START, GOAL, depart=DEPART)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "zones.json"
            file.write_text(json.dumps(zones))
            told = command("plan", "--airspace", PATH, "--zones", file, "--from", f"pad:{START}", "--to", f"pad:{GOAL}", "--depart",
                           DEPART)
        self.assertEqual(lasting(route), lasting(told))
        self.assertTrue(swiftlet.verify(aside, route).ok)
        self.assertFalse(swiftlet.verify(self.airspace, route).ok)
        across = self.airspace.with_zones(live_zones(self.airspace, circle(lon, lat, 60.0)))
        self.assertEqual({violation["rule"] for violation in swiftlet.verify(across, free).violations},
                         {"airspace_hash", "geozone"})


if __name__ == "__main__":
    unittest.main()
