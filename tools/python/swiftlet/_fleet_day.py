"""A day of a whole fleet."""
from __future__ import annotations

import json
import os
import pathlib
import tempfile
from typing import Any, Callable, Mapping

import numpy as np
import numpy.typing as npt

from swiftlet import _core
from swiftlet._airspace import Airspace
from swiftlet._arrays import Floats, table
from swiftlet._errors import SwiftletError
from swiftlet._request import PathLike, call_text, integer, number, thread_count


class FleetDay:
    """How a rehearsed day went. Made by simulate_fleet(). Times are seconds after the scenario's begin."""

    def __init__(self, day: _core.FleetDay, call: str) -> None:
        self._day = day
        self._call = call
        self._summary: dict[str, Any] = json.loads(day.json)
        self._orders = table(day.orders())
        self._orders.flags.writeable = False

    @property
    def orders(self) -> npt.NDArray[np.void]:
        """A read-only structured array, one element an order, in order of time.

        ``id``, ``placed_s``, ``pickup``, ``dropoff`` (pads), ``mass_kg``, ``placed``; ``order_id`` (empty where it was
        refused), ``refusal`` (the code, else empty), ``state`` at the end; ``promised_s`` with ``promised_p05_s`` and
        ``promised_p95_s``, ``taken_off_s`` with the parcel, ``delivered_s``: NaN where it did not happen.
        """
        return self._orders

    @property
    def etas(self) -> npt.NDArray[np.void]:
        """What merchants were told, every 30 s: ``order`` (its place in orders), ``at_s``, ``eta_s``, ``p05_s``,
        ``p10_s``, ``p90_s``, ``p95_s``, ``stage``."""
        return table(self._day.etas())

    @property
    def tracks(self) -> npt.NDArray[np.void]:
        """Where everything in the air was: ``t_s``, ``drone``, ``lon``, ``lat``, ``alt_msl_m``, in order of time. Empty
        unless track_every_s was given."""
        return table(self._day.tracks())

    @property
    def departure_delays_s(self) -> Floats:
        """How long each departure waited for the air of others."""
        return self._day.departure_delays_s()

    @property
    def flying_by_minute(self) -> npt.NDArray[np.int64]:
        """How many drones were in the air at each minute."""
        return self._day.flying_by_minute()

    @property
    def summary(self) -> dict[str, Any]:
        """``swiftlet.simulate_fleet/1``: orders, ETA errors by how far ahead they were told, fleet, separation, traffic,
        faults, the log's hash and how to have it again."""
        return self._summary

    @property
    def broken_invariants(self) -> list[str]:
        """What must never happen and did; empty if all held."""
        return self._day.broken_invariants()

    def to_json(self) -> str:
        """``swiftlet.simulate_fleet/1``."""
        return self._day.json

    def to_csv(self) -> str:
        """A line an order, as ``swiftlet simulate fleet --csv`` writes it."""
        return self._day.csv()

    def to_html(self) -> str:
        """A report on one page that loads nothing: orders, ETA calibration, timeline, how to have it again."""
        return self._day.html(self._call)

    def __repr__(self) -> str:
        orders = self._summary["orders"]
        return (f"<swiftlet.FleetDay {self._summary['scenario']!r}: {orders['placed']} orders placed, "
                f"{orders['ended'].get('delivered', 0)} delivered>")


def simulate_fleet(scenario: PathLike, airspace: Airspace, *, seed: int = 1, threads: int = 0,
                   settings: Mapping[str, float] | None = None, log: PathLike | None = None, track_every_s: int = 0,
                   progress: Callable[[float], object] | None = None) -> FleetDay:
    """Rehearses a day under the very dispatch core that serves in production: ``swiftlet simulate fleet``.

    scenario: a SCENARIO.toml. settings: values that differ from it, such as ``{"fleet.drones": 12}``.
    seed: the same scenario, airspace and seed give the same day on any number of threads. threads: 0 for one a core.
    log: a file for the core's records, one JSON object a line. track_every_s: keeps FleetDay.tracks; 0: not at all.
    progress: told the share that is done, from 0 to 1, now and then.

    Ctrl-C stops it. Raises SwiftletError with file and line of what is wrong with the scenario.
    """
    track_every_s = integer(track_every_s, "track_every_s", 0, 86400)
    words = (integer(seed, "seed", 0, 2**64 - 1), thread_count(threads), b"" if log is None else os.fsencode(log),
             track_every_s, progress)
    call = call_text(f"simulate_fleet({os.fspath(scenario)!r}, airspace", seed=seed, settings=settings)
    if not settings:
        return FleetDay(_core.rehearse_day(airspace._opened, os.fsencode(scenario), b"", *words), call)
    source = pathlib.Path(scenario)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SwiftletError("file_not_found", f"cannot be read: {error}", where=str(scenario)) from None
    for key, value in settings.items():
        section, dot, name = key.partition(".")
        if not dot:
            raise SwiftletError("unknown_field", f"\"{key}\" must be SECTION.KEY", where="settings")
        text = _core.with_value(text, section, name, number(value, key))
    with tempfile.TemporaryDirectory(prefix="swiftlet-") as folder:
        changed = pathlib.Path(folder) / source.name
        changed.write_text(text, encoding="utf-8")
        try:
            return FleetDay(_core.rehearse_day(airspace._opened, os.fsencode(changed),
                                               os.fsencode(source.resolve().parent), *words), call)
        except SwiftletError as error:
            error.where = error.where.replace(str(changed), f"{scenario} with settings")
            raise
