#!/usr/bin/python3
"""`map fetch` against a local server that gives what the public ones give, and fails as they do.

    fetch_test.py SWIFTLET
"""
import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest

import numpy
from osgeo import gdal

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from public_server import OSM, PublicServer, height, tile_name, write_tile  # noqa: E402
from side_by_side import SideBySide, tests_of  # noqa: E402

BOX = "4.97,45.98,5.03,46.02"  # four tiles, of which two are sea
PATH = "/dem/{0}/{0}.tif"
LAND = [(45, 4), (46, 4)]


class FetchedRegion(unittest.TestCase):
    def setUp(self):
        self.room = tempfile.TemporaryDirectory(prefix="swiftlet_fetch_")
        self.addCleanup(self.room.cleanup)
        self.folder = pathlib.Path(self.room.name)
        self.out = self.folder / "town"
        self.server = PublicServer()
        self.addCleanup(self.server.close)
        self.server.files["/api/interpreter"] = OSM
        for south, west in LAND:
            self.serve_tile(south, west)

    def serve_tile(self, south, west, **how):
        file = self.folder / "tile.tif"
        write_tile(file, south, west, **how)
        self.server.files[PATH.format(tile_name(south, west))] = file.read_bytes()
        file.unlink()

    def arguments(self, box=BOX, *more):
        return [SWIFTLET, "map", "fetch", "--bbox", box, "--out", str(self.out), "--dem-url", self.server.address + "/dem",
                "--overpass-url", self.server.address + "/api/interpreter", *(more or ("--stall-s", "2"))]

    def fetch(self, box=BOX, *more):
        return subprocess.run(self.arguments(box, "--json", "--stall-s", "2", *more), capture_output=True, text=True, timeout=120)

    def fetched(self, box=BOX, *more):
        done = self.fetch(box, *more)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["town"], "something was left behind")
        return done

    def refused(self, code, *words, box=BOX, more=("--tries", "2")):
        done = self.fetch(box, *more)
        error = json.loads(done.stdout)
        self.assertEqual(error["code"], code, done.stdout)
        for word in words:
            self.assertIn(word, error.get("where", "") + error["message"])
        self.assertFalse(self.out.exists(), "a half region was written")
        return done

    def check_terrain(self, box=BOX, within_m=1e-3):
        """Every cell holds what the tile held there, or the sea; all of the box is covered."""
        raster = gdal.Open(str(self.out / "terrain.tif"))
        x0, dx, _, y0, _, dy = raster.GetGeoTransform()
        got = raster.ReadAsArray()
        lon = x0 + (numpy.arange(got.shape[1]) + 0.5) * dx
        lat = y0 + (numpy.arange(got.shape[0]) + 0.5) * dy
        west, south, east, north = map(float, box.split(","))
        self.assertTrue(lon[0] < west and lon[-1] > east and lat[-1] < south and lat[0] > north)
        wanted = height(lon[None, :], lat[:, None])
        wanted[:, lon > 5 - 1e-9] = 0.0 if box == BOX else wanted[:, lon > 5 - 1e-9]
        self.assertLess(abs(got - wanted).max(), within_m)

    def test_region_is_whole_and_true(self):
        done = self.fetched(BOX, "--name", 'Con"fluence')
        said = json.loads(done.stdout)
        self.assertEqual((said["tiles"], said["sea_tiles"]), (4, 2))
        self.assertIn("taken for sea", done.stderr)
        self.assertIn(tile_name(45, 5), done.stderr)
        self.assertNotIn("\r", done.stderr, "a progress bar without a terminal")
        self.check_terrain()
        self.assertEqual((self.out / "openstreetmap.osm").read_bytes(), OSM)
        region = tomllib.loads((self.out / "region.toml").read_text())
        self.assertEqual(region["region"], {"name": 'Con"fluence', "vertical_datum": "EGM2008"})
        self.assertEqual(region["terrain"][0]["kind"], "dsm")
        self.assertIn("Copernicus", region["terrain"][0]["attribution"])
        self.assertIn("OpenStreetMap", region["obstacles"][0]["attribution"])
        licences = (self.out / "LICENCES.md").read_text()
        for words in ("COPERNICUS by the European Union and ESA", "Open Database License", "terrain.tif"):
            self.assertIn(words, licences)
        query = self.server.queries[0]
        self.assertIn("45.9800000%2C4.9700000%2C46.0200000%2C5.0300000", query)

    def test_fetched_region_compiles(self):
        box = "4.83,45.75,4.85,45.77"
        self.fetched(box)
        built = subprocess.run([SWIFTLET, "--json", "map", "build", self.out / "region.toml", "--out", self.folder / "a"],
                               capture_output=True, text=True, timeout=120)
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        self.assertGreaterEqual(json.loads(built.stdout)["obstacles"], 1)

    def test_server_without_pieces(self):
        self.server.pieces = False
        self.fetched()
        self.check_terrain()

    def overcome(self, fault, pieces):
        self.server.pieces = pieces
        self.server.faults = {"/dem/": [fault, "", fault], "/api/": [fault]}
        done = self.fetched(BOX, "--tries", "5")
        self.assertIn("trying again", done.stderr)
        self.check_terrain()
        self.assertEqual((self.out / "openstreetmap.osm").read_bytes(), OSM)

    def test_overpass_that_fails_politely(self):
        self.server.faults["/api/"] = ["remark"]
        self.assertIn("Query timed out", self.fetched().stderr)
        self.assertEqual((self.out / "openstreetmap.osm").read_bytes(), OSM)

    def lasting(self, where, fault, *words):
        self.server.for_ever = {where: fault}
        self.refused("source_unavailable", self.server.address, *words)

    def test_nobody_there(self):
        self.server.close()
        self.refused("source_unavailable", "127.0.0.1", "after 2 tries")

    def test_finished_parts_are_kept_and_not_asked_for_again(self):
        self.server.for_ever = {"/api/": "500"}
        self.refused("source_unavailable", "status 500")
        self.server.for_ever = {}
        self.server.log.clear()
        self.fetched()
        self.assertFalse([p for p in self.server.log if tile_name(46, 4) in p], "a whole part was fetched again")
        self.check_terrain()

    def test_altered_part_is_fetched_again(self):
        self.server.for_ever = {"/api/": "500"}
        self.refused("source_unavailable")
        part = self.folder / "town.parts" / (tile_name(46, 4) + ".tif")
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 1
        part.write_bytes(bytes(data))
        self.server.for_ever = {}
        self.fetched()
        self.check_terrain()

    def test_parts_of_another_box_are_not_taken(self):
        self.server.for_ever = {"/api/": "500"}
        self.refused("source_unavailable", box="4.83,45.75,4.85,45.77")
        self.server.for_ever = {}
        self.fetched()
        self.check_terrain()

    def test_killed_at_any_moment_and_called_again(self):
        self.server.stall_s = 30.0
        for word in ("/dem/", "/api/"):
            with self.subTest(word=word):
                self.server.faults = {word: ["", "stall"] if word == "/dem/" else ["stall"]}
                victim = subprocess.Popen(self.arguments(BOX, "--stall-s", "60"), stderr=subprocess.DEVNULL)
                while self.server.faults[word]:
                    self.assertIsNone(victim.poll(), "it ended before it could be killed")
                    time.sleep(0.02)
                time.sleep(0.2)
                victim.send_signal(signal.SIGKILL)
                victim.wait()
                self.assertFalse(self.out.exists())
        self.fetched()
        self.check_terrain()

    def test_tile_of_another_place(self):
        write_tile(self.folder / "wrong.tif", 10, 10)
        self.server.files[PATH.format(tile_name(45, 4))] = (self.folder / "wrong.tif").read_bytes()
        self.refused("source_unavailable", "not the square degree that its name says")

    def test_all_sea_is_doubted(self):
        self.refused("source_unavailable", "none of the tiles", tile_name(10, 10), box="10.4,10.4,10.5,10.5")

    def test_where_the_cells_change_their_width(self):
        self.serve_tile(49, 4)
        self.serve_tile(50, 4, columns=80)
        box = "4.42,49.97,4.48,50.03"
        self.fetched(box)
        self.check_terrain(box, within_m=0.2)  # a slope, interpolated; at the joint a cell's part of it

    def test_boxes_that_are_none(self):
        for box, words in (("4,45,5", "WEST,SOUTH"), ("a,b,c,d", "WEST,SOUTH"), ("4,45,5,46,7", "WEST,SOUTH"),
                           ("nan,45,5,46", "WEST,SOUTH"), ("45.7,114.8,45.8,114.9", "latitude given first"),
                           ("5,45,4,46", "west must be less"), ("179.95,1,-179.95,1.1", "179.9"),
                           ("2,44,6,47", "would do"), ("4.84,45.76,4.8401,45.7601", "would do")):
            with self.subTest(box=box):
                self.assertEqual(self.refused("usage", words, box=box).returncode, 2)
        self.assertFalse(self.server.log, "asked before the box was looked at")

    def test_suggested_box_is_accepted(self):
        said = json.loads(self.fetch("2,44,6,47").stdout)["message"]
        self.fetched(said.split("middle, ")[1].split(" ")[0])

    def test_what_is_there_is_left_alone(self):
        self.out.mkdir()
        (self.out / "mine").write_text("precious")
        done = self.fetch()
        self.assertEqual(json.loads(done.stdout)["code"], "output_refused")
        self.assertEqual((self.out / "mine").read_text(), "precious")
        (self.out / "mine").unlink()
        self.fetched()

    def test_extract_instead_of_overpass(self):
        extract = self.folder / "x.osm.pbf"
        extract.write_bytes(b"\0\0\0\x0d\n\tOSMHeader\x18\x00" + b"x" * 100)
        self.server.files["/x.osm.pbf"] = extract.read_bytes()
        for source in (str(extract), self.server.address + "/x.osm.pbf"):
            done = self.fetch(BOX, "--osm-extract", source)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertEqual((self.out / "openstreetmap.osm.pbf").read_bytes(), extract.read_bytes())
            for file in self.out.iterdir():
                file.unlink()
            self.out.rmdir()
        extract.write_text("no extract")
        self.refused("unsupported_format", "no OpenStreetMap extract", more=("--osm-extract", str(extract)))
        self.assertFalse(self.server.queries, "Overpass was asked all the same")

    def test_progress_on_a_terminal(self):
        ours, theirs = pty.openpty()
        done = subprocess.run(self.arguments(), stdout=subprocess.PIPE, stderr=theirs, timeout=60)
        os.close(theirs)
        said = os.read(ours, 100_000).decode()
        os.close(ours)
        self.assertEqual(done.returncode, 0, said)
        self.assertIn("#", said)
        self.assertIn(tile_name(46, 4), said)
        self.assertNotIn("#", done.stdout.decode())


def overcomes(fault, pieces):
    return lambda self: self.overcome(fault, pieces)


def tells(where, fault, words):
    return lambda self: self.lasting(where, fault, words)


for one in ("500", "503", "429", "cut", "stall", "html", "short"):
    setattr(FetchedRegion, f"test_passing_{one}_in_pieces_is_overcome", overcomes(one, True))
    setattr(FetchedRegion, f"test_passing_{one}_without_pieces_is_overcome", overcomes(one, False))
for one, said in (("500", "status 500"), ("html", "GeoTIFF"), ("cut", ""), ("stall", ""), ("403", "status 403")):
    setattr(FetchedRegion, f"test_lasting_{one}_is_told_and_nothing_is_written", tells("/dem/", one, said))
for one, said in (("remark", "Query timed out"), ("html", "not OpenStreetMap XML")):
    setattr(FetchedRegion, f"test_lasting_{one}_of_overpass_is_told_and_nothing_is_written", tells("/api/", one, said))


def load_tests(_loader, tests, _pattern):
    longest_first = sorted(tests_of(tests), key=lambda test: "stall" not in test.id())
    return SideBySide(longest_first, threads=6)


if __name__ == "__main__":
    SWIFTLET = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
