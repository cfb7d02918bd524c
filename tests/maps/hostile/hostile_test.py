#!/usr/bin/python3
"""Every case of the corpus is refused by `map build` with the right code and words, and nothing is written.

    hostile_test.py SWIFTLET [NAME…]

A listener stands by: a connection to it would be a source that reached the network.
"""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import cases  # noqa: E402
import region  # noqa: E402

LIMITS = ["--memory-mib", "2048", "--source-seconds", "5", "--processor-seconds", "40"]
ROUTE = json.dumps({"schema": "swiftlet.route/1", "id": "r", "status": "ok", "airspace": {"hash": "sha256:0"},
                    "depart": "2026-11-21T10:00:00Z",
                    "waypoints": [{"lon": 117.001, "lat": 22.52, "alt_msl_m": 10.0, "t_s": 0.0},
                                  {"lon": 117.002, "lat": 22.52, "alt_msl_m": 60.0, "t_s": 9.0}]})


# It does not look at pads, wind and people, needs no grid, applies scales, and judges shapes that are odd but no lie.
FINE_FOR_THE_REFEREE = {
    "a_million_corners", "deck_in_the_sky", "grid_larger_than_memory", "no_area", "pad_outside", "pad_twice",
    "pad_with_latitude_first", "pad_without_kind", "people_fewer_than_none", "people_of_another_town",
    "people_that_are_no_number", "people_without_a_place", "pads_cut_short", "slots_beyond_integers", "slots_fraction", "slots_million",
    "slots_negative", "wind_at_an_address", "wind_counted_in_moons", "wind_cut_short", "wind_that_is_a_terrain",
    "wind_that_is_a_text", "wind_that_is_no_number", "wind_without_end", "zone_without_area"}


def tree(folder: pathlib.Path) -> dict:
    """What lies below a folder: names and sizes."""
    return {str(p.relative_to(folder)): p.lstat().st_size for p in sorted(folder.rglob("*")) if not p.is_dir()}


class HostileSources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory(prefix="swiftlet_hostile_")
        cls.folder = pathlib.Path(cls.room.name)
        region.write_region(cls.folder / "usual")
        (cls.folder / "route.json").write_text(ROUTE)
        cls.listener = socket.create_server(("127.0.0.1", 0))
        cls.listener.setblocking(False)
        cases.PORT = cls.listener.getsockname()[1]

    @classmethod
    def tearDownClass(cls):
        cls.listener.close()
        cls.room.cleanup()

    def swiftlet(self, *arguments):
        return subprocess.run([SWIFTLET, "--json", *map(str, arguments)], capture_output=True, text=True, timeout=120)

    def refuse(self, case: cases.Case):
        here = self.folder / case.name
        shutil.copytree(self.folder / "usual", here)
        self.addCleanup(shutil.rmtree, here)
        case.spoil(here)
        before = tree(here)

        built = self.swiftlet("map", "build", here / "region.toml", "--out", here / "out", *LIMITS)
        self.assertEqual(built.returncode, 3, built.stdout + built.stderr)
        error = json.loads(built.stdout)
        said = f"{error.get('where', '')}: {error['message']}"
        if SHOW:
            print(f"\n{case.name}\n    {error['code']}: {said}".replace(str(self.folder), ""), file=sys.stderr)
        self.assertEqual(error["code"], case.code, said)
        for words in case.words:
            self.assertIn(words, said)
        for words in case.never:
            self.assertNotIn(words, said)
        self.assertTrue(said.replace("\n", " ").isprintable(), said)
        self.assertTrue(said.startswith("/"), "no file is named: " + said)
        self.assertEqual(tree(here), before, "something was written")

        # The referee reads on its own, and refuses what it looks at.
        judged = self.swiftlet("verify", "--region", here / "region.toml", self.folder / "route.json", *LIMITS)
        self.assertEqual(judged.returncode, 6 if case.name in FINE_FOR_THE_REFEREE else 3, judged.stdout + judged.stderr)
        for words in ("nobody foresaw", "crashed"):
            self.assertNotIn(words, judged.stdout)
        self.assertEqual(tree(here), before, "something was written")
        with self.assertRaises(BlockingIOError, msg="a source reached the network"):
            self.listener.accept()

    def test_the_usual_region_builds(self):
        """Or every refusal below would mean nothing."""
        out = self.folder / "usual_out"
        built = self.swiftlet("map", "build", self.folder / "usual" / "region.toml", "--out", out, *LIMITS)
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        self.assertTrue((out / "manifest.json").is_file())
        self.assertEqual(self.swiftlet("verify", "--region", self.folder / "usual" / "region.toml",
                                       self.folder / "route.json").returncode, 6)

    def test_the_corpus_is_large(self):
        self.assertGreaterEqual(len({case.name for case in cases.CASES}), 40)
        self.assertEqual(len({case.name for case in cases.CASES}), len(cases.CASES), "a name stands twice")


def named(case: cases.Case):
    return lambda self: self.refuse(case)


for one in cases.CASES:
    setattr(HostileSources, "test_" + one.name, named(one))

if __name__ == "__main__":
    SWIFTLET = sys.argv[1]
    SHOW = "--show" in sys.argv
    names = [f"HostileSources.test_{name}" for name in sys.argv[2:] if name != "--show"]
    unittest.main(argv=[sys.argv[0], *names])
