"""Routes for other programs and for autopilots."""
from __future__ import annotations

from swiftlet._command import run
from swiftlet._region import Region, region_words
from swiftlet._request import number
from swiftlet._route import Route


def export(route: Route, format: str, *, region: Region | None = None, tolerance_m: float | None = None) -> str:
    """The route as another program's file: ``swiftlet export``.

    format: ``waypoints`` (QGC WPL 110), ``qgc-plan``, ``geojson``, ``kml``, ``gpx``, ``czml``, ``csv`` or ``svg``.
    region: a region.toml or an airspace, by whose sources the route is judged again before it is handed out.
    tolerance_m: of missions, how far the path may be from the route's own; more than 0.01 needs the region, whose referee
    judges what is left.

    Raises SwiftletError: ``bad_request`` where there is no flight, ``usage``, ``referee_refused``, ``value_invalid``.
    """
    words = ["--format", format]
    if tolerance_m is not None:
        words += ["--tolerance-m", f"{number(tolerance_m, 'tolerance_m'):.17g}"]
    if region is None:
        return run("export", "-", *words, given=route.to_json())
    with region_words(region) as where:
        return run("export", "-", *words, *where, given=route.to_json())
