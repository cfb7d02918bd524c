"""Terrain: sea, coastal plain, hills and a river valley."""
import numpy as np
from osgeo import osr

import pad_rules

from . import plan, shapes

SOFT_TOP_M = 420.0  # no hill grows beyond it, high ones are flattened towards it


def noise(u, v, wavelength_m, seed):
    """Smooth noise between -1 and 1."""
    rng = np.random.default_rng(seed)
    lattice = 2 * rng.random((128, 128)) - 1
    x, y = u / wavelength_m + 8, v / wavelength_m + 8
    i, j = np.floor(x).astype(int), np.floor(y).astype(int)
    s, t = (f * f * f * (f * (6 * f - 15) + 10) for f in (x - i, y - j))
    i, j = i % 127, j % 127
    low = lattice[j, i] * (1 - s) + lattice[j, i + 1] * s
    high = lattice[j + 1, i] * (1 - s) + lattice[j + 1, i + 1] * s
    return low * (1 - t) + high * t


def ramp(x, start, end):
    f = np.clip((x - start) / (end - start), 0, 1)
    return f * f * (3 - 2 * f)


def soft_minimum(a, b, width_m=6.0):
    """The lower of two, rounded where they meet; exact where they differ by more than the width."""
    meet = np.maximum(0, 1 - np.abs(a - b) / width_m)
    return np.minimum(a, b) - 0.25 * width_m * meet**2


def shore_distance(u, v):
    """Metres inland, negative at sea; a natural shore wavers, a quay does not."""
    inland = np.where(v > np.interp(u, *zip(*plan.COAST)), 1.0, -1.0)
    distance = inland * shapes.distance_to_line(u, v, plan.COAST)[0]
    natural = 1 - ramp(u, 200, 330) * (1 - ramp(u, 1480, 1600))
    return distance + natural * (16 * noise(u, v, 260, 11) + 6 * noise(u, v, 90, 12))


def river_banks(u, v):
    """Distance from the water's edge (negative on the water) and the water's level."""
    distance, along = shapes.distance_to_line(u, v, shapes.smooth(plan.RIVER))
    north, mouth = plan.RIVER_HALF_WIDTH
    half = north + (mouth - north) * along**2
    return distance - half, 8.0 * ramp(v, 2400, 5300)


def heights(u, v):
    shore = shore_distance(u, v)
    quay = (u > plan.QUAY[0]) & (u < plan.QUAY[1]) & (v < 1400)
    plain = np.where(quay, 4.5 * np.clip(shore / 6, 0, 1), 3.5 * ramp(shore, 0, 70))
    plain = plain + np.where(shore > 0, 14 * ramp(shore, 60, 4200) + 1.2 * ramp(shore, 60, 300) * noise(u, v, 420, 13), 0)
    hills = np.zeros_like(u)
    for hu, hv, height, radius in plan.HILLS:
        hills += height * 1.08 * np.exp(-((u - hu) ** 2 + (v - hv) ** 2) / radius**2)
    rough = 1 + 0.28 * noise(u, v, 330, 14) + 0.14 * noise(u, v, 140, 15) + 0.05 * noise(u, v, 60, 16)
    hills = np.maximum(0, hills - 9) * rough * ramp(shore, 10, 260)
    z = plain + SOFT_TOP_M * (1 - np.exp(-hills / SOFT_TOP_M))
    bank, water = river_banks(u, v)
    slope = np.maximum(0, bank - 200)
    valley = water + 4.0 * ramp(bank, 0, 30) + 0.03 * np.clip(bank, 0, 200) + (0.18 * slope + 0.0003 * slope**2) * rough
    z = soft_minimum(z, valley)
    return np.where(shore <= 0, 0.0, np.maximum(z, 0.0))


def terrain():
    """The terrain as the file will hold it: float32, to 5 cm."""
    u, v = np.meshgrid((np.arange(plan.COLUMNS) + 0.5) * plan.CELL_M,
                       (plan.ROWS - np.arange(plan.ROWS) - 0.5) * plan.CELL_M)
    z = (np.round(heights(u, v) * 20) / 20).astype(np.float32)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(plan.EPSG)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    north = plan.NORTH_0 + plan.ROWS * plan.CELL_M
    return pad_rules.Terrain(z, (plan.EAST_0, plan.CELL_M, 0.0, north, 0.0, -plan.CELL_M), srs)
