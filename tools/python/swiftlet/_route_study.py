"""One route flown thousands of times."""
from __future__ import annotations

import json
import os
from typing import Any, Callable, Mapping

import numpy as np
import numpy.typing as npt

from swiftlet import _core
from swiftlet._airspace import Airspace
from swiftlet._arrays import table
from swiftlet._errors import SwiftletError
from swiftlet._request import PathLike, Wind, call_text, integer, number, thread_count, wind as checked_wind
from swiftlet._route import Route

_MOST_RUNS = 10_000_000


class RouteStudy:
    """How the runs of one route went. Made by simulate_route()."""

    def __init__(self, study: _core.Study, call: str) -> None:
        self._study = study
        self._call = call
        self._document: dict[str, Any] = json.loads(study.json)
        self._runs = table(study.columns())
        self._runs.flags.writeable = False

    @property
    def runs(self) -> npt.NDArray[np.void]:
        """A read-only structured array, one element a run.

        How it ended: ``end`` (landed, battery_cut_off, never_arrived, left_terminal, hit_obstacle).
        What was drawn: ``wind_east_m_s``, ``wind_north_m_s`` (where it blows to, at 10 m), ``gust_strength`` (times that
        of MIL-F-8785C), ``payload_kg``, ``battery_ageing`` (share of capacity lost), ``temperature_deg_c``,
        ``departure_delay_s``.
        What came of it: ``time_s``, ``energy_wh``, ``left_wh`` at touchdown, ``off_path_m`` and ``terminal_drift_m`` at
        most, ``height_agl_m`` at least in transit, ``margin_m`` (left of the clearances at least: below 0 where the
        flown line eats into them) and ``distance_m`` to the nearest obstacle in space.
        """
        return self._runs

    @property
    def summary(self) -> dict[str, Any]:
        """Distributions, errors of what was predicted, failures with causes, sensitivities, criteria, verdict."""
        summary: dict[str, Any] = self._document["studies"][0]
        return summary

    @property
    def good(self) -> bool:
        """Whether every criterion holds."""
        return self._study.good()

    def compared_with(self, first: RouteStudy) -> dict[str, Any]:
        """The mean of this study's times and energies less those of `first`, run by run, with its 95 % half width.

        Both must have been made with the same seed: then run k of each met the same wind, gusts and battery.
        """
        difference: dict[str, Any] = json.loads(self._study.compared_with(first._study))
        return {key: value for key, value in difference.items() if key != "study"}

    def to_json(self) -> str:
        """``swiftlet.simulate_route/1`` of this study."""
        return self._study.json

    def to_csv(self) -> str:
        """A line a run, as ``swiftlet simulate route --csv`` writes it."""
        return self._study.csv()

    def to_html(self) -> str:
        """A report on one page that loads nothing: map, profile, distributions, verdict, how to have it again."""
        return self._study.html(self._call)

    def __repr__(self) -> str:
        said = "good" if self.good else "not good"
        return f"<swiftlet.RouteStudy of {self.summary['route']['id']!r}: {len(self.runs)} runs, {said}>"


def simulate_route(airspace: Airspace, route: Route, *, vehicle: PathLike | None = None, runs: int = 1000,
                   seed: int = 1, threads: int = 0, wind: Wind | None = None, wind_profile: str = "region",
                   criteria: Mapping[str, float] | None = None, progress: Callable[[float], object] | None = None,
                   **conditions: float) -> RouteStudy:
    """Flies a route thousands of times through wind that the forecast missed, gusts, payloads, old and cold batteries.

    route: one whose status is ok, proven on this airspace. vehicle: the route's own if left out.
    runs, seed: the same seed gives the same result on any number of threads, and the same draws for every route and
    vehicle, so that studies can be compared run by run. threads: 0 for one a core.
    wind: (speed_m_s, from_deg) that the planner saw; the region's if left out. wind_profile: ``region`` (as planners
    reckon with), ``constant``, ``log`` or ``power``.
    criteria: limits of the verdict that differ from the usual ones: failed_share, reserve_used_share, time_bias_s,
    time_error_p90_s, energy_error_p90_share, least_distance_m, margin_p01_m, terminal_drift_p99_m.
    progress: told the share that is done, from 0 to 1, now and then.
    conditions: wind_error_m_s (of an old forecast, each axis), gust_spread (of the logarithm of their strength),
    payload_kg, payload_error_kg, ageing_most (share of capacity), temperature_deg_c, departure_window_s.

    Ctrl-C stops it. Raises SwiftletError: ``value_invalid``, ``unknown_field``, ``not_found``.
    """
    blowing = None
    if wind is not None:
        said = checked_wind(wind)
        if said.keys() != {"speed_m_s", "from_deg"}:
            raise SwiftletError("unknown_field", f"{sorted(said)} must be speed_m_s and from_deg", where="wind")
        blowing = (number(said["speed_m_s"], "wind.speed_m_s"), number(said["from_deg"], "wind.from_deg"))
        if not (0.0 <= blowing[0] <= 100.0 and abs(blowing[1]) <= 360.0):
            raise SwiftletError("value_invalid", f"{blowing} must be from 0 to 100 m/s and -360 to 360 degrees",
                                where="wind")
    study = _core.study_route(
        airspace._opened, route.to_json(), "" if vehicle is None else os.fspath(vehicle),
        integer(runs, "runs", 1, _MOST_RUNS), integer(seed, "seed", 0, 2**64 - 1), thread_count(threads), blowing,
        wind_profile, {key: number(value, key) for key, value in conditions.items()},
        {key: number(value, key) for key, value in (criteria or {}).items()}, progress)
    return RouteStudy(study, call_text("simulate_route(airspace, route", runs=runs, seed=seed, vehicle=vehicle,
                                       wind=blowing, wind_profile=wind_profile, criteria=criteria, **conditions))
