"""Routes, the answers to plan requests."""
from __future__ import annotations

import datetime
import functools
import json
import math
import os
import pathlib
from typing import Any

import numpy as np
import numpy.typing as npt

from swiftlet import _core
from swiftlet._errors import SwiftletError, error_of
from swiftlet._request import PathLike

WAYPOINT = np.dtype([("lon", "f8"), ("lat", "f8"), ("alt_msl_m", "f8"), ("height_agl_m", "f8"), ("t_s", "f8"),
                     ("ground_speed_m_s", "f8"), ("phase", "U8")])


class Route:
    """The answer to a plan request: a proven flight, or why there is none (``swiftlet.route/1``).

    Immutable. It is what the program wrote, byte for byte, and is read when it is first asked: routes can be compared,
    pickled and handed to processes, and one that was saved is as good as one that was just planned.

    Numbers of a flight are NaN where ``status`` is not ``"ok"``, and there are no waypoints.
    """

    def __init__(self, text: str) -> None:
        """text: one ``swiftlet.route/1`` object as JSON. Raises SwiftletError (``bad_json``, ``bad_request``)."""
        _core.check_route(text)
        self._text = text.strip()

    @classmethod
    def _answered(cls, text: str) -> Route:
        """What the planner has just written needs no check."""
        route = cls.__new__(cls)
        route._text = text
        return route

    @classmethod
    def load(cls, path: PathLike) -> Route:
        """Reads a route that was saved or that ``swiftlet plan`` wrote. Raises OSError and SwiftletError."""
        return cls(pathlib.Path(path).read_text(encoding="utf-8"))

    def save(self, path: PathLike) -> None:
        """Writes the route with an end of line, whole or not at all. Raises OSError."""
        file = pathlib.Path(path)
        beside = file.with_name(f"{file.name}.{os.getpid()}.part")
        try:
            beside.write_text(self._text + "\n", encoding="utf-8")
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)

    def to_json(self) -> str:
        """The very bytes of ``swiftlet.route/1``, without an end of line."""
        return self._text

    @functools.cached_property
    def _fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self._text)
        return fields

    def _number(self, name: str) -> float:
        value = self._fields.get(name)
        return math.nan if value is None else float(value)

    @property
    def id(self) -> str:
        """As the request had it."""
        return str(self._fields["id"])

    @property
    def status(self) -> str:
        """``ok``, ``infeasible`` (a proof), ``refused`` or ``deadline``."""
        return str(self._fields["status"])

    @property
    def ok(self) -> bool:
        """Whether there is a flight."""
        return self.status == "ok"

    @property
    def error(self) -> SwiftletError | None:
        """Why there is none, with code, place, cause and hint; None where there is one."""
        return error_of(self._fields["error"]) if "error" in self._fields else None

    def raise_for_status(self) -> Route:
        """This route if it is ok; else raises its error, with this answer as ``route`` of it."""
        error = self.error
        if error is None:
            return self
        error.route = self
        raise error

    @property
    def airspace_name(self) -> str:
        """Of the airspace that it was planned in."""
        return str(self._fields["airspace"]["name"])

    @property
    def airspace_hash(self) -> str:
        """``sha256:…`` of that very version of it."""
        return str(self._fields["airspace"]["hash"])

    @property
    def vehicle(self) -> str:
        """The vehicle type's name."""
        return str(self._fields["vehicle"])

    @property
    def objective(self) -> str:
        """``time``, ``energy``, ``length`` or ``risk``."""
        return str(self._fields["objective"])

    @property
    def depart(self) -> datetime.datetime | None:
        """When the weight leaves the deck, UTC; None where the request's own could not be read."""
        text = self._fields["depart"]
        return None if text is None else datetime.datetime.fromisoformat(text)

    @functools.cached_property
    def waypoints(self) -> npt.NDArray[np.void]:
        """The flown curve, straight in (lon, lat, alt_msl_m) between its points: a read-only structured array.

        Fields: ``lon``, ``lat`` (degrees, WGS84), ``alt_msl_m`` (metres above the region's vertical datum),
        ``height_agl_m`` (above the terrain at that point), ``t_s`` (since the weight left the deck),
        ``ground_speed_m_s``, ``phase`` (takeoff, climb, cruise, descent, landing).
        """
        names = WAYPOINT.names or ()
        rows = [tuple(point[name] for name in names) for point in self._fields.get("waypoints", ())]
        points = np.array(rows, dtype=WAYPOINT)
        points.flags.writeable = False
        return points

    @property
    def path(self) -> npt.NDArray[np.float64]:
        """The waypoints' places alone: an array of the shape (n, 3), lon, lat, alt_msl_m."""
        points = self.waypoints
        return np.stack([points["lon"], points["lat"], points["alt_msl_m"]], axis=-1)

    @property
    def length_m(self) -> float:
        """Of the flown curve, in space."""
        return self._number("length_m")

    @property
    def duration_s(self) -> float:
        """From leaving the deck to touchdown."""
        return self._number("duration_s")

    @property
    def energy_wh(self) -> float:
        """Drawn from the battery."""
        return self._number("energy_wh")

    @property
    def ground_risk(self) -> float:
        """Expected ground fatalities of the flight; NaN where the region knows no densities."""
        return self._number("ground_risk")

    @property
    def cost(self) -> float:
        """In the objective's unit: s, Wh, m or expected fatalities."""
        return self._number("cost")

    @property
    def lower_bound(self) -> float:
        """No route that is feasible in the exact geometry can cost less."""
        return self._number("lower_bound")

    @property
    def gap(self) -> float:
        """cost / lower_bound − 1; NaN where the bound is 0."""
        return self._number("gap")

    @property
    def certificate(self) -> dict[str, Any]:
        """What the referee has proven: clearances, nearest obstacle, heights, zones; empty where there is no flight."""
        return dict(self._fields.get("certificate", {}))

    @property
    def policy(self) -> dict[str, Any]:
        """Everything that it keeps to, the region's defaults included."""
        return dict(self._fields["policy"])

    @property
    def planning(self) -> dict[str, Any]:
        """planner, time_us, first_solution_us, and ``stopped`` where a deadline cut the search."""
        return dict(self._fields["planning"])

    @property
    def warnings(self) -> list[str]:
        """What the answer rests on and is not as it should be."""
        return list(self._fields.get("warnings", ()))

    @property
    def explanation(self) -> dict[str, Any] | None:
        """Where it was asked for: what closes the straight line, which search found the way, what binds."""
        return self._fields.get("explain")

    @property
    def differs(self) -> dict[str, Any] | None:
        """Of an alternative: why it is another way than the first."""
        return self._fields.get("differs")

    @functools.cached_property
    def alternatives(self) -> tuple[Route, ...]:
        """Really different routes beside this one, the cheapest first, where they were asked for."""
        return tuple(Route._answered(text) for text in _core.alternatives(self._text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Route) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[Any, ...]:
        return Route._answered, (self._text,)

    def __repr__(self) -> str:
        if not self.ok:
            return f"<swiftlet.Route {self.id!r} {self.status}: {self.error}>"
        return (f"<swiftlet.Route {self.id!r} with {self.vehicle}: {self.length_m:.0f} m, {self.duration_s:.1f} s, "
                f"{self.energy_wh:.1f} Wh, {len(self.waypoints)} waypoints>")
