"""Plan requests as the contract writes them, out of the forms that are handy in Python."""
from __future__ import annotations

import datetime
import json
import operator
import os
from typing import Any, Mapping, Sequence, SupportsIndex, Union

from swiftlet import _core
from swiftlet._errors import SwiftletError

#: ``"pad:ID"`` or just its id, (lon, lat) in degrees on the ground, or a place of the contract: ``{"pad", "slot"}``,
#: ``{"lon", "lat", "deck_height_agl_m"}``, or for a start in the air ``{"lon", "lat", "alt_msl_m", "v_e_m_s", …}``.
Place = Union[str, Sequence[float], Mapping[str, Any]]
#: An aware datetime, or RFC 3339 text such as ``"2026-11-23T10:00:00Z"``.
Instant = Union[datetime.datetime, str]
#: (speed_m_s, from_deg) at 10 m above the ground; from_deg is where it blows from, clockwise from true north.
Wind = Union[Sequence[float], Mapping[str, float]]
#: A policy's fields by name, over the region's own: ``{"max_height_agl_m": 60.0}``.
Policy = Mapping[str, Union[float, bool]]
PathLike = Union[str, "os.PathLike[str]"]

_LARGEST_EFFORT = 10**12
_LONGEST_DEADLINE_MS = 24 * 3600 * 1000


def rfc3339(value: Instant, name: str) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, datetime.datetime):
        raise SwiftletError("time_invalid", f"{value!r} must be a datetime or RFC 3339 text", where=name)
    if value.tzinfo is None:
        raise SwiftletError("time_invalid", f"{value!r} says no time zone", where=name,
                            hint="datetime.datetime(…, tzinfo=datetime.timezone.utc)")
    utc = value.astimezone(datetime.timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03}Z"


def now() -> str:
    return rfc3339(datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0), "now")


def integer(value: SupportsIndex, name: str, least: int, most: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise SwiftletError("value_invalid", f"{value!r} must be a whole number", where=name) from None
    if not least <= number <= most:
        raise SwiftletError("value_invalid", f"{number} must be from {least} to {most}", where=name)
    return number


def number(value: float, name: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise SwiftletError("value_invalid", f"{value!r} must be a number", where=name) from None


def thread_count(threads: int) -> int:
    """0: one a core."""
    return integer(threads, "threads", 0, 1024) or os.cpu_count() or 1


def place(value: Place, name: str) -> dict[str, Any]:
    if isinstance(value, str):
        return {"pad": value.removeprefix("pad:")}
    if isinstance(value, Mapping):
        return dict(value)
    try:
        lon, lat = (float(number) for number in value)
    except (TypeError, ValueError):
        raise SwiftletError("bad_request", f"{value!r} must be (lon, lat) in degrees, the id of a pad, or a mapping",
                            where=name) from None
    return {"lon": lon, "lat": lat}


def wind(value: Wind) -> dict[str, float]:
    if isinstance(value, Mapping):
        return dict(value)
    try:
        speed_m_s, from_deg = (float(number) for number in value)
    except (TypeError, ValueError):
        raise SwiftletError("bad_request", f"{value!r} must be (speed_m_s, from_deg)", where="wind") from None
    return {"speed_m_s": speed_m_s, "from_deg": from_deg}


def request_line(request: Mapping[str, Any], defaults: Mapping[str, Any], where: str = "") -> str:
    """One line of JSON. What is None is left out. Errors name the field behind `where`."""
    if not isinstance(request, Mapping):
        raise SwiftletError("bad_request", f"{request!r} must be a mapping with from and to", where=where)
    line = {key: value for key, value in {**defaults, **request}.items() if value is not None}
    name = ""
    try:
        for name, value in line.items():
            if name in ("from", "to"):
                line[name] = place(value, name)
            elif name in ("depart", "arrive_by"):
                line[name] = rfc3339(value, name)
            elif name == "wind":
                line[name] = wind(value)
            elif name == "authorisations":
                line[name] = [value] if isinstance(value, str) else list(value)
            elif name == "vehicle":
                line[name] = os.fspath(value)
            elif isinstance(value, Mapping):
                line[name] = dict(value)
            json.dumps(line[name], allow_nan=False, default=_plain)
        return json.dumps(line, allow_nan=False, default=_plain)
    except SwiftletError as error:
        error.where = f"{where}.{error.where}" if where else error.where
        raise
    except (TypeError, ValueError) as error:
        raise SwiftletError("value_invalid", f"{line.get(name)!r} cannot be said in JSON: {error}",
                            where=f"{where}.{name}" if where else name) from None


def _plain(value: Any) -> Any:
    """NumPy's numbers are numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no number, text, list or mapping")


def plan_options(planner: str, seed: int, effort: int | None, deadline_ms: int | None) -> _core.PlanOptions:
    return _core.PlanOptions(planner, integer(seed, "seed", 0, 2**64 - 1),
                             None if effort is None else integer(effort, "effort", 0, _LARGEST_EFFORT),
                             None if deadline_ms is None else integer(deadline_ms, "deadline_ms", 0, _LONGEST_DEADLINE_MS))


def call_text(begin: str, **options: object) -> str:
    """How a result is had again."""
    said = [f"{name}={value!r}" for name, value in options.items() if value is not None]
    return f"swiftlet.{', '.join([begin, *said])})"
