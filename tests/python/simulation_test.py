"""Rehearsals: the results of the command line, as arrays; any number of threads; Ctrl-C; bad input."""
import csv
import html
import io
import json
import pathlib
import tempfile
import unittest

import numpy as np

import swiftlet
from town import DEPART, GOAL, PATH, SOURCE, START, TownTest, circle, command, live_zones

SHORT_HOUR = SOURCE / "sim/scenarios/short_hour.toml"
FEW = {"scenario.hours": 0.1, "fleet.drones": 8}
NAN = float("nan")


def without(document: str, *paths: str) -> object:
    """A document but for what tells of the clock, or of the file that it was made of."""
    out = json.loads(document)
    for path in paths:
        *sections, last = path.split(".")
        inner = out
        for section in sections:
            inner = inner[section]
        del inner[last]
    return out


class SimulationTest(TownTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.route = swiftlet.plan(cls.airspace, START, GOAL, depart=DEPART)

    def test_a_study_is_that_of_the_command_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file, table = pathlib.Path(folder) / "route.json", pathlib.Path(folder) / "runs.csv"
            self.route.save(file)
            told = command("--json", "--seed", 7, "simulate", "route", file, "--airspace", PATH, "--runs", 300, "--wind",
                           "5,200", "--wind-profile", "log", "--gust-spread", 0.2, "--criteria", "time_error_p90_s=60",
                           "--vehicle", "courier-4", "--vehicle", "hexa-15", "--csv", table, status=4)
            rows = table.read_text()

        def study(vehicle: str | None, threads: int) -> swiftlet.RouteStudy:
            return swiftlet.simulate_route(self.airspace, self.route, vehicle=vehicle, runs=300, seed=7,
                                           threads=threads, wind=(5.0, 200.0), wind_profile="log", gust_spread=0.2,
                                           criteria={"time_error_p90_s": 60.0})

        both = json.loads(told)
        mine, other = study(None, 1), study("hexa-15", 2)
        self.assertEqual(mine.summary, both["studies"][0])
        self.assertEqual(other.summary, both["studies"][1])
        self.assertEqual({"study": 1, **other.compared_with(mine)}, both["comparisons"][0])
        self.assertEqual(mine.to_csv(), rows)
        self.assertEqual(mine.good, both["studies"][0]["verdict"]["good"])
        one = without(told, "wall_s", "studies", "comparisons")
        self.assertEqual(without(mine.to_json(), "wall_s", "studies", "comparisons"), one)
        self.assertEqual(study(None, 2).runs.tobytes(), mine.runs.tobytes())

    def test_runs_are_columns(self) -> None:
        study = swiftlet.simulate_route(self.airspace, self.route, runs=200)
        rows = list(csv.DictReader(io.StringIO(study.to_csv())))
        self.assertEqual(["run", *study.runs.dtype.names], list(rows[0]))
        for name in study.runs.dtype.names:
            column = study.runs[name]
            if name == "end":
                self.assertEqual(column.tolist(), [row[name] for row in rows])
            else:
                np.testing.assert_allclose(column, [float(row[name]) for row in rows], rtol=1e-5, atol=0.051)
        self.assertTrue((study.runs["battery_ageing"] >= 0.0).all() and (study.runs["battery_ageing"] <= 0.2).all())
        self.assertGreater(np.ptp(study.runs["energy_wh"]), 1.0)
        self.assertAlmostEqual(study.summary["time_s"]["mean"], study.runs["time_s"].mean(), places=2)
        other = swiftlet.simulate_route(self.airspace, self.route, runs=200, seed=2)
        self.assertNotEqual(other.runs["energy_wh"].tolist(), study.runs["energy_wh"].tolist())
        self.assertIn("200 runs", repr(study))
        self.check_page(study.to_html(), "swiftlet.simulate_route(airspace, route, runs=200, seed=1")
        with self.assertRaises(ValueError):
            study.runs["time_s"] = 0.0

    def test_a_day_is_that_of_the_command_line(self) -> None:
        shares: list[float] = []
        day = swiftlet.simulate_fleet(SHORT_HOUR, self.airspace, seed=7, threads=1, settings=FEW, track_every_s=10,
                                      progress=shares.append)
        with tempfile.TemporaryDirectory() as folder:
            scenario, table = pathlib.Path(folder) / "few.toml", pathlib.Path(folder) / "orders.csv"
            scenario.write_text(SHORT_HOUR.read_text().replace("hours = 0.25", "hours = 0.1")
                                .replace("drones = 24", "drones = 8"))
            told = command("--json", "--seed", 7, "simulate", "fleet", scenario, "--airspace", PATH, "--csv", table)
            self.assertEqual(day.to_csv(), table.read_text())
        unlike = ("wall", "reproduction.scenario_hash")
        self.assertEqual(without(day.to_json(), *unlike), without(told, *unlike))
        self.assertEqual(day.summary["log"]["hash"], json.loads(told)["log"]["hash"])
        self.assertEqual(shares, sorted(shares))
        self.check_columns(day)
        self.check_page(day.to_html(), "airspace, seed=7, settings={'scenario.hours': 0.1, 'fleet.drones': 8})")

    def check_page(self, page: str, call: str) -> None:
        self.assertTrue(page.startswith("<!doctype html>"), page[:40])
        self.assertIn("<svg", page)
        self.assertIn(call, html.unescape(page))
        self.assertIn(self.airspace.hash, page)
        self.assertNotRegex(page, r"(src|href)=.?http")

    def check_columns(self, day: swiftlet.FleetDay) -> None:
        orders, told = day.orders, day.summary["orders"]
        self.assertEqual(orders["placed"].sum(), told["placed"])
        self.assertGreater(told["placed"], 1)
        delivered = orders["state"] == "delivered"
        self.assertEqual(delivered.sum(), told["ended"].get("delivered", 0))
        self.assertTrue((~np.isnan(orders["delivered_s"]) == delivered).all())
        self.assertTrue((orders["order_id"] != "")[delivered].all())
        took = (orders["delivered_s"] - orders["placed_s"])[delivered]
        self.assertAlmostEqual(took.mean(), told["delivery_time_s"]["mean"], places=2)
        for row in csv.DictReader(io.StringIO(day.to_csv())):
            order = orders[orders["id"] == row["id"]][0]
            self.assertEqual((order["pickup"], order["dropoff"], order["state"]), (row["from"], row["to"], row["state"]))
        etas, tracks, extent = day.etas, day.tracks, self.airspace.extent
        self.assertTrue((etas["order"] < len(orders)).all() and len(etas) > 10)
        self.assertTrue((etas["p05_s"] <= etas["p95_s"]).all())
        self.assertGreater(len(tracks), 10)
        self.assertTrue(((tracks["lon"] > extent.lon_min) & (tracks["lon"] < extent.lon_max)).all())
        self.assertEqual((np.diff(tracks["t_s"]) >= 0.0).all(), True)
        self.assertEqual(len(day.departure_delays_s), day.summary["traffic"]["departure_delay_s"]["count"])
        self.assertGreater(day.flying_by_minute.max(), 0)
        self.assertEqual(day.broken_invariants, [])
        self.assertIn("a short hour", repr(day))

    def test_ctrl_c_ends_a_long_study(self) -> None:
        self.assert_ctrl_c_ends(
            lambda ctrl_c: swiftlet.simulate_route(self.airspace, self.route, runs=500_000, progress=ctrl_c))

    def test_ctrl_c_ends_a_long_day(self) -> None:
        long = {**FEW, "scenario.hours": 12.0}
        self.assert_ctrl_c_ends(
            lambda ctrl_c: swiftlet.simulate_fleet(SHORT_HOUR, self.airspace, settings=long, progress=ctrl_c))

    def test_what_is_bad_has_a_code(self) -> None:
        def study(route: swiftlet.Route = self.route, **options: object) -> None:
            swiftlet.simulate_route(self.airspace, route, **options)

        foreign = swiftlet.Route(self.route.to_json().replace(self.airspace.hash, "sha256:0"))
        storm = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART, wind=(60.0, 0.0))
        for code, where, options in (
                ("value_invalid", "route", {"route": foreign}), ("value_invalid", "route", {"route": storm}),
                ("value_invalid", "runs", {"runs": 0}), ("value_invalid", "runs", {"runs": 2.5}),
                ("value_invalid", "seed", {"seed": -1}), ("value_invalid", "threads", {"threads": -1}),
                ("not_found", "", {"vehicle": "pigeon"}), ("value_invalid", "", {"wind_profile": "cubic"}),
                ("value_invalid", "wind", {"wind": (NAN, 0.0)}), ("bad_request", "wind", {"wind": 5}),
                ("unknown_field", "wind", {"wind": {"speed": 5.0}}),
                ("unknown_field", "gust_spred", {"gust_spred": 0.1}),
                ("value_invalid", "gust_spread", {"gust_spread": NAN}),
                ("value_invalid", "payload_kg", {"payload_kg": "much"}),
                ("unknown_field", "time", {"criteria": {"time": 3.0}}),
                ("value_invalid", "time_bias_s", {"criteria": {"time_bias_s": NAN}})):
            with self.subTest(options), self.refused(code, where):
                study(**options)

        def day(scenario: object = SHORT_HOUR, **options: object) -> None:
            swiftlet.simulate_fleet(scenario, options.pop("airspace", self.airspace), **options)

        closed = self.airspace.with_zones(live_zones(self.airspace, circle(115.1, 22.45, 50.0)))
        for code, where, options in (
                ("file_not_found", "nowhere.toml", {"scenario": "nowhere.toml"}),
                ("file_not_found", "nowhere.toml", {"scenario": "nowhere.toml", "settings": FEW}),
                ("config_unknown_key", f"{SHORT_HOUR} with settings", {"settings": {"fleet.dronse": 3}}),
                ("unknown_field", "settings", {"settings": {"drones": 3}}),
                ("value_invalid", "fleet.drones", {"settings": {"fleet.drones": "many"}}),
                ("value_invalid", "", {"settings": {"fleet.drones": 1e6}}),
                ("value_invalid", "track_every_s", {"track_every_s": -1}),
                ("output_refused", "", {"log": "/nowhere/log.ndjson", "settings": FEW}),
                ("value_invalid", "airspace", {"airspace": closed})):
            with self.subTest(options), self.refused(code, where):
                day(**options)


if __name__ == "__main__":
    unittest.main()
