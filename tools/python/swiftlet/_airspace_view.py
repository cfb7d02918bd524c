"""What one policy sees of an airspace."""
from __future__ import annotations

import numpy as np
import numpy.typing as npt

from swiftlet import _core
from swiftlet._arrays import Floats, points, together
from swiftlet._errors import SwiftletError


class AirspaceView:
    """An airspace as one policy sees it during an interval: where the centre of a vehicle may be in transit.

    Made by Airspace.view(). All answers are proofs over conservative surfaces and err on the safe side by what a cell
    (two metres and less) cannot say; nothing is sampled. Immutable, and safe to use from any number of threads: the GIL
    is free while arrays are worked on.
    """

    def __init__(self, view: _core.View) -> None:
        self._view = view

    def band(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
        """(floor, ceiling) at places, metres above the vertical datum: any altitude from one to the other is free there.

        lon, lat: degrees, of any shapes that go together; the answers have their common shape. NaN outside the flyable
        extent. Where the floor is above the ceiling no altitude is proven free; closed from the ground up they are
        inf and -inf. Raises SwiftletError (``value_invalid``) for numbers that are not finite or no such degrees.
        """
        shape, (x, y) = together(lon=lon, lat=lat)
        floor, ceiling = self._view.bands(x, y)
        return floor.reshape(shape), ceiling.reshape(shape)

    def floor(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """The lower end of band(): terrain with the least height, and obstacles and zones with their clearances."""
        return self.band(lon, lat)[0]

    def ceiling(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """The upper end of band(): terrain with the greatest height, cut down by zones that begin above the ground."""
        return self.band(lon, lat)[1]

    def segment_free(self, start: npt.ArrayLike, end: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether every point of each segment is proven free in transit: heights, clearances, zones, extent.

        start, end: (lon, lat, alt_msl_m) in the last axis, the other axes broadcast; the answer has their common
        shape. A segment is straight in (lon, lat, alt_msl_m), as between a route's waypoints. False outside the extent.
        Raises SwiftletError (``value_invalid``).
        """
        a, b = points(start, "start"), points(end, "end")
        try:
            a, b = np.broadcast_arrays(a, b)
        except ValueError:
            raise SwiftletError("value_invalid", f"these shapes do not go together: start {a.shape}, end {b.shape}",
                                where="start, end") from None
        free = self._view.paths_free(np.ascontiguousarray(a), np.ascontiguousarray(b))
        return free.reshape(a.shape[:-1])
