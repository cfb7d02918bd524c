"""Small plane geometry in the drawing's metres."""
import math

import numpy as np
from osgeo import ogr


def rectangle(u, v, half_u, half_v, angle_deg=0.0):
    return [turn(u, v, du, dv, angle_deg) for du, dv in
            ((-half_u, -half_v), (half_u, -half_v), (half_u, half_v), (-half_u, half_v))]


def ellipse(u, v, half_u, half_v, angle_deg=0.0, corners=16):
    steps = [2 * math.pi * k / corners for k in range(corners)]
    return [turn(u, v, half_u * math.cos(a), half_v * math.sin(a), angle_deg) for a in steps]


def turn(u, v, du, dv, angle_deg):
    """(u, v) plus the offset (du, dv) turned by the angle."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return u + du * c - dv * s, v + du * s + dv * c


def polygon(outline, *holes):
    """OGR polygon; vertices to the centimetre."""
    geometry = ogr.Geometry(ogr.wkbPolygon)
    for points in (outline, *holes):
        ring = ogr.Geometry(ogr.wkbLinearRing)
        for u, v in [*points, points[0]]:
            ring.AddPoint_2D(round(u, 2), round(v, 2))
        geometry.AddGeometry(ring)
    return geometry


def line(points):
    geometry = ogr.Geometry(ogr.wkbLineString)
    for u, v in points:
        geometry.AddPoint_2D(round(u, 2), round(v, 2))
    return geometry


def distance_to_line(u, v, points):
    """Distance of arrays of points from a polyline, and how far along it (0 to 1) the nearest piece lies."""
    best, along = np.full(np.shape(u), np.inf), np.zeros(np.shape(u))
    for n, ((au, av), (bu, bv)) in enumerate(zip(points[:-1], points[1:])):
        du, dv = bu - au, bv - av
        t = np.clip(((u - au) * du + (v - av) * dv) / (du * du + dv * dv), 0, 1)
        d = np.hypot(u - au - t * du, v - av - t * dv)
        nearer = d < best
        best = np.where(nearer, d, best)
        along = np.where(nearer, (n + t) / (len(points) - 1), along)
    return best, along


def smooth(points, steps=12):
    """Catmull-Rom curve through the inner points."""
    p = np.array([points[0], *points, points[-1]], float)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:]):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return [tuple(q) for q in np.vstack([*pieces, p[-1:]])]
