"""The referee's word on routes."""
from __future__ import annotations

import json
import os
from typing import Any, Iterable, Mapping, overload

from swiftlet._command import run
from swiftlet._errors import SwiftletError, error_of
from swiftlet._region import Region, region_words
from swiftlet._request import PathLike, Policy, number
from swiftlet._route import Route


class Verdict:
    """What the independent referee finds of one route on the region's sources (``swiftlet.verify/1``)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._fields: dict[str, Any] = json.loads(text)

    @property
    def id(self) -> str:
        """The route's."""
        return str(self._fields["id"])

    @property
    def ok(self) -> bool:
        """No rule is broken and nothing is claimed that is not so; true of a route without a flight (``skipped``)."""
        return bool(self._fields["ok"])

    @property
    def skipped(self) -> str | None:
        """The status of a route that has no flight to judge, else None."""
        return self._fields.get("skipped")

    @property
    def error(self) -> SwiftletError | None:
        """Why the route could not be read, else None."""
        return error_of(self._fields["error"]) if "error" in self._fields else None

    @property
    def violations(self) -> list[dict[str, Any]]:
        """Each with rule, segment, lon, lat, alt_msl_m, required_m, actual_m and cause."""
        return list(self._fields["violations"])

    @property
    def measured(self) -> Mapping[str, Any]:
        """The whole verdict: clearances and heights as measured, the policy it was judged by, what was not judged."""
        return self._fields

    def to_json(self) -> str:
        """The very bytes of ``swiftlet.verify/1``, without an end of line."""
        return self._text

    def __repr__(self) -> str:
        said = "ok" if self.ok else str(self.error or ", ".join(str(v["rule"]) for v in self.violations))
        return f"<swiftlet.Verdict {self.id!r} {said}>"


@overload
def verify(region: Region, routes: Route, *, vehicle: PathLike | None = None,
           policy: Policy | None = None) -> Verdict: ...
@overload
def verify(region: Region, routes: Iterable[Route], *, vehicle: PathLike | None = None,
           policy: Policy | None = None) -> list[Verdict]: ...


def verify(region: Region, routes: Route | Iterable[Route], *, vehicle: PathLike | None = None,
           policy: Policy | None = None) -> Verdict | list[Verdict]:
    """Judges routes on the source files, independently of the planner: ``swiftlet verify``.

    region: a region.toml, or an airspace, whose own copy of the sources is read (and whose live zones hold).
    routes: one, for one verdict, or several, for as many. vehicle: the profile to judge by, instead of the one that a
    route names. policy: fields that hold over region and route.

    The sources are read in a confined process. Raises SwiftletError where they, or what is asked, are at fault; a route
    that breaks a rule is a verdict.
    """
    judged = [routes] if isinstance(routes, Route) else list(routes)
    if not judged:
        return []
    words: list[str] = []
    if vehicle is not None:
        words += ["--vehicle", os.fspath(vehicle)]
    for key, value in (policy or {}).items():
        words += ["--policy", f"{key}={number(value, f'policy.{key}'):.17g}"]
    with region_words(region) as where:
        told = run("verify", *where, *words, "-", given="\n".join(map(_one_line, judged)), answers=(0, 6))
    verdicts = [Verdict(line) for line in told.splitlines()]
    return verdicts[0] if isinstance(routes, Route) else verdicts


def _one_line(route: Route) -> str:
    """In JSON an end of line is nothing but white space."""
    return route.to_json().replace("\n", " ").replace("\r", " ")
