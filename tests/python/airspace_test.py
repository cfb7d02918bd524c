"""Airspaces: what arrays of questions are answered, against single ones, the exact geometry and the command line."""
import concurrent.futures
import json
import pathlib
import pickle
import shutil
import tempfile
import unittest

import numpy as np

import swiftlet
from town import DEPART, PATH, REGION, TownTest, circle, generator, live_zones

TOLERANCE_M = 0.01
# One policy beside the region's own, for to derive a view takes a second.
STRICT = {"lateral_clearance_m": 25.0, "vertical_clearance_m": 20.0, "max_height_agl_m": 60.0}


class AirspaceTest(TownTest):
    def drawn_places(self, random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        extent = self.airspace.extent
        return (random.uniform(extent.lon_min, extent.lon_max, count),
                random.uniform(extent.lat_min, extent.lat_max, count))

    def drawn_points(self, random: np.random.Generator, count: int) -> np.ndarray:
        lon, lat = self.drawn_places(random, count)
        ground = np.nan_to_num(self.airspace.terrain(lon, lat))
        return np.stack([lon, lat, ground + random.uniform(25.0, 125.0, count)], axis=-1)

    def test_it_says_what_it_is(self) -> None:
        info = self.airspace.info()
        self.assertEqual(self.airspace.name, info["name"])
        self.assertEqual(self.airspace.hash, info["hash"])
        np.testing.assert_allclose(self.airspace.extent, info["bbox"], rtol=0, atol=1e-12)
        self.assertEqual(self.airspace.obstacle_count, info["counts"]["obstacles"])
        self.assertEqual(self.airspace.policy["lateral_clearance_m"], info["policy"]["lateral_clearance_m"])
        self.assertEqual(self.airspace.ellipsoid_minus_datum_m, -2.5)
        self.assertIn("Yanwan", repr(self.airspace))

    def test_pads_are_those_of_the_source(self) -> None:
        source = {f["properties"]["id"]: f for f in json.loads((REGION.parent / "pads.geojson").read_text())["features"]}
        pads = self.airspace.pads
        self.assertEqual(set(pads["id"]), set(source))
        for pad in pads:
            feature = source[str(pad["id"])]
            self.assertEqual((pad["kind"], pad["name"]), (feature["properties"]["kind"], feature["properties"]["name"]))
            np.testing.assert_allclose([pad["lon"], pad["lat"]], feature["geometry"]["coordinates"][:2], atol=1e-9)

    def test_arrays_of_any_shape_are_answered_as_single_places(self) -> None:
        random = generator()
        lon, lat = self.drawn_places(random, 24)
        grid = self.airspace.floor(lon.reshape(2, 3, 4), lat.reshape(2, 3, 4), at=DEPART)
        self.assertEqual(grid.shape, (2, 3, 4))
        for k, height in enumerate(grid.reshape(-1)):
            np.testing.assert_equal(height, float(self.airspace.floor(lon[k], lat[k], at=DEPART)))
        self.assertEqual(self.airspace.ceiling(lon[:, None], lat[None, :], at=DEPART).shape, (24, 24))
        np.testing.assert_equal(self.airspace.terrain(lon[::2], lat[::2]), self.airspace.terrain(lon, lat)[::2])
        self.assertEqual(self.airspace.terrain([], []).shape, (0,))
        self.assertEqual(self.airspace.segment_free(np.zeros((0, 3)), np.zeros((0, 3))).shape, (0,))

    def test_what_lies_outside_is_nothing(self) -> None:
        lon, lat = [115.0, 116.0, -70.0], [22.45, 22.45, -33.0]
        for heights in (self.airspace.terrain(lon, lat), *self.airspace.view().band(lon, lat)):
            self.assertTrue(np.isnan(heights).all())
        inside = [*self.airspace.pads[0][["lon", "lat"]], 60.0]
        self.assertFalse(self.airspace.segment_free(inside, [115.0, 22.45, 60.0]))

    def test_what_a_band_offers_keeps_all_clearances(self) -> None:
        random = generator()
        lon, lat = self.drawn_places(random, 4000)
        floor, ceiling = self.airspace.view(at=DEPART).band(lon, lat)
        open_ = floor <= ceiling
        self.assertGreater(open_.sum(), 1000)
        self.assertLess(open_.sum(), 4000)
        lon, lat, floor, ceiling = lon[open_], lat[open_], floor[open_], ceiling[open_]
        ground = self.airspace.terrain(lon, lat)
        self.assertTrue((floor >= ground + 30.0).all() and (ceiling <= ground + 120.0).all())
        altitude = floor + random.uniform(0.0, 1.0, len(floor)) * (ceiling - floor)
        self.assert_clear_of_obstacles(lon, lat, altitude)

    def assert_clear_of_obstacles(self, lon: np.ndarray, lat: np.ndarray, altitude: np.ndarray) -> None:
        near = self.airspace.nearest_obstacle(lon, lat, altitude)
        self.assertTrue(((near.horizontal_m >= 10.0 - TOLERANCE_M) | (near.vertical_m >= 10.0 - TOLERANCE_M)).all())

    def test_a_free_segment_is_free_at_every_point_of_it(self) -> None:
        random = generator()
        view = self.airspace.view(at=DEPART)
        start, end = self.drawn_points(random, 6000), self.drawn_points(random, 6000)
        reach = random.choice([0.002, 0.02, 0.2, 1.0], 6000)[:, None]
        end = start + reach * (end - start)
        free = view.segment_free(start, end)
        self.assertGreater(free.sum(), 200)
        self.assertLess(free.sum(), 5800)
        np.testing.assert_array_equal(free, view.segment_free(end, start))
        self.assertGreater(free[reach[:, 0] == 1.0].sum(), 0, "kilometres too")
        share = np.linspace(0.0, 1.0, 33)[:, None, None]
        points = (start[free] + share * (end - start)[free]).reshape(-1, 3)
        lon, lat, altitude = points.T
        height = altitude - self.airspace.terrain(lon, lat)
        self.assertTrue(((height >= 30.0 - TOLERANCE_M) & (height <= 120.0 + TOLERANCE_M)).all())
        self.assert_clear_of_obstacles(lon, lat, altitude)

    def test_a_point_in_its_band_is_a_free_segment(self) -> None:
        random = generator()
        lon, lat = self.drawn_places(random, 500)
        view = self.airspace.view(at=DEPART)
        floor, ceiling = view.band(lon, lat)
        open_ = floor + 1.0 < ceiling
        points = np.stack([lon[open_], lat[open_], 0.5 * (floor[open_] + ceiling[open_])], axis=-1)
        self.assertGreater(len(points), 100)
        self.assertTrue(view.segment_free(points, points).all())

    def test_the_policy_counts(self) -> None:
        lon, lat = self.drawn_places(generator(), 2000)
        floor, ceiling = self.airspace.view(at=DEPART).band(lon, lat)
        strict_floor, strict_ceiling = self.airspace.view(STRICT, at=DEPART).band(lon, lat)
        open_ = strict_floor <= strict_ceiling
        self.assertGreater(open_.sum(), 100)
        self.assertGreater((floor <= ceiling).sum(), open_.sum())
        self.assertTrue((strict_floor[open_] >= floor[open_]).all())
        self.assertTrue((strict_floor[open_] > floor[open_]).any())
        self.assertTrue((strict_ceiling[open_] <= self.airspace.terrain(lon, lat)[open_] + 60.0).all())

    def test_the_nearest_obstacle_is_none_farther_than_any_other(self) -> None:
        random = generator()
        points = self.drawn_points(random, 50)
        near = self.airspace.nearest_obstacle(*points.T)
        for number in random.integers(0, self.airspace.obstacle_count, 40):
            obstacle = self.airspace.obstacle(number)
            corner = obstacle.polygons[0][0][0]
            there = self.airspace.nearest_obstacle(corner[0], corner[1], obstacle.top_msl_m + 1.0)
            self.assertLessEqual(float(there.distance_m), 1.0 + TOLERANCE_M)
            # A place on its roof's edge is no nearer to a point than the nearest obstacle is.
            north_m = (points[:, 1] - corner[1]) * 110_570.0
            east_m = (points[:, 0] - corner[0]) * 111_320.0 * np.cos(np.radians(22.45))
            away_m = np.hypot(np.hypot(north_m, east_m), points[:, 2] - obstacle.top_msl_m)
            self.assertTrue((near.distance_m <= away_m * 1.02 + 1.0).all())

    def test_zones_put_up_make_a_version_of_their_own(self) -> None:
        view = self.airspace.view(at=DEPART)
        lon, lat = self.drawn_places(generator(), 500)
        floor, ceiling = view.band(lon, lat)
        k = int(np.argmax(floor + 20.0 < ceiling))
        point = [lon[k], lat[k], 0.5 * (floor[k] + ceiling[k])]
        closed = self.airspace.with_zones(live_zones(self.airspace, circle(lon[k], lat[k], 80.0)))
        self.assertNotEqual(closed.hash, self.airspace.hash)
        self.assertTrue(self.airspace.segment_free(point, point, at=DEPART))
        self.assertFalse(closed.segment_free(point, point, at=DEPART))
        self.assertEqual(pickle.loads(pickle.dumps(closed)).hash, closed.hash)
        with self.refused("value_invalid"):
            closed.with_zones(live_zones(closed))
        with self.refused("bad_json"):
            self.airspace.with_zones("{")

    def test_it_is_pickled_as_the_place_that_it_lies_at(self) -> None:
        again = pickle.loads(pickle.dumps(self.airspace))
        self.assertEqual((again.hash, again.path), (self.airspace.hash, self.airspace.path))

    def test_threads_get_the_same_answers(self) -> None:
        random = generator()
        start, end = self.drawn_points(random, 3000), self.drawn_points(random, 3000)
        end = start + 0.02 * (end - start)
        def ask(airspace: swiftlet.Airspace, policy: dict[str, float]) -> bytes:
            return (airspace.segment_free(start, end, policy, at=DEPART).tobytes() +
                    airspace.floor(start[:, 0], start[:, 1], policy, at=DEPART).tobytes())

        alone = [ask(self.airspace, policy) for policy in ({}, STRICT)]
        fresh = swiftlet.Airspace.open(PATH)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda policy: ask(fresh, policy), [{}, STRICT] * 8))
        self.assertEqual(together, alone * 8)
        self.assertNotEqual(*alone)

    def test_what_is_bad_has_a_code(self) -> None:
        nan, inf = float("nan"), float("inf")
        for lon, lat, where in ((nan, 22.45, "lon"), (115.1, inf, "lat"), (181.0, 22.45, "lon"), (115.1, -91.0, "lat"),
                                ("here", 22.45, "lon"), ([115.1, nan], 22.45, "lon[1]"), (None, 1.0, "lon"),
                                ([1.0, 2.0, 3.0], [1.0, 2.0], "lon, lat"), ([[1.0], [2.0, 3.0]], 1.0, "lon")):
            for ask in (self.airspace.terrain, self.airspace.floor, self.airspace.ceiling):
                with self.refused("value_invalid", where):
                    ask(lon, lat)
        point = [115.1, 22.45, 60.0]
        for bad, where in (([115.1, 22.45], "start"), (60.0, "start"), ([115.1, 22.45, nan], "start"),
                           ([200.0, 22.45, 60.0], "lon"), ([[point] * 2] * 3, "start, end")):
            with self.refused("value_invalid", where):
                self.airspace.segment_free(bad, [point] * 4 if where == "start, end" else point)
        with self.refused("value_invalid", "alt_msl_m"):
            self.airspace.nearest_obstacle(115.1, 22.45, nan)
        for policy, code in (({"max_height_m": 60.0}, "unknown_field"), ({"max_height_agl_m": nan}, "value_invalid"),
                             ({"max_height_agl_m": 10.0}, "value_invalid"), ({"cell_m": 4.0}, "value_invalid"),
                             ({"hold_s": "long"}, "value_invalid"), ({"lateral_clearance_m": -1.0}, "value_invalid")):
            with self.refused(code, "policy"):
                self.airspace.view(policy)
        for times in ({"at": "noon"}, {"at": DEPART, "until": "2026-11-23T09:00:00Z"}, {"at": 7}):
            with self.refused("time_invalid"):
                self.airspace.view(**times)
        for number in (-1, self.airspace.obstacle_count, 1.5):
            with self.refused("value_invalid", "number"):
                self.airspace.obstacle(number)
        for path in ("/nowhere", pathlib.Path("/nowhere"), "/nowhere/\udcff", "/nowhere/是"):
            with self.refused("file_not_found", "nowhere"):
                swiftlet.Airspace.open(path)

    def test_damaged_data_is_told_and_never_answered_from(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "copy"
            shutil.copytree(PATH, copy)
            data = copy / "airspace.bin"
            size = data.stat().st_size
            with data.open("r+b") as file:
                for at in range(size // 8, size, 3 * 4096):
                    file.seek(at)
                    file.write(b"\xff\x00\xff\x7f")
            with self.refused("airspace_damaged", "airspace.bin"):
                damaged = swiftlet.Airspace.open(copy)
                lon, lat = self.drawn_places(generator(), 2000)
                damaged.floor(lon, lat)


if __name__ == "__main__":
    unittest.main()
