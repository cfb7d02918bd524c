"""The high-voltage line and the tower cranes."""
import math

from . import plan, shapes

SECTION_M = 70.0  # a span is cut so that one section's top follows sag and slope
SAG_M, SPARE_M = 7.0, 0.5


def ground_at(terrain, u, v):
    return float(terrain.at(plan.EAST_0 + u, plan.NORTH_0 + v))


def pylons(terrain):
    """(name, u, v, height); taller where the next one stands higher."""
    for n, (u, v) in enumerate(plan.PYLONS):
        around = [ground_at(terrain, *p) for p in plan.PYLONS[max(0, n - 1):n + 2]]
        lift = min(14.0, 0.4 * max(0.0, max(around) - ground_at(terrain, u, v)))
        yield f"T{n + 1:02d}", u, v, round(46.0 + lift + 3 * (n % 2), 1)


def spans(terrain, to_map):
    """(name, points, height above the highest ground under the section with its buffer)."""
    towers = [(u, v, ground_at(terrain, u, v) + 0.92 * h) for _, u, v, h in pylons(terrain)]
    for n, ((au, av, az), (bu, bv, bz)) in enumerate(zip(towers[:-1], towers[1:])):
        count = max(1, round(math.hypot(bu - au, bv - av) / SECTION_M))
        for k in range(count):
            ends = (k / count, (k + 1) / count)
            points = [(au + t * (bu - au), av + t * (bv - av)) for t in ends]
            wire = max(az + t * (bz - az) - 4 * SAG_M * t * (1 - t) for t in ends)
            strip = to_map(shapes.line(points)).Buffer(plan.SPAN_BUFFER_M, 32)
            height = wire + SPARE_M - terrain.max_over(strip)
            if height < 10:
                raise ValueError(f"span {n + 1}.{k + 1}: the wire hangs only {height:.1f} m above the ground")
            yield f"S{n + 1:02d}.{k + 1}", points, math.ceil(height * 10) / 10
