#!/usr/bin/python3
"""Check a region's pads against its own source files.

    pad_rules.py REGION.toml

Reads terrain, obstacles, geozones and pads as region.toml names them and proves for every slot that
  - it lies inside the flyable extent, with a margin,
  - a slot inside a footprint stands on the highest part there, and all slots of the pad on the same one,
  - nothing rises above the deck within the terminal cylinder,
  - the column above it reaches transit altitude below the ceiling and below every zone,
  - it keeps its distance from the other slots.
Works in the terrain's CRS, in double. Needs GDAL's Python bindings and numpy. Ends with 1 if a rule is broken.
"""
import json
import math
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()

FOOT_M = 0.3048
EPS_M = 1e-6


@dataclass(frozen=True)
class Rules:
    """The region's policy, and how much room this check wants beyond it."""

    min_height_agl_m: float = 30.0
    max_height_agl_m: float = 120.0
    lateral_clearance_m: float = 10.0
    vertical_clearance_m: float = 10.0
    terminal_radius_m: float = 8.0
    lateral_slack_m: float = 0.5
    terminal_slack_m: float = 1.0
    column_slack_m: float = 0.5
    deck_tolerance_m: float = 0.3
    slot_spacing_m: float = 6.0
    edge_margin_m: float = 60.0


class Terrain:
    """Bilinear height between cell centres; x, y in the raster's CRS."""

    def __init__(self, heights, geotransform, srs):
        self.z = np.asarray(heights, dtype=np.float64)
        self.gt, self.srs = geotransform, srs
        self.rows, self.cols = self.z.shape
        self.x0, self.y0 = self.gt[0] + 0.5 * self.gt[1], self.gt[3] + 0.5 * self.gt[5]
        xs = sorted((self.x0, self.x0 + (self.cols - 1) * self.gt[1]))
        ys = sorted((self.y0, self.y0 + (self.rows - 1) * self.gt[5]))
        self.hull = (xs[0], ys[0], xs[1], ys[1])

    @classmethod
    def open(cls, path):
        dataset = gdal.Open(str(path))
        srs = dataset.GetSpatialRef()
        srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        return cls(dataset.ReadAsArray(), dataset.GetGeoTransform(), srs)

    def at(self, x, y):
        """Height; outside the hull of the cell centres the nearest point of the hull counts."""
        u = np.clip((np.asarray(x, float) - self.x0) / self.gt[1], 0, self.cols - 1)
        v = np.clip((np.asarray(y, float) - self.y0) / self.gt[5], 0, self.rows - 1)
        c = np.minimum(u.astype(int), self.cols - 2)
        r = np.minimum(v.astype(int), self.rows - 2)
        fu, fv = u - c, v - r
        z = self.z
        low = z[r, c] * (1 - fu) + z[r, c + 1] * fu
        high = z[r + 1, c] * (1 - fu) + z[r + 1, c + 1] * fu
        return low * (1 - fv) + high * fv

    def margin(self, x, y):
        """Distance to the edge of the hull, negative outside."""
        west, south, east, north = self.hull
        return min(x - west, east - x, y - south, north - y)

    def max_over(self, geometry):
        """Exact maximum over a polygon: a patch has no inner maximum, so edges and inner cell centres decide."""
        best = -math.inf
        for ring in _rings(geometry):
            for (ax, ay), (bx, by) in zip(ring[:-1], ring[1:]):
                best = max(best, self._max_on_segment(ax, ay, bx, by))
        west, east, south, north = geometry.GetEnvelope()
        c0, c1 = sorted(((west - self.x0) / self.gt[1], (east - self.x0) / self.gt[1]))
        r0, r1 = sorted(((south - self.y0) / self.gt[5], (north - self.y0) / self.gt[5]))
        for r in range(max(0, math.ceil(r0)), min(self.rows - 1, math.floor(r1)) + 1):
            for c in range(max(0, math.ceil(c0)), min(self.cols - 1, math.floor(c1)) + 1):
                if self.z[r, c] > best:
                    node = point(self.x0 + c * self.gt[1], self.y0 + r * self.gt[5])
                    if geometry.Intersects(node):
                        best = self.z[r, c]
        return float(best)

    def _max_on_segment(self, ax, ay, bx, by):
        """Between crossings with the grid the height along a line is a parabola."""
        cuts = {0.0, 1.0}
        for a, b, origin, step in ((ax, bx, self.x0, self.gt[1]), (ay, by, self.y0, self.gt[5])):
            ka, kb = sorted(((a - origin) / step, (b - origin) / step))
            for k in range(math.ceil(ka), math.floor(kb) + 1):
                if b != a:
                    cuts.add(min(1.0, max(0.0, (origin + k * step - a) / (b - a))))
        t = np.array(sorted(cuts))
        middle = 0.5 * (t[:-1] + t[1:])
        z = self.at(ax + t * (bx - ax), ay + t * (by - ay))
        zm = self.at(ax + middle * (bx - ax), ay + middle * (by - ay))
        best = z.max()
        for left, right, mid in zip(z[:-1], z[1:], zm):
            curve = 2.0 * (left + right) - 4.0 * mid
            slope = right - left - curve
            if curve < 0 and 0 < -slope / (2 * curve) < 1:
                best = max(best, left - slope * slope / (4 * curve))
        return float(best)


def point(x, y):
    geometry = ogr.Geometry(ogr.wkbPoint)
    geometry.AddPoint_2D(float(x), float(y))
    return geometry


def _rings(geometry):
    if geometry.GetGeometryName() == "LINEARRING":
        yield [p[:2] for p in geometry.GetPoints()]
        return
    for i in range(geometry.GetGeometryCount()):
        yield from _rings(geometry.GetGeometryRef(i))


class Obstacles:
    """Prisms with a top, found by their envelopes."""

    def __init__(self):
        self.geometries, self.tops, self.names, self._boxes = [], [], [], []

    def add(self, geometry, top, name):
        self.geometries.append(geometry)
        self.tops.append(top)
        self.names.append(name)
        self._boxes.append(geometry.GetEnvelope())

    def near(self, x, y, radius):
        """Yields (index, distance) of what lies nearer than radius."""
        if not self.geometries:
            return
        if not isinstance(self._boxes, np.ndarray):
            self._boxes = np.array(self._boxes)
        west, east, south, north = self._boxes.T
        hit = (west < x + radius) & (east > x - radius) & (south < y + radius) & (north > y - radius)
        here = point(x, y)
        for i in np.flatnonzero(hit):
            distance = self.geometries[i].Distance(here)
            if distance < radius:
                yield int(i), distance


@dataclass
class Zone:
    name: str
    area: object  # polygon in the terrain's CRS
    lower_m: float
    reference: str


@dataclass
class Pad:
    id: str
    kind: str
    deck_height_agl_m: object
    slots: list  # [(x, y)] in the terrain's CRS


class Region:
    def __init__(self, manifest):
        manifest = Path(manifest)
        self.config = tomllib.loads(manifest.read_text(encoding="utf-8"))
        folder = manifest.parent
        policy = self.config.get("policy", {})
        self.rules = Rules(**{k: v for k, v in policy.items() if k in Rules.__dataclass_fields__})
        self.terrain = Terrain.open(folder / self.config["terrain"][0]["path"])
        self.obstacles = Obstacles()
        for entry in self.config.get("obstacles", []):
            read_obstacles(self.obstacles, self.terrain, folder, entry)
        wgs84 = osr.SpatialReference()
        wgs84.ImportFromEPSG(4326)
        wgs84.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        self.to_local = osr.CoordinateTransformation(wgs84, self.terrain.srs)
        self.to_wgs84 = osr.CoordinateTransformation(self.terrain.srs, wgs84)
        self.zones = [z for e in self.config.get("geozones", []) for z in read_zones(folder / e["path"], self.to_local)]
        self.pads = []
        for entry in self.config.get("pads", []):
            if (folder / entry["path"]).exists():
                self.pads += read_pads(folder / entry["path"], self.to_local)


def read_obstacles(obstacles, terrain, folder, entry):
    dataset = gdal.OpenEx(str(folder / entry["path"]), gdal.OF_VECTOR)
    layer = dataset.GetLayerByName(entry["layer"]) if "layer" in entry else dataset.GetLayer(0)
    layer.SetAttributeFilter(entry.get("where"))
    source = layer.GetSpatialRef()
    source.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    change = None if source.IsSame(terrain.srs) else osr.CoordinateTransformation(source, terrain.srs)
    for feature in layer:
        geometry = feature.GetGeometryRef().Clone()
        if change:
            geometry.Transform(change)
        if entry.get("buffer_m"):
            geometry = geometry.Buffer(entry["buffer_m"], 32)
        height = feature[entry["height_field"]]
        height = entry["default_height_m"] if height is None else height
        name = f"{entry['kind']} {feature.GetFID()}"
        obstacles.add(geometry, terrain.max_over(geometry) + height, name)


def read_zones(path, to_local):
    root = json.loads(path.read_text(encoding="utf-8"))
    for feature in root.get("features", root.get("UASZoneList", [])):
        if feature["restriction"] == "NO_RESTRICTION":
            continue
        for volume in feature["geometry"]:
            unit = FOOT_M if volume.get("uomDimensions") == "FT" else 1.0
            area = _projection_area(volume["horizontalProjection"], to_local)
            yield Zone(feature["identifier"], area, float(volume["lowerLimit"]) * unit, volume["lowerVerticalReference"])


def _projection_area(projection, to_local):
    if projection["type"] == "Circle":
        centre = point(*projection["center"])
        centre.Transform(to_local)
        return centre.Buffer(projection["radius"] * 1.001, 64)
    area = ogr.CreateGeometryFromJson(json.dumps(projection))
    area.Transform(to_local)
    return area


def read_pads(path, to_local):
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        p = feature["properties"]
        positions = p.get("slot_positions", [feature["geometry"]["coordinates"]])
        if positions[0] != feature["geometry"]["coordinates"] or len(positions) != p.get("slots", 1):
            raise ValueError(f"{path}: pad {p['id']}: slots and slot_positions disagree")
        slots = [to_local.TransformPoint(*lon_lat)[:2] for lon_lat in positions]
        yield Pad(p["id"], p["kind"], p.get("deck_height_agl_m"), slots)


def carrier_at(region, x, y):
    """Index of the highest obstacle whose footprint holds the point, or None."""
    inside = [i for i, distance in region.obstacles.near(x, y, EPS_M) if distance == 0.0]
    return max(inside, key=lambda i: region.obstacles.tops[i], default=None)


def slot_problems(region, x, y, deck_height_agl_m=None):
    """Every rule the slot breaks, as text."""
    rules, obstacles = region.rules, region.obstacles
    if region.terrain.margin(x, y) < rules.edge_margin_m:
        return ["nearer than the margin to the edge of the terrain"]
    ground = float(region.terrain.at(x, y))
    carrier = carrier_at(region, x, y)
    deck = ground + (deck_height_agl_m or 0.0)
    problems = []
    if carrier is not None:
        if deck_height_agl_m is not None and abs(deck - obstacles.tops[carrier]) > rules.deck_tolerance_m:
            problems.append(f"deck {deck:.2f} m, roof {obstacles.tops[carrier]:.2f} m")
        deck = obstacles.tops[carrier]
    floor = max(ground + rules.min_height_agl_m, deck)
    terminal = rules.terminal_radius_m + rules.terminal_slack_m
    lateral = rules.lateral_clearance_m + rules.lateral_slack_m
    for i, distance in obstacles.near(x, y, max(terminal, lateral)):
        if distance < terminal and obstacles.tops[i] > deck + EPS_M:
            problems.append(f"{obstacles.names[i]} rises above the deck at {distance:.1f} m")
        if distance < lateral:
            floor = max(floor, obstacles.tops[i] + rules.vertical_clearance_m)
    ceiling = min([ground + rules.max_height_agl_m] + [z for z in zone_floors(region, x, y, ground)])
    if floor > ceiling - rules.column_slack_m:
        problems.append(f"floor {floor - ground:.1f} m over a ceiling of {ceiling - ground:.1f} m above ground")
    return problems


def zone_floors(region, x, y, ground):
    here = point(x, y)
    for zone in region.zones:
        if zone.area.Intersects(here):
            yield zone.lower_m + (ground if zone.reference == "AGL" else 0.0)


def pad_problems(region, pad):
    problems = []
    for n, (x, y) in enumerate(pad.slots):
        problems += [f"{pad.id} slot {n}: {p}" for p in slot_problems(region, x, y, pad.deck_height_agl_m)]
    if len({carrier_at(region, x, y) for x, y in pad.slots}) > 1:
        problems.append(f"{pad.id}: its slots do not stand on the same thing")
    return problems


def region_problems(region):
    problems = [p for pad in region.pads for p in pad_problems(region, pad)]
    ids = [pad.id for pad in region.pads]
    problems += [f"{i}: id given twice" for i in sorted(set(ids)) if ids.count(i) > 1]
    slots = [(pad.id, x, y) for pad in region.pads for x, y in pad.slots]
    for n, (a, ax, ay) in enumerate(slots):
        for b, bx, by in slots[:n]:
            if math.hypot(ax - bx, ay - by) < region.rules.slot_spacing_m:
                problems.append(f"{a} and {b}: slots only {math.hypot(ax - bx, ay - by):.2f} m apart")
    return problems


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    region = Region(sys.argv[1])
    problems = region_problems(region)
    for problem in problems:
        print(problem)
    roofs = sum(carrier_at(region, *pad.slots[0]) is not None for pad in region.pads)
    print(f"{len(region.pads)} pads ({roofs} on roofs), {sum(len(p.slots) for p in region.pads)} slots, "
          f"{len(region.obstacles.tops)} obstacles, {len(region.zones)} zone volumes, {len(problems)} problems",
          file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
