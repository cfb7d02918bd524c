"""Swiftlet in Python: airspaces, proven routes, and rehearsals, with their results as NumPy arrays.

    import swiftlet

    airspace = swiftlet.Airspace.open("build/yanwan")
    route = swiftlet.plan(airspace, "H1", "K33", depart="2026-11-23T10:00:00Z")
    route.waypoints["alt_msl_m"]                        # columns; see Route.waypoints for names and units
    swiftlet.verify(airspace, route).ok                 # the independent referee, on the source files
    study = swiftlet.simulate_route(airspace, route, runs=10_000)
    study.runs["time_s"]

Longitude stands before latitude, in degrees (WGS84). Altitudes (``_msl_m``) are metres above the airspace's vertical
datum, heights (``_agl_m``) above the ground; every other unit stands at the end of the name. Arrays of places may have
any shape. What is wrong raises SwiftletError, with a code; that there is no route is an answer. Everything may be used
from several threads at once.
"""
from swiftlet._airspace import Airspace, Extent, NearestObstacle, Obstacle
from swiftlet._airspace_view import AirspaceView
from swiftlet._core import __version__
from swiftlet._errors import SwiftletError
from swiftlet._export import export
from swiftlet._fleet_day import FleetDay, simulate_fleet
from swiftlet._planning import plan, plan_many, vehicles
from swiftlet._region import Region
from swiftlet._request import Instant, PathLike, Place, Policy, Wind
from swiftlet._route import Route
from swiftlet._route_study import RouteStudy, simulate_route
from swiftlet._verdict import Verdict, verify

__all__ = [
    "Airspace", "AirspaceView", "Extent", "FleetDay", "Instant", "NearestObstacle", "Obstacle", "PathLike", "Place",
    "Policy", "Region", "Route", "RouteStudy", "SwiftletError", "Verdict", "Wind", "__version__", "export", "plan",
    "plan_many", "simulate_fleet", "simulate_route", "vehicles", "verify",
]
