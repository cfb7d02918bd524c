"""Plans: byte for byte those of the command line, bad input as errors, refusals as answers."""
import concurrent.futures
import datetime
import json
import pathlib
import pickle
import tempfile
import threading
import time
import unittest

import numpy as np

import swiftlet
from town import DEPART, GOAL, PATH, REGION, SOURCE, START, TownTest, command, generator, lasting

NAN = float("nan")


def drawn_requests(airspace: swiftlet.Airspace, count: int) -> list[dict[str, object]]:
    """Of every kind of place and option, in Python's own forms; a few that cannot be flown or are malformed."""
    random = generator()
    pads, extent = airspace.pads["id"], airspace.extent

    def place() -> object:
        kind = random.integers(0, 4)
        if kind < 2:
            pad = str(random.choice(pads))
            return f"pad:{pad}" if kind else pad
        at = (random.uniform(extent.lon_min, extent.lon_max), random.uniform(extent.lat_min, extent.lat_max))
        return at if kind == 2 else {"lon": at[0], "lat": at[1], "deck_height_agl_m": 2.0}

    requests: list[dict[str, object]] = []
    for k in range(count):
        request: dict[str, object] = {"id": f"drawn-{k}", "from": place(), "to": place(), "depart": DEPART}
        if random.random() < 0.3:
            request["wind"] = (float(random.uniform(0.0, 9.0)), float(random.uniform(0.0, 360.0)))
        if random.random() < 0.2:
            request["objective"] = str(random.choice(["energy", "length"]))
        if random.random() < 0.2:
            request["payload_kg"] = np.float64(random.uniform(0.0, 4.0))
        if random.random() < 0.1:
            request["authorisations"] = ["YWHELI1"]
        if random.random() < 0.1:
            request["vehicle"] = "m100"
        requests.append(request)
    return requests + [{"id": "far", "from": (1.0, 2.0), "to": "H1", "depart": DEPART},
                       {"id": "odd", "from": "H1", "to": "K01", "depart": DEPART, "objectiv": "time"},
                       {"id": "när ≤", "from": "H1", "to": "nowhere", "depart": DEPART}]


def as_contract(request: dict[str, object]) -> dict[str, object]:
    """The same request as the contract has it, for the command line."""
    out = dict(request)
    for end in ("from", "to"):
        if isinstance(out[end], str):
            out[end] = {"pad": str(out[end]).removeprefix("pad:")}
        elif isinstance(out[end], tuple):
            out[end] = dict(zip(("lon", "lat"), out[end]))
    if "wind" in out:
        out["wind"] = dict(zip(("speed_m_s", "from_deg"), out["wind"]))
    return out


class PlanningTest(TownTest):
    def test_many_are_answered_as_the_command_line_answers_them(self) -> None:
        requests = drawn_requests(self.airspace, 120)
        lines = "".join(json.dumps(as_contract(request)) + "\n" for request in requests)
        told = command("plan", "--airspace", PATH, "--requests", "-", given=lines, status=3).splitlines()
        expected = [lasting(line) for line in told]
        # Many threads at once have the planner, its view and its meshes made.
        fresh = swiftlet.Airspace.open(PATH)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            apart = list(pool.map(lambda request: lasting(swiftlet.plan_many(fresh, [request])[0]), requests))
        self.assertEqual(apart, expected)
        shares: list[float] = []
        for threads in (1, 2):
            routes = swiftlet.plan_many(fresh, requests, threads=threads, progress=shares.append)
            self.assertEqual([lasting(route) for route in routes], expected)
            self.assertEqual(shares, sorted(shares))
            shares.clear()
        self.assertGreater(sum(route.ok for route in routes), 30)
        self.assertEqual([route.error.code for route in routes[-3:]], ["out_of_region", "unknown_field", "not_found"])

    def test_one_is_answered_as_the_command_line_answers_it(self) -> None:
        vehicle = SOURCE / "planner/vehicles/hexa-15.toml"
        cases: list[tuple[list[object], dict[str, object]]] = [
            (["--objective", "energy", "--wind", "5,200", "--payload-kg", "1.5"],
             {"objective": "energy", "wind": (5, 200), "payload_kg": 1.5}),
            (["--policy", "energy_reserve_fraction=0.3", "--vehicle", vehicle],
             {"policy": {"energy_reserve_fraction": 0.3}, "vehicle": vehicle}),
            (["--alternatives", "2", "--explain"], {"alternatives": 2, "explain": True}),
            (["--arrive-by", "2026-11-23T11:00:00Z"],
             {"arrive_by": datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))}),
        ]
        for words, options in cases:
            with self.subTest(words):
                told = command("plan", "--airspace", PATH, "--from", f"pad:{START}", "--to", f"pad:{GOAL}", "--depart", DEPART,
                               *words)
                route = swiftlet.plan(self.airspace, START, f"pad:{GOAL}", depart=DEPART, **options)
                self.assertEqual(lasting(route), lasting(told))
                self.assertTrue(route.ok)

    def test_a_route_says_in_numbers_what_its_text_says(self) -> None:
        route = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART, alternatives=2, explain=True)
        fields = json.loads(route.to_json())
        for name in ("length_m", "duration_s", "energy_wh", "cost", "lower_bound", "gap", "certificate", "policy",
                     "objective", "vehicle", "id", "status", "planning"):
            self.assertEqual(getattr(route, name), fields[name], name)
        self.assertEqual(route.depart, datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.timezone.utc))
        self.assertEqual(len(route.waypoints), len(fields["waypoints"]))
        for name in route.waypoints.dtype.names:
            self.assertEqual(route.waypoints[name].tolist(), [point[name] for point in fields["waypoints"]])
        self.assertEqual(route.path.shape, (len(route.waypoints), 3))
        with self.assertRaises(ValueError):
            route.waypoints["lon"] = 0.0
        self.assertTrue(np.isnan(route.ground_risk))
        self.assertEqual(len(route.alternatives), 2)
        for other in route.alternatives:
            self.assertIn(other.to_json(), route.to_json())
            self.assertTrue(other.ok and other.differs)
        self.assertEqual(route.explanation, fields["explain"])
        self.assertIs(route.raise_for_status(), route)

    def test_transit_lies_in_the_proven_bands(self) -> None:
        route = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART)
        points = route.waypoints
        transit = (points["phase"][1:] != "takeoff") & (points["phase"][:-1] != "landing") & \
                  (np.diff(points["lon"]) != 0.0)
        self.assertGreater(transit.sum(), 20)
        free = self.airspace.segment_free(route.path[:-1], route.path[1:], at=route.depart,
                                          until=route.depart + datetime.timedelta(seconds=route.duration_s))
        self.assertTrue(free[transit].all())

    def test_no_route_is_an_answer(self) -> None:
        storm = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART, wind=(60.0, 0.0))
        self.assertEqual((storm.ok, storm.error.code, storm.error.exit_status), (False, "wind_too_strong", 4))
        self.assertEqual((len(storm.waypoints), storm.path.shape, storm.certificate), (0, (0, 3), {}))
        self.assertTrue(np.isnan(storm.duration_s) and np.isnan(storm.cost))
        self.assertIn("wind_too_strong", repr(storm))
        with self.refused("wind_too_strong"):
            storm.raise_for_status()
        hurried = swiftlet.plan(swiftlet.Airspace.open(PATH), START, GOAL, depart=DEPART, deadline_ms=0)
        self.assertEqual((hurried.status, hurried.error.code), ("deadline", "deadline_passed"))

    def test_what_is_bad_has_a_code(self) -> None:
        def plan(start: object = START, goal: object = GOAL, **options: object) -> swiftlet.Route:
            return swiftlet.plan(self.airspace, start, goal, **{"depart": DEPART, **options})

        for code, where, arguments in (
                ("not_found", "to.pad", {"goal": "K99"}), ("out_of_region", "from", {"start": (4.8, 45.7)}),
                ("value_invalid", "from", {"start": (NAN, 22.45)}), ("bad_request", "to", {"goal": (1.0, 2.0, 3.0)}),
                ("bad_request", "to", {"goal": 7}), ("value_invalid", "from.lat", {"start": (115.1, 95.0)}),
                ("unknown_field", "to", {"goal": {"lon": 115.1, "lat": 22.45, "altitude": 3}}),
                ("time_invalid", "depart", {"depart": "noon"}), ("time_invalid", "depart", {"depart": 12}),
                ("time_invalid", "depart", {"depart": datetime.datetime(2026, 11, 23)}),
                ("value_invalid", "payload_kg", {"payload_kg": -1.0}),
                ("value_invalid", "payload_kg", {"payload_kg": NAN}),
                ("bad_request", "payload_kg", {"payload_kg": "heavy"}), ("value_invalid", "wind", {"wind": (NAN, 0.0)}),
                ("bad_request", "wind", {"wind": 5.0}), ("value_invalid", "wind", {"wind": (500.0, 0.0)}),
                ("bad_request", "objective", {"objective": "fun"}), ("not_found", "", {"vehicle": "pigeon"}),
                ("unknown_field", "policy", {"policy": {"max_height": 3}}),
                ("value_invalid", "policy", {"policy": {"max_height_agl_m": 1e9}}),
                ("value_invalid", "alternatives", {"alternatives": 9}), ("value_invalid", "seed", {"seed": -1}),
                ("value_invalid", "effort", {"effort": 0.5}), ("value_invalid", "deadline_ms", {"deadline_ms": -1}),
                ("ground_risk_unknown", "", {"objective": "risk"}), ("bad_json", "", {"id": "\ud800"}),
                ("value_invalid", "authorisations", {"authorisations": [object()]})):
            with self.subTest(arguments), self.refused(code, where):
                plan(**arguments)
        with self.assertRaises(swiftlet.SwiftletError) as caught:
            plan(goal=(4.8, 45.7))
        self.assertEqual(caught.exception.route.status, "refused")
        self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).code, "out_of_region")
        with self.refused("bad_request", "requests[1]"):
            swiftlet.plan_many(self.airspace, [{"from": "H1", "to": "K01"}, "H1 to K01"])
        with self.refused("value_invalid", "requests[0].payload_kg"):
            swiftlet.plan_many(self.airspace, [{"from": "H1", "to": "K01", "payload_kg": NAN}])
        self.assertEqual(swiftlet.plan_many(self.airspace, []), [])
        (answer,) = swiftlet.plan_many(self.airspace, [{}], depart=DEPART)
        self.assertEqual((answer.status, answer.error.code, answer.error.where), ("refused", "bad_request", "from"))

    def test_routes_are_kept_as_they_are(self) -> None:
        route = swiftlet.plan(self.airspace, START, GOAL, depart=DEPART)
        self.assertEqual(pickle.loads(pickle.dumps(route)), route)
        self.assertEqual(len({route, swiftlet.Route(route.to_json())}), 1)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "route.json"
            route.save(file)
            self.assertEqual(swiftlet.Route.load(file), route)
            self.assertTrue(json.loads(command("verify", "--region", REGION, file))["ok"])
        for text, code in (("", "bad_json"), ("{", "bad_json"), ("[]", "bad_request"), ("{}", "bad_request"),
                           (route.to_json().replace('"lon":115', '"lon":"115', 1), "bad_json"),
                           (route.to_json().replace('"status":"ok"', '"status":"fine"'), "bad_request")):
            with self.refused(code):
                swiftlet.Route(text)

    def test_other_threads_run_while_routes_are_planned(self) -> None:
        counted = 0
        stop = threading.Event()

        def count() -> None:
            nonlocal counted
            while not stop.is_set():
                counted += 1
                time.sleep(0.001)

        counter = threading.Thread(target=count)
        counter.start()
        swiftlet.plan_many(swiftlet.Airspace.open(PATH), [{"from": START, "to": GOAL}] * 20, threads=1)
        stop.set()
        counter.join()
        self.assertGreater(counted, 10)

    def test_ctrl_c_ends_a_long_plan(self) -> None:
        endless = [{"from": START, "to": GOAL, "id": str(k)} for k in range(100_000)]
        self.assert_ctrl_c_ends(lambda ctrl_c: swiftlet.plan_many(self.airspace, endless, progress=ctrl_c))

    def test_what_progress_raises_ends_the_run(self) -> None:
        def refuse(share: float) -> None:
            raise LookupError(share)

        with self.assertRaises(LookupError):
            swiftlet.plan_many(self.airspace, [{"from": START, "to": GOAL}] * 20_000, progress=refuse)

    def test_everything_that_is_offered_is_explained(self) -> None:
        self.assertEqual(swiftlet.vehicles(), ["courier-4", "hexa-15", "m100", "quad-10"])
        self.assertEqual(command("--version").split(), ["swiftlet", swiftlet.__version__])
        public = [getattr(swiftlet, name) for name in swiftlet.__all__]
        offered = [it for it in public if isinstance(it, type) or callable(it)]
        offered = [it for it in offered if getattr(it, "__module__", "").startswith("swiftlet")]
        for it in list(offered):
            if isinstance(it, type):
                members = [member for name, member in vars(it).items() if not name.startswith("_")]
                offered += [member for member in members
                            if callable(member) or isinstance(member, (property, classmethod))]
        self.assertGreater(len(offered), 60)
        self.assertEqual([it for it in offered if not (getattr(it, "__doc__", "") or "").strip()], [])


if __name__ == "__main__":
    unittest.main()
