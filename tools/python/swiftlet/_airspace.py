"""Airspaces."""
from __future__ import annotations

import json
import os
import pathlib
from typing import Any, Callable, Mapping, NamedTuple, Sequence, SupportsIndex

import numpy as np
import numpy.typing as npt

from swiftlet import _core
from swiftlet._airspace_view import AirspaceView
from swiftlet._arrays import Floats, table, together
from swiftlet._command import run
from swiftlet._request import Instant, PathLike, Policy, integer, now, number, rfc3339


class Extent(NamedTuple):
    """Degrees, WGS84."""
    lon_min: float
    lat_min: float
    lon_max: float
    lat_max: float


class NearestObstacle(NamedTuple):
    """Of each point the obstacle that is nearest in space: arrays of the points' shape."""
    number: npt.NDArray[np.int64]  #: for Airspace.obstacle(); -1 where there are no obstacles at all
    distance_m: Floats             #: in space; 0 inside
    horizontal_m: Floats           #: to its footprint; 0 over, in or under it
    vertical_m: Floats             #: above its top or below its base; 0 at altitudes between


class Obstacle(NamedTuple):
    """A prism that nothing may fly into."""
    kind: str                 #: building, tower, crane, power_line, tree, …
    id: str                   #: the feature's own where it has one, else its number in the source
    top_msl_m: float
    base_msl_m: float | None  #: of bridges and overhangs; None: it stands on the ground
    polygons: tuple[tuple[Floats, ...], ...]  #: each its outer ring, then its holes: arrays (n, 2) of lon, lat


class Airspace:
    """A compiled region: immutable, safe to use from any number of threads, and pickled as the place that it lies at.

    Nothing of it is read before it is asked for. Whatever meets damaged data raises SwiftletError
    (``airspace_damaged``), and no answer is made of it.
    """

    def __init__(self, opened: _core.Airspace, path: pathlib.Path, zones: str | None) -> None:
        """Use Airspace.open() or Airspace.build()."""
        self._opened = opened
        self._path = path
        self._zones = zones

    @classmethod
    def open(cls, path: PathLike) -> Airspace:
        """Opens what ``swiftlet map build`` or Airspace.build() made; milliseconds, whatever its size.

        Raises SwiftletError: ``file_not_found``, ``airspace_damaged``, ``unsupported_format``.
        """
        return cls(_core.Airspace.open(os.fsencode(path)), pathlib.Path(os.fsdecode(path)), None)

    @classmethod
    def build(cls, region: PathLike, out: PathLike) -> Airspace:
        """Compiles a region.toml into the directory `out`, whole or not at all, and opens it.

        The sources are read by the ``swiftlet`` command in a process of its own with limits and no network. Raises
        SwiftletError with what is wrong with which source.
        """
        run("map", "build", os.fspath(region), "--out", os.fspath(out))
        return cls.open(out)

    def with_zones(self, document: Mapping[str, Any] | str) -> Airspace:
        """The version of this airspace in which live zones hold (``swiftlet.live_zones/1``); this one stays as it is.

        document: the object, or its JSON. Raises SwiftletError.
        """
        text = document if isinstance(document, str) else json.dumps(document)
        return Airspace(self._opened.with_live_zones(text, "zones"), self._path, text)

    @property
    def path(self) -> pathlib.Path:
        """The directory that it was opened from."""
        return self._path

    @property
    def zones(self) -> str | None:
        """The document of live zones of this version, or None."""
        return self._zones

    @property
    def name(self) -> str:
        """The region's."""
        return self._opened.name

    @property
    def hash(self) -> str:
        """``sha256:…`` over sources and live zones; every route carries it."""
        return self._opened.hash

    @property
    def vertical_datum(self) -> str:
        """What altitudes (``_msl_m``) are above."""
        return self._opened.vertical_datum

    @property
    def ellipsoid_minus_datum_m(self) -> float | None:
        """To be added to altitudes for heights above the WGS84 ellipsoid; None where the region does not say."""
        return self._opened.ellipsoid_minus_datum_m

    @property
    def extent(self) -> Extent:
        """Of the grid."""
        return Extent(*self._opened.extent)

    @property
    def policy(self) -> dict[str, float | bool]:
        """The region's own, field by field."""
        return self._opened.policy

    @property
    def obstacle_count(self) -> int:
        """For obstacle()."""
        return self._opened.obstacle_count

    @property
    def pads(self) -> npt.NDArray[np.void]:
        """Places to take off and land, a structured array.

        Fields: ``id``, ``name``, ``kind`` (hub, kiosk, point), ``lon``, ``lat``, ``deck_msl_m`` of its first slot, and
        the number of ``slots``.
        """
        names = ("id", "name", "kind", "lon", "lat", "deck_msl_m", "slots")
        rows = self._opened.pads()
        return table({name: np.array([row[k] for row in rows]) for k, name in enumerate(names)})

    def info(self) -> dict[str, Any]:
        """The manifest (``swiftlet map info --json``): counts, policy, wind, sources with licences, files, warnings."""
        manifest: dict[str, Any] = json.loads(self._opened.manifest())
        return manifest

    def terrain(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """The ground's altitude at places, metres above the vertical datum, exactly as the sources state it.

        lon, lat: degrees, of any shapes that go together. NaN where no source knows the ground.
        """
        shape, (x, y) = together(lon=lon, lat=lat)
        return self._opened.terrain(x, y).reshape(shape)

    def nearest_obstacle(self, lon: npt.ArrayLike, lat: npt.ArrayLike, alt_msl_m: npt.ArrayLike) -> NearestObstacle:
        """The obstacle nearest in space to each point: exact distances to the prisms, microseconds a point."""
        shape, (x, y, z) = together(lon=lon, lat=lat, alt_msl_m=alt_msl_m)
        number, distance, horizontal, vertical = self._opened.nearest(x, y, z)
        return NearestObstacle(number.reshape(shape), distance.reshape(shape), horizontal.reshape(shape),
                               vertical.reshape(shape))

    def obstacle(self, number: SupportsIndex) -> Obstacle:
        """One obstacle, 0 ≤ number < obstacle_count. Raises SwiftletError (``value_invalid``)."""
        return Obstacle(*self._opened.obstacle(integer(number, "number", 0, self.obstacle_count - 1)))

    def view(self, policy: Policy | None = None, *, at: Instant | None = None, until: Instant | None = None,
             authorisations: Sequence[str] = ()) -> AirspaceView:
        """What a policy sees of the airspace, for many questions with the same one. The last few are kept.

        policy: fields that differ from the region's own, such as ``{"max_height_agl_m": 60.0}``.
        at, until: zones count that are in force at any time from `at` (now) to `until` (the same instant).
        authorisations: ids of zones that may be entered.
        Raises SwiftletError: ``unknown_field``, ``value_invalid``, ``time_invalid``.
        """
        begin = now() if at is None else rfc3339(at, "at")
        end = begin if until is None else rfc3339(until, "until")
        overrides = {key: number(value, f"policy.{key}") for key, value in (policy or {}).items()}
        return AirspaceView(self._opened.view(overrides, begin, end, list(authorisations)))

    def floor(self, lon: npt.ArrayLike, lat: npt.ArrayLike, policy: Policy | None = None, *,
              at: Instant | None = None, until: Instant | None = None, authorisations: Sequence[str] = ()) -> Floats:
        """AirspaceView.floor() of view(policy, …)."""
        return self.view(policy, at=at, until=until, authorisations=authorisations).floor(lon, lat)

    def ceiling(self, lon: npt.ArrayLike, lat: npt.ArrayLike, policy: Policy | None = None, *,
                at: Instant | None = None, until: Instant | None = None, authorisations: Sequence[str] = ()) -> Floats:
        """AirspaceView.ceiling() of view(policy, …)."""
        return self.view(policy, at=at, until=until, authorisations=authorisations).ceiling(lon, lat)

    def segment_free(self, start: npt.ArrayLike, end: npt.ArrayLike, policy: Policy | None = None, *,
                     at: Instant | None = None, until: Instant | None = None,
                     authorisations: Sequence[str] = ()) -> npt.NDArray[np.bool_]:
        """AirspaceView.segment_free() of view(policy, …)."""
        return self.view(policy, at=at, until=until, authorisations=authorisations).segment_free(start, end)

    def __reduce__(self) -> tuple[Callable[..., Airspace], tuple[Any, ...]]:
        return _reopened, (self._path, self._zones)

    def __repr__(self) -> str:
        live = "" if self._zones is None else " with live zones"
        return f"<swiftlet.Airspace {self.name!r}{live}, {self.hash[:19]}…>"


def _reopened(path: pathlib.Path, zones: str | None) -> Airspace:
    airspace = Airspace.open(path)
    return airspace if zones is None else airspace.with_zones(zones)
