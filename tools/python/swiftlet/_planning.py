"""Routes through an airspace."""
from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, Sequence

from swiftlet import _core
from swiftlet._airspace import Airspace
from swiftlet._request import Instant, PathLike, Place, Policy, Wind, plan_options, request_line, thread_count
from swiftlet._route import Route

_USAGE, _BAD_INPUT = 2, 3  # exit statuses of the one table of errors


def plan(airspace: Airspace, start: Place, goal: Place, *, depart: Instant | None = None,
         arrive_by: Instant | None = None, vehicle: PathLike = "courier-4", objective: str = "time",
         wind: Wind | None = None, payload_kg: float = 0.0, battery_wh: float | None = None,
         policy: Policy | None = None, authorisations: Sequence[str] = (), max_ground_risk: float | None = None,
         alternatives: int = 0, explain: bool = False, effort: int | None = None, deadline_ms: int | None = None,
         planner: str = "auto", seed: int = 1, id: str = "route") -> Route:
    """Plans a proven route: the same request as ``swiftlet plan``, the same bytes but for ``planning``.

    start, goal: a pad's id, ``"pad:ID"``, (lon, lat) in degrees, or a place of the contract as a mapping.
    depart: now if left out. arrive_by: touch down by then, and depart as late as that allows.
    vehicle: a profile by name (vehicles()) or file. objective: ``time``, ``energy``, ``length`` or ``risk``.
    wind: (speed_m_s, from_deg) at 10 m above the ground; the region's own if left out.
    payload_kg, battery_wh: aboard at departure; a full battery if left out.
    policy: fields that differ from the region's. authorisations: ids of zones that may be entered.
    max_ground_risk: most ground fatalities that may be expected of the flight.
    alternatives: really different routes wanted beside the best, at most 8 (Route.alternatives).
    explain: say what the planner did and what binds (Route.explanation).
    effort: work units that the search may spend. deadline_ms: an outer stop; answers then depend on the clock.
    planner: ``auto``, or one of OMPL's by name. seed: of whatever draws.

    No route (``infeasible``, which is a proof, ``refused``, ``deadline``) is an answer: look at ``status`` and
    ``error``, or call ``raise_for_status()``. Bad input raises SwiftletError: a place outside the region or in an
    obstacle, an unknown pad, a number out of range. The GIL is free meanwhile; Ctrl-C is heard once it is answered.

    The first plan of an airspace reads the referee's sources, and what a policy asks for is made once and kept: the
    next ones take about a millisecond.
    """
    line = request_line({"from": start, "to": goal},
                        {"id": id, "depart": depart, "arrive_by": arrive_by, "vehicle": vehicle, "objective": objective,
                         "wind": wind, "payload_kg": payload_kg, "battery_wh": battery_wh, "policy": policy,
                         "authorisations": authorisations or None, "max_ground_risk": max_ground_risk,
                         "alternatives": alternatives, "explain": explain})
    text, malformed = _core.plan(airspace._opened, line, plan_options(planner, seed, effort, deadline_ms))
    route = Route._answered(text)
    error = route.error
    if malformed or (error is not None and error.exit_status in (_USAGE, _BAD_INPUT)):
        route.raise_for_status()
    return route


def plan_many(airspace: Airspace, requests: Iterable[Mapping[str, Any]], *, threads: int = 0,
              effort: int | None = None, deadline_ms: int | None = None, planner: str = "auto", seed: int = 1,
              progress: Callable[[float], object] | None = None, **defaults: Any) -> list[Route]:
    """Plans many routes on several threads: an answer for each request, in order, the same for any number of threads.

    requests: mappings with the contract's fields (``id``, ``from``, ``to``, ``depart``, ``vehicle``, ``objective``,
    ``wind``, ``policy``, ``payload_kg``, …) in the forms that plan() takes; what one leaves out, `defaults` say by the
    same names. threads: 0 for one a core. progress: told the share that is done, from 0 to 1, now and then.

    A request that is bad is answered too, with the status ``refused`` and its error; only what cannot be said in JSON
    raises SwiftletError, before anything is planned. Ctrl-C stops between two requests.
    """
    lines = [request_line(request, defaults, f"requests[{k}]") for k, request in enumerate(requests)]
    texts = _core.plan_many(airspace._opened, lines, plan_options(planner, seed, effort, deadline_ms),
                            thread_count(threads), progress)
    return [Route._answered(text) for text in texts]


def vehicles() -> list[str]:
    """The names of the bundled vehicle profiles."""
    return _core.vehicle_names()
