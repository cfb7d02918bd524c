"""What can go wrong between a merchant and the service."""
from __future__ import annotations

from typing import Any


class SwiftletError(Exception):
    """Anything that this package raises of its own."""


class NoAnswer(SwiftletError):
    """The service has not answered in time. Whether it took the request is not known: ask again with the same id."""


class KeyRefused(SwiftletError):
    """The service does not let this key in."""


class Refusal(SwiftletError):
    """The service has said no.

    code: one of the contract's error codes. retryable: whether the same request can succeed later. field: the path of
    the field to blame. retry_after_s: after how long to try again, in seconds.
    """

    def __init__(self, error: dict[str, Any]) -> None:
        self.code: str = error["code"]
        self.message: str = error["message"]
        self.retryable: bool = error["retryable"]
        self.field: str | None = error.get("field")
        self.retry_after_s: float | None = error.get("retry_after_s")
        super().__init__(f"{self.code}: {self.message}" + (f" ({self.field})" if self.field else ""))
