"""Buildings: every district is cut into blocks by its street grid, every block is built over in the district's style."""
import math
from dataclasses import dataclass

import numpy as np

from . import ground, plan, shapes


@dataclass
class Building:
    outline: list
    height_m: float
    use: str
    name: str = ""
    hole: tuple = ()

    def geometry(self):
        return shapes.polygon(self.outline, *([self.hole] if self.hole else []))


# block length, block depth, street width in metres
GRIDS = {"cbd": (92, 78, 20), "old": (58, 46, 9), "port": (150, 64, 30), "works": (120, 84, 20),
         "estate": (150, 128, 22), "midrise": (104, 72, 18), "hillside": (64, 64, 0)}
LARGEST_FALL_M = {"hillside": 5.0, "estate": 8.0}  # of the ground under one building
TOWER_MAX_M, TOWER_MIN_M = 248.0, 62.0


class FreeGround:
    """Where building is allowed, looked up on a 5 m grid, in parks and beside reserved places by geometry."""

    STEP_M = 5.0

    def __init__(self, terrain):
        self.terrain = terrain
        step = self.STEP_M
        u, v = np.meshgrid(np.arange(0, plan.COLUMNS * plan.CELL_M, step), np.arange(0, plan.ROWS * plan.CELL_M, step))
        shore = ground.shore_distance(u, v)
        quay = (u > plan.QUAY[0]) & (u < plan.QUAY[1]) & (v < 1400)
        self.mask = shore > np.where(quay, 14.0, 32.0)
        self.mask &= ground.river_banks(u, v)[0] > 30
        self.mask &= shapes.distance_to_line(u, v, plan.PYLONS)[0] > plan.LINE_FREE_M
        self.closed = [shapes.polygon(outline).Buffer(6) for _, outline in plan.PARKS]
        for _, cu, cv, length, width in (plan.HOSPITAL, plan.STADIUM):
            self.closed.append(shapes.polygon(shapes.rectangle(cu, cv, length, width)).Buffer(26))
        for _, cu, cv, _ in plan.CRANES:
            self.closed.append(shapes.polygon(shapes.ellipse(cu, cv, plan.CRANE_FREE_M, plan.CRANE_FREE_M)))

    def allows(self, building, district):
        points = np.array(building.outline)
        points = np.vstack([points, (points + np.roll(points, 1, axis=0)) / 2, points.mean(axis=0)])
        cells = np.round(points / self.STEP_M).astype(int)
        if (cells < 0).any() or (cells[:, 0] >= self.mask.shape[1]).any() or (cells[:, 1] >= self.mask.shape[0]).any():
            return False
        if not self.mask[cells[:, 1], cells[:, 0]].all():
            return False
        z = self.terrain.at(plan.EAST_0 + points[:, 0], plan.NORTH_0 + points[:, 1])
        if z.min() < 1.5 or z.max() - z.min() > LARGEST_FALL_M.get(building.use, 4.0):
            return False
        geometry = building.geometry()
        return district.Contains(geometry) and not any(c.Intersects(geometry) for c in self.closed)


def spread(rng, low, high):
    return low + (high - low) * rng.random()


def box(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def tower_outline(rng, x, y, half):
    kind = rng.random()
    if kind < 0.2:
        return shapes.ellipse(x, y, half, half, 11, 16)
    if kind < 0.45:
        cut = half * 0.35
        return [(x - half + cut, y - half), (x + half - cut, y - half), (x + half, y - half + cut), (x + half, y + half - cut),
                (x + half - cut, y + half), (x - half + cut, y + half), (x - half, y + half - cut), (x - half, y - half + cut)]
    return box(x - half, y - half * spread(rng, 0.7, 1), x + half, y + half * spread(rng, 0.7, 1))


def cbd_block(rng, length, depth, middle):
    """One or two towers, most on a podium; some blocks stay plazas or low halls."""
    core = min(math.dist(middle, c) for c in plan.CBD_CORE)
    tall = math.exp(-(core / 620) ** 2)
    kind = rng.random()
    if kind < 0.07:
        return
    if kind < 0.2:
        yield Building(box(8, 8, length - 8, depth - 26), spread(rng, 14, 26), "hall")
        return
    if kind < 0.55:
        half = spread(rng, 15, 21)
        x, y = spread(rng, half + 6, length - half - 6), depth / 2 + spread(rng, -8, 8)
        yield Building(box(2, 4, length - 2, depth - 4), round(spread(rng, 13, 26)), "podium")
        yield Building(tower_outline(rng, x, y, half), tower_height(rng, tall), "tower")
        return
    for x in (length * 0.24, length * 0.76):
        half = spread(rng, 12, 17)
        yield Building(tower_outline(rng, x, depth * 0.5 + spread(rng, -14, 14), half), tower_height(rng, tall), "tower")


def tower_height(rng, tall):
    return min(TOWER_MAX_M, TOWER_MIN_M + spread(rng, 5, 60) + 150 * tall * spread(rng, 0.35, 1.0))


def old_block(rng, length, depth, _):
    """Two rows of narrow houses, back to back over a lane; here and there a courtyard or a taller house."""
    for row in (0, 1):
        x = 0.0
        while x < length - 6:
            width = min(spread(rng, 7, 14), length - x)
            deep = spread(rng, 11, 18)
            height = spread(rng, 19, 29) if rng.random() < 0.06 else spread(rng, 6, 14.5)
            if rng.random() < 0.93 and width > 6:
                y0, y1 = (0, deep) if row == 0 else (depth - deep, depth)
                yield Building(box(x, y0, x + width - spread(rng, 0.2, 1.2), y1), height, "house")
            x += width


def port_block(rng, length, depth, _):
    """Stacks of containers, four to six high, in rows for the straddle carriers; a shed now and then."""
    if rng.random() < 0.18:
        yield Building(box(4, 6, length - 4, depth - 6), spread(rng, 11, 15), "shed")
        return
    for y in range(2, int(depth) - 12, 20):
        x = 0.0
        while x < length - 36:
            run = spread(rng, 24, 60)
            if rng.random() < 0.85:
                yield Building(box(x, y, min(x + run, length), y + 14), 2.6 * (2 + int(4 * rng.random())), "containers")
            x += run + 7


def works_block(rng, length, depth, _):
    if rng.random() < 0.5:
        yield Building(box(0, 0, length, depth - 14), spread(rng, 9, 17), "shed")
        return
    split = spread(rng, 40, 75)
    yield Building(box(0, 0, split - 8, depth), spread(rng, 8, 16), "shed")
    yield Building(box(split + 4, 0, length, depth * 0.45), spread(rng, 8, 22), "works")
    yield Building(box(split + 4, depth * 0.45 + 12, length, depth), spread(rng, 8, 14), "shed")


def estate_block(rng, length, depth, _):
    """Cross-shaped point towers or long slabs of one height around a garden, and a low club house."""
    height = spread(rng, 54, 99)
    if rng.random() < 0.55:
        for x, y in ((24, 24), (length - 24, 24), (24, depth - 24), (length - 24, depth - 24)):
            a, b = spread(rng, 14, 16), 6.5
            cross = [(-b, -a), (b, -a), (b, -b), (a, -b), (a, b), (b, b), (b, a), (-b, a), (-b, b), (-a, b), (-a, -b), (-b, -b)]
            yield Building([(x + dx, y + dy) for dx, dy in cross], height + spread(rng, -4, 4), "estate")
    else:
        for y in (6, depth / 2 + 8, depth - 22):
            if rng.random() < 0.88:
                yield Building(box(8, y, length - 8 - spread(rng, 0, 40), y + 14), height * spread(rng, 0.5, 0.75), "estate")
        return
    yield Building(box(length / 2 - 14, depth / 2 - 9, length / 2 + 14, depth / 2 + 9), spread(rng, 5, 9), "club house")


def midrise_block(rng, length, depth, _):
    """Slabs along the streets, an L at some corners, a courtyard inside."""
    height = spread(rng, 18, 36)
    kind = rng.random()
    if kind < 0.12:
        yield Building(box(0, 8, length, depth - 8), spread(rng, 12, 22), "market hall")
        return
    if kind < 0.4:
        yield Building([(0, 0), (length, 0), (length, 14), (14, 14), (14, depth), (0, depth)], height, "slab")
        yield Building(box(34, depth - 15, length, depth), height + spread(rng, -6, 8), "slab")
        return
    for y0, y1 in ((0, 14), (depth - 14, depth)):
        cut = spread(rng, 30, length - 30)
        yield Building(box(0, y0, cut - 3, y1), height + spread(rng, -5, 9), "slab")
        yield Building(box(cut + 3, y0, length, y1), height + spread(rng, -5, 9), "slab")
    if rng.random() < 0.4:
        yield Building(box(length / 2 - 13, depth / 2 - 7, length / 2 + 13, depth / 2 + 7), spread(rng, 6, 12), "annex")


def hillside_block(rng, length, depth, _):
    if rng.random() < 0.3:
        x, y = spread(rng, 12, length - 12), spread(rng, 12, depth - 12)
        yield Building(shapes.rectangle(x, y, spread(rng, 5, 8), spread(rng, 4, 6), spread(rng, 0, 90)),
                       spread(rng, 6, 10), "hillside")


BLOCKS = {"cbd": cbd_block, "old": old_block, "port": port_block, "works": works_block, "estate": estate_block,
          "midrise": midrise_block, "hillside": hillside_block}


def district_buildings(rng, free, style, angle, outline):
    district = shapes.polygon(outline)
    length, depth, street = GRIDS[style]
    cu, cv = np.mean(outline, axis=0)
    reach = max(math.dist((cu, cv), p) for p in outline)
    across, up = math.ceil(reach / (length + street)), math.ceil(reach / (depth + street))
    for i in range(-across, across + 1):
        for j in range(-up, up + 1):
            x, y = i * (length + street), j * (depth + street)
            middle = shapes.turn(cu, cv, x + length / 2, y + depth / 2, angle)
            for b in BLOCKS[style](rng, length, depth, middle):
                b.outline = [shapes.turn(cu, cv, x + dx, y + dy, angle) for dx, dy in b.outline]
                if free.allows(b, district):
                    yield b


def landmarks():
    name, u, v, length, width = plan.HOSPITAL
    yield Building(shapes.rectangle(u, v, length, width), 44.0, "hospital", name)
    name, u, v, length, width = plan.STADIUM
    yield Building(shapes.ellipse(u, v, length, width, 0, 40), 34.0, "stadium", name,
                   tuple(shapes.ellipse(u, v, length - 40, width - 36, 0, 40)))
    yield Building(shapes.rectangle(3240, 2700, 9, 7), 11.0, "observatory", "Old Observatory")
    yield Building(shapes.ellipse(5210, 560, 4, 4), 26.0, "lighthouse", "Cape Lantern Light")


def all_buildings(terrain):
    free = FreeGround(terrain)
    buildings = list(landmarks())
    for n, (_, style, angle, outline) in enumerate(plan.DISTRICTS):
        rng = np.random.default_rng([plan.SEED, n])
        buildings += district_buildings(rng, free, style, angle, outline)
    for b in buildings:
        b.height_m = round(float(b.height_m), 1)
    return buildings
