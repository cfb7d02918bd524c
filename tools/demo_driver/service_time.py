"""Service time: instants of the wire, and a clock that runs at the service's speed."""
import datetime
import time


def parse(text: str) -> float:
    """RFC 3339 to seconds since 1970."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def clock(at_s: float) -> str:
    """Seconds since 1970 to 'HH:MM:SS' in UTC."""
    return datetime.datetime.fromtimestamp(at_s, datetime.timezone.utc).strftime("%H:%M:%S")


def span(seconds: float) -> str:
    """'-1:05', '12:30', '1:02:03'."""
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 and whole else ""
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes}:{rest:02}"


class ServiceClock:
    """Runs on between what the service says of its time."""

    def __init__(self) -> None:
        self.speed = 1.0
        self._said_s = 0.0
        self._heard_at = time.monotonic()

    def hear(self, said: str, speed: float | None = None) -> None:
        self._said_s = parse(said)
        self._heard_at = time.monotonic()
        if speed is not None:
            self.speed = speed

    @property
    def known(self) -> bool:
        return self._said_s > 0.0

    def now(self) -> float:
        return self._said_s + (time.monotonic() - self._heard_at) * self.speed
