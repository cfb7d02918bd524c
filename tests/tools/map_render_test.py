#!/usr/bin/python3
"""`map render` on a small region: what is in the picture, where, and what is refused.

    map_render_test.py SWIFTLET
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import numpy
from osgeo import gdal

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "maps" / "hostile"))
import region  # noqa: E402

NAME = 'Quay <b> & "Co"'
PURPLE = (0x7C, 0x3A, 0xED)


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory(prefix="swiftlet_render_")
        cls.folder = pathlib.Path(cls.room.name)
        region.write_region(cls.folder / "region")
        file = cls.folder / "region" / "region.toml"
        file.write_text(file.read_text().replace('"usual"', json.dumps(NAME)))
        built = cls.swiftlet("map", "build", file, "--out", cls.folder / "town", "--json")
        assert built.returncode == 0, built.stdout + built.stderr
        cls.hash = json.loads(built.stdout)["hash"]

    @classmethod
    def tearDownClass(cls):
        cls.room.cleanup()

    @staticmethod
    def swiftlet(*arguments):
        return subprocess.run([SWIFTLET, *map(str, arguments)], capture_output=True, text=True, timeout=120)

    def render(self, name, *more):
        done = self.swiftlet("map", "render", self.folder / "town", "--out", self.folder / name, *more)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.addCleanup((self.folder / name).unlink)
        return done

    def pixels(self, name, *more):
        self.render(name, *more)
        return gdal.Open(str(self.folder / name)).ReadAsArray()[:3].astype(int)

    def route(self, name="route", **changes):
        route = {"schema": "swiftlet.route/1", "id": "q1", "status": "ok", "airspace": {"hash": self.hash},
                 "depart": "2026-11-21T10:00:00Z",
                 "waypoints": [{"lon": lon, "lat": lat, "alt_msl_m": 60.0, "t_s": t} for t, (lon, lat) in
                               enumerate([region.lonlat(100, 500), region.lonlat(900, 500)])], **changes}
        route = {key: value for key, value in route.items() if value is not None}
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(route))
        self.addCleanup(file.unlink)
        return file

    def test_svg_holds_everything_by_its_words(self):
        self.render("a.svg", "--route", self.route())
        text = (self.folder / "a.svg").read_text()
        root = xml.etree.ElementTree.fromstring(text)  # or it is no XML
        words = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
        for wanted in (NAME, "H1", "K1", "N", "prohibited", "hub", "kiosk", "q1", "150 m and more"):
            self.assertIn(wanted, words)
        self.assertTrue(any(re.fullmatch(r"[125]0* k?m", w) for w in words), "no scale bar")
        self.assertTrue(any("1 obstacles" in w for w in words))
        titles = [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")]
        self.assertEqual(titles, ["Z1 PROHIBITED"])
        self.assertNotIn("http:", re.sub(r'xmlns="[^"]*"', "", text), "the picture needs something from elsewhere")

    def test_scale_bar_is_as_long_as_it_says(self):
        self.render("a.svg")
        text = (self.folder / "a.svg").read_text()
        bar = float(re.search(r'v5h([0-9.]+)v-5', text)[1])
        metres = float(re.search(r'text-anchor="middle">(\d+) m<', text)[1])
        frame = float(re.search(r'<clipPath id="map"><rect x="36" y="66" width="([0-9.]+)"', text)[1])
        across = float(re.search(r"· ([0-9.]+) × [0-9.]+ km", text)[1]) * 1000
        self.assertAlmostEqual(bar / metres, frame / across, delta=0.06 * frame / across)  # the title says km in tenths

    def test_png_shows_the_building_where_it_stands(self):
        image = self.pixels("a.png", "--width", "900")
        self.assertEqual(image.shape[2], 880)
        # From the frame: the region's square kilometre, of which the building takes 300 to 340 m.
        self.render("a.svg", "--width", "900")
        text = (self.folder / "a.svg").read_text()
        points = re.search(r'stroke-linejoin="round">\n<path d="M([0-9. L]+)Z', text)[1].replace("L", " ").split()
        x = numpy.mean([float(p) for p in points[0::2]])
        y = numpy.mean([float(p) for p in points[1::2]])
        fill = re.search(r'Z" fill="rgb\((\d+),(\d+),(\d+)\)"/>', text)
        self.assertLess(abs(image[:, int(y), int(x)] - [int(v) for v in fill.groups()]).max(), 12)
        self.assertGreater(abs(image[:, int(y), int(x) + 60] - image[:, int(y), int(x)]).max(), 40)

    def purple(self, image):
        return int((abs(image - numpy.array(PURPLE)[:, None, None]).max(axis=0) < 8).sum())

    def test_route_is_drawn_and_only_if_given(self):
        self.assertEqual(self.purple(self.pixels("a.png")), 0)
        self.assertGreater(self.purple(self.pixels("b.png", "--route", self.route())), 1000)

    def test_surfaces_are_darker_where_there_is_less_room(self):
        for surface in ("floor", "ceiling"):
            image = self.pixels(f"{surface}.png", "--surface", surface, "--at", "2026-11-21T10:00:00Z").sum(axis=0)
            self.render(f"{surface}.svg", "--surface", surface, "--at", "2026-11-21T10:00:00Z")
            text = (self.folder / f"{surface}.svg").read_text()
            self.assertIn("zones at 2026-11-21T10:00 UTC", text)
            points = re.search(r'stroke-linejoin="round">\n<path d="M([0-9. L]+)Z', text)[1].replace("L", " ").split()
            x = int(numpy.mean([float(p) for p in points[0::2]]))
            y = int(numpy.mean([float(p) for p in points[1::2]]))
            open_ground = image[y, x + 200]
            if surface == "floor":
                self.assertLess(image[y, x], open_ground - 60, "the floor over a building is no darker")
            else:
                self.assertLess(abs(image[y, x] - open_ground), 30)
            # The zone up to 500 m shuts both; it is drawn over it, so it is not quite black.
            zone = re.search(r'<path d="M([0-9. L]+)Z"[^>]*><title>Z1', text)[1].replace("L", " ").split()
            inside = image[int(numpy.mean([float(p) for p in zone[1::2]])), int(numpy.mean([float(p) for p in zone[0::2]]))]
            self.assertLess(inside, open_ground - 150)

    def test_routes_that_are_none_or_of_elsewhere(self):
        self.assertIn("another airspace", self.render("a.svg", "--route", self.route(
            airspace={"hash": "sha256:other"})).stderr)
        self.assertIn("has no path", self.render("b.svg", "--route", self.route(
            "b", status="infeasible", waypoints=None)).stderr)
        broken = self.folder / "broken.json"
        self.addCleanup(broken.unlink)
        broken.write_text('{"schema":"swiftlet.route/1","status":"ok"}')
        done = self.swiftlet("map", "render", self.folder / "town", "--out", self.folder / "c.svg", "--route", broken)
        self.assertEqual(done.returncode, 3)
        self.assertIn("broken.json, airspace.hash", done.stderr)
        self.assertFalse((self.folder / "c.svg").exists())

    def test_what_cannot_be_written(self):
        for out, status in (("map.jpg", 2), ("nowhere/map.png", 3), ("nowhere/map.svg", 3)):
            done = self.swiftlet("map", "render", self.folder / "town", "--out", self.folder / out)
            self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["region", "town"])
        done = self.swiftlet("map", "render", self.folder / "region", "--out", self.folder / "a.png")
        self.assertEqual(done.returncode, 3)
        self.assertIn("no compiled airspace", done.stderr)


if __name__ == "__main__":
    SWIFTLET = sys.argv.pop(1)
    unittest.main()
