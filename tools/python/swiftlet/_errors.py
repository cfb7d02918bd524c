"""What can be wrong, by code."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from swiftlet import _core

if TYPE_CHECKING:
    from swiftlet._route import Route


class SwiftletError(Exception):
    """Something that was given is wrong, or a file, or the world, with a code of Swiftlet's one table of errors.

    code: for programs, such as ``"out_of_region"``; the command line and the messaging API use the same.
    message: for people: what was given and what would be right.
    where: the file, field or argument to blame; may be empty.
    hint: what to try next; may be empty.
    position: (lon, lat, alt_msl_m) of the place, degrees and metres above the vertical datum, or None.
    cause: (kind, id) of the obstacle, zone or pad that is to blame, or None.
    retryable: whether the same again can succeed later.
    exit_status: what the command line ends with: 3 bad input, 4 no route, 5 deadline, 6 refused by the referee.
    route: the whole answer where a plan request was answered with this error, else None.
    """

    def __init__(self, code: str, message: str, *, where: str = "", hint: str = "",
                 position: tuple[float, float, float] | None = None, cause: tuple[str, str] | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.where = where
        self.hint = hint
        self.position = position
        self.cause = cause
        exit_status, retryable = _core.error_traits(code) or (1, False)
        self.exit_status: int = exit_status
        self.retryable: bool = retryable
        self.route: Route | None = None

    def __str__(self) -> str:
        told = ": ".join(part for part in (self.code, self.where, self.message) if part)
        return f"{told} ({self.hint})" if self.hint else told

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, self.message), self.__dict__


def error_of(answer: Mapping[str, Any]) -> SwiftletError:
    """The ``error`` object of a route or a verdict, or the object that the command line prints for one."""
    place = answer.get("where")
    position = (place["lon"], place["lat"], place["alt_msl_m"]) if isinstance(place, Mapping) else None
    field = place if isinstance(place, str) else answer.get("field", "")
    hint = answer.get("hint", "")
    if isinstance(hint, Mapping):
        hint = ", ".join(str(value) if key == "text" else f"{key}: {value}" for key, value in hint.items())
    cause = answer.get("cause")
    return SwiftletError(answer["code"], answer["message"], where=field, hint=hint, position=position,
                         cause=(cause["kind"], cause["id"]) if cause else None)
