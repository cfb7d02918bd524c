"""The town that the tests of the Python module fly in (build_town.py makes it), and what several of them draw and ask.

Environment: SWIFTLET_TOWN, where it lies; SWIFTLET_AIRSPACE, where the bundled region lies compiled; SWIFTLET_SOURCE, the
source tree; SWIFTLET_COMMAND, the command.
"""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest
from typing import Callable

import numpy as np

import swiftlet

SOURCE = pathlib.Path(os.environ["SWIFTLET_SOURCE"])
REGION = pathlib.Path(os.environ["SWIFTLET_TOWN"]) / "region.toml"
PATH = REGION.parent / "airspace"
BUNDLED = pathlib.Path(os.environ["SWIFTLET_AIRSPACE"])
START, GOAL = "H1", "K04"  # across the towers of the centre
DEPART = "2026-11-23T10:00:00Z"


def generator() -> np.random.Generator:
    seed = int(os.environ.get("SWIFTLET_TEST_SEED", "1"))
    print(f"seed {seed}", flush=True)
    return np.random.default_rng(seed)


def command(*words: object, given: str | None = None, status: int = 0) -> str:
    done = subprocess.run([os.environ["SWIFTLET_COMMAND"], *map(str, words)], input=given, capture_output=True, text=True,
                          check=False)
    assert done.returncode == status, (words, done.returncode, done.stderr[-800:])
    return done.stdout


def lasting(route: str | swiftlet.Route) -> str:
    """A route's bytes but for `planning`, which tells of the clock."""
    fields = json.loads(route.to_json() if isinstance(route, swiftlet.Route) else route)
    for one in [fields, *fields.get("alternatives", ())]:
        del one["planning"]
    return json.dumps(fields)


def circle(lon: float, lat: float, radius_m: float) -> dict[str, object]:
    """A zone that nobody may enter, from the ground up, as ED-318 writes it."""
    return {"type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat], "extent": {"subType": "Circle", "radius": radius_m},
                         "layer": {"upper": 99999, "upperReference": "AGL", "lower": 0, "lowerReference": "AGL"}},
            "properties": {"identifier": "LIVE1", "country": "XXX", "type": "PROHIBITED", "variant": "COMMON",
                           "zoneAuthority": [{"purpose": "INFORMATION"}]}}


def live_zones(airspace: swiftlet.Airspace, *zones: dict[str, object]) -> dict[str, object]:
    return {"schema": "swiftlet.live_zones/1", "base": airspace.hash, "removed": [], "zones": list(zones)}


class CtrlC:
    """Told of a run's progress, sends what Ctrl-C sends soon after the run has begun."""

    def __init__(self) -> None:
        self.begun = False

    def __call__(self, share: float) -> None:
        if not self.begun:
            self.begun = True
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()


class TownTest(unittest.TestCase):
    """Tests with the town at hand."""

    airspace: swiftlet.Airspace

    @classmethod
    def setUpClass(cls) -> None:
        cls.airspace = swiftlet.Airspace.open(PATH)

    def assert_ctrl_c_ends(self, run: Callable[[CtrlC], object]) -> None:
        """A run that would take minutes."""
        began = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            run(CtrlC())
        self.assertLess(time.monotonic() - began, 30.0)

    @contextlib.contextmanager
    def refused(self, code: str, where: str = ""):
        """Something that is refused with that code, and blames what is named so."""
        with self.assertRaises(swiftlet.SwiftletError) as caught:
            yield
        self.assertEqual(caught.exception.code, code, caught.exception)
        self.assertIn(where, caught.exception.where, caught.exception)
        self.assertGreater(len(caught.exception.message), 5)
