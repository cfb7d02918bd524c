"""Arrays of places, checked at the door."""
from __future__ import annotations

from typing import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from swiftlet._errors import SwiftletError

Floats = npt.NDArray[np.float64]

_RANGES = {"lon": 180.0, "lat": 90.0, "alt_msl_m": 20_000.0}


def numbers(value: npt.ArrayLike, name: str) -> Floats:
    """Finite numbers of any shape. Longitudes, latitudes and altitudes must be such."""
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SwiftletError("value_invalid", f"must be numbers: {error}", where=name) from None
    most = _RANGES.get(name, np.inf)
    bad = ~(np.isfinite(array) & (np.abs(array) <= most))
    if bad.any():
        first = tuple(int(k) for k in np.argwhere(bad)[0])
        at = f"{name}[{', '.join(map(str, first))}]" if first else name
        limit = f" from {-most:g} to {most:g}" if np.isfinite(most) else ""
        raise SwiftletError("value_invalid", f"{array[first]} must be a finite number{limit}", where=at)
    return array


def together(**named: npt.ArrayLike) -> tuple[tuple[int, ...], list[Floats]]:
    """Broadcasts arrays to one shape; that shape, and each as one row of numbers."""
    arrays = [numbers(value, name) for name, value in named.items()]
    try:
        spread = np.broadcast_arrays(*arrays)
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(named, arrays))
        raise SwiftletError("value_invalid", f"these shapes do not go together: {shapes}",
                            where=", ".join(named)) from None
    return spread[0].shape, [np.ascontiguousarray(array).reshape(-1) for array in spread]


def points(value: npt.ArrayLike, name: str) -> Floats:
    """Points of the shape (…, 3): lon, lat, alt_msl_m."""
    array = numbers(value, name)
    if array.ndim == 0 or array.shape[-1] != 3:
        raise SwiftletError("value_invalid", f"has the shape {array.shape}; its last axis must be lon, lat, alt_msl_m",
                            where=name)
    for k, axis in enumerate(_RANGES):
        numbers(array[..., k], axis)
    return array


def table(columns: Mapping[str, npt.NDArray[np.generic] | Sequence[str]]) -> npt.NDArray[np.void]:
    """A structured array of columns that are equally long; texts become fixed-width ones."""
    arrays = {name: np.asarray(column) if len(column) else np.zeros(0, getattr(column, "dtype", "U1"))
              for name, column in columns.items()}
    length = len(next(iter(arrays.values())))
    out = np.zeros(length, dtype=[(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        out[name] = array
    return out
