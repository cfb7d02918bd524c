"""Find spots where a whole pad, all its slots together, keeps the rules of pad_rules."""
import math

import pad_rules

DIRECTIONS = 12
NARROW_M = 14.0  # on a street, something stands at most this far from the first slot
ROW_OF = {2: 2, 3: 3, 4: 2, 8: 4}  # slots in a row, by the number of slots


def spots(x, y, reach_m, step_m):
    """Grid points around (x, y), the nearest first."""
    n = int(reach_m / step_m)
    offsets = [(i * step_m, j * step_m) for i in range(-n, n + 1) for j in range(-n, n + 1)]
    for dx, dy in sorted(offsets, key=lambda d: (d[0] ** 2 + d[1] ** 2, d)):
        yield x + dx, y + dy


def layouts(x, y, count, step_m):
    """Rows of slots that begin at (x, y), turned in every direction; single file as well for four."""
    for row in sorted({ROW_OF[count], 4 if count == 4 else ROW_OF[count]}):
        for k in range(DIRECTIONS):
            angle = 2 * math.pi * k / DIRECTIONS
            c, s = step_m * math.cos(angle), step_m * math.sin(angle)
            cells = [(n % row, n // row) for n in range(count)]
            yield [(x + u * c - v * s, y + u * s + v * c) for u, v in cells]


def fits(region, slots, place, allowed_roofs=None):
    """place is open, street or roof; allowed_roofs limits the carrying obstacles."""
    carriers = {pad_rules.carrier_at(region, x, y) for x, y in slots}
    if len(carriers) > 1 or (place == "roof") != (None not in carriers):
        return False
    if place == "roof" and allowed_roofs is not None and not carriers <= allowed_roofs:
        return False
    if place == "street" and next(region.obstacles.near(*slots[0], NARROW_M), None) is None:
        return False
    return not any(pad_rules.slot_problems(region, x, y) for x, y in slots)


def find(region, x, y, count, place, taken, allowed_roofs=None, *, reach_m=150.0, step_m=2.5, slot_step_m=7.5,
         apart_m=40.0):
    """The nearest spot to (x, y) as a list of slots, or None. Keeps apart_m from the slots in `taken`."""
    for sx, sy in spots(x, y, reach_m, step_m):
        if any(math.hypot(sx - tx, sy - ty) < apart_m for tx, ty in taken):
            continue
        if not fits(region, [(sx, sy)], place, allowed_roofs):
            continue
        for slots in layouts(sx, sy, count, slot_step_m):
            if fits(region, slots, place, allowed_roofs):
                return slots
    return None


def feature(region, pad_id, name, slots):
    """GeoJSON of one pad, in WGS84."""
    positions = [[round(v, 8) for v in region.to_wgs84.TransformPoint(x, y)[:2]] for x, y in slots]
    return {"type": "Feature",
            "properties": {"id": pad_id, "name": name, "kind": "hub" if pad_id[0] == "H" else "kiosk",
                           "slots": len(slots), "slot_positions": positions},
            "geometry": {"type": "Point", "coordinates": positions[0]}}
