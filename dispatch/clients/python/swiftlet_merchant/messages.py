"""The values of the merchants' messages, as dispatch/api/merchant.schema.json describes them."""
from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from typing import Any


def instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _fee_or_none(value: dict[str, Any] | None) -> Fee | None:
    return Fee(value["amount_minor"], value["currency"]) if value else None


def _instant_or_none(text: str | None) -> datetime.datetime | None:
    return None if text is None else instant(text)


def wire_time(when: datetime.datetime) -> str:
    """RFC 3339. A time without a zone is refused here: nobody could know what it means."""
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class OrderState(str, enum.Enum):
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    TO_PICKUP = "to_pickup"
    LOADING = "loading"
    AIRBORNE = "airborne"
    HOLDING = "holding"
    ARRIVING = "arriving"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    DIVERTED = "diverted"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def terminal(self) -> bool:
        return self in (OrderState.DELIVERED, OrderState.RETURNED, OrderState.CANCELLED, OrderState.FAILED)


@dataclass(frozen=True)
class Pad:
    """A stop at a pad of the region."""

    pad: str

    def wire(self) -> dict[str, Any]:
        return {"pad": self.pad}


@dataclass(frozen=True)
class Place:
    """A stop at any point: degrees, WGS84."""

    lon: float
    lat: float

    def wire(self) -> dict[str, Any]:
        return {"lon": self.lon, "lat": self.lat}


Stop = Pad | Place


def _stop(body: dict[str, Any]) -> Stop:
    return Pad(body["pad"]) if "pad" in body else Place(body["lon"], body["lat"])


@dataclass(frozen=True)
class Parcel:
    mass_kg: float
    length_m: float | None = None
    width_m: float | None = None
    height_m: float | None = None

    def wire(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Fee:
    amount_minor: int  # in the currency's smallest unit
    currency: str


@dataclass(frozen=True)
class Interval:
    """p10 to p90 is the 80 % interval of the delivery, p05 to p95 the 90 % one. None once it is over."""

    p05: datetime.datetime | None
    p10: datetime.datetime | None
    p90: datetime.datetime | None
    p95: datetime.datetime | None

    @classmethod
    def of(cls, body: dict[str, Any]) -> Interval:
        return cls(*(_instant_or_none(body.get(name)) for name in ("p05", "p10", "p90", "p95")))


@dataclass(frozen=True)
class Greeting:
    merchant: str
    server: str
    api: str
    time: datetime.datetime
    speed: float  # service seconds a wall second

    @classmethod
    def of(cls, body: dict[str, Any]) -> Greeting:
        return cls(body["merchant"], body["server"], body["api"], instant(body["time"]), body["speed"])


@dataclass(frozen=True)
class PadInfo:
    id: str
    name: str
    kind: str  # hub, kiosk or point
    lon: float
    lat: float
    open: bool
    slots: int

    @classmethod
    def of(cls, body: dict[str, Any]) -> PadInfo:
        return cls(**{name: body[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Quote:
    quote_id: str
    pickup_eta: datetime.datetime
    delivery_eta: datetime.datetime
    interval: Interval
    expires_at: datetime.datetime
    fee: Fee

    @classmethod
    def of(cls, body: dict[str, Any]) -> Quote:
        fee = Fee(body["fee"]["amount_minor"], body["fee"]["currency"])
        return cls(body["quote_id"], instant(body["pickup_eta"]), instant(body["delivery_eta"]), Interval.of(body),
                   instant(body["expires_at"]), fee)


@dataclass(frozen=True)
class NotServiceable:
    """The answer to a quote that nobody can serve, and why."""

    code: str
    message: str


@dataclass(frozen=True)
class Promise:
    """What order.create has promised."""

    order_id: str
    client_order_id: str
    pickup_eta: datetime.datetime
    delivery_eta: datetime.datetime
    interval: Interval


@dataclass(frozen=True)
class Order:
    order_id: str
    client_order_id: str
    state: OrderState
    created_at: datetime.datetime
    pickup: Stop
    dropoff: Stop
    parcel: Parcel
    drone: str | None
    pickup_eta: datetime.datetime | None
    delivery_eta: datetime.datetime | None
    interval: Interval
    promised_delivery_eta: datetime.datetime
    delivered_at: datetime.datetime | None
    proof: dict[str, Any] | None
    standstill: dict[str, Any] | None
    refund: Fee | None
    history: list[dict[str, Any]]

    @classmethod
    def of(cls, body: dict[str, Any]) -> Order:
        parcel = {name: body["parcel"].get(name) for name in Parcel.__dataclass_fields__}
        return cls(body["order_id"], body["client_order_id"], OrderState(body["state"]), instant(body["created_at"]),
                   _stop(body["pickup"]), _stop(body["dropoff"]), Parcel(**parcel), body.get("drone"),
                   _instant_or_none(body.get("pickup_eta")), _instant_or_none(body.get("delivery_eta")),
                   Interval.of(body), instant(body["promised_delivery_eta"]),
                   _instant_or_none(body.get("delivered_at")), body.get("proof"),
                   body.get("standstill"), _fee_or_none(body.get("refund")),
                   body["history"])


@dataclass(frozen=True)
class OrderEvent:
    """An order has changed its state. seq counts per merchant from 1 without a gap. code is the error code of what an
    order was given up for; refund is there where it ends and its fee is not owed."""

    seq: int
    order_id: str
    client_order_id: str
    state: OrderState
    at: datetime.datetime
    drone: str | None
    cause: str | None
    code: str | None
    refund: Fee | None

    @classmethod
    def of(cls, frame: dict[str, Any]) -> OrderEvent:
        body = frame["body"]
        return cls(frame["seq"], body["order_id"], body["client_order_id"], OrderState(body["state"]),
                   instant(body["at"]), body.get("drone"), body.get("cause"), body.get("code"),
                   _fee_or_none(body.get("refund")))


@dataclass(frozen=True)
class OrderEta:
    order_id: str
    stage: OrderState
    eta: datetime.datetime
    interval: Interval
    remaining_s: float
    lon: float | None
    lat: float | None
    alt_msl_m: float | None
    cause: str | None  # why the eta moved by more than 2 s

    @classmethod
    def of(cls, body: dict[str, Any]) -> OrderEta:
        return cls(body["order_id"], OrderState(body["stage"]), instant(body["eta"]), Interval.of(body),
                   body["remaining_s"], body.get("lon"), body.get("lat"), body.get("alt_msl_m"), body.get("cause"))


@dataclass(frozen=True)
class EtaFrame:
    """One second's ETAs of live orders; a second with very many comes in several parts with the same time."""

    at: datetime.datetime
    part: int
    parts: int
    orders: list[OrderEta]

    @classmethod
    def of(cls, frame: dict[str, Any]) -> EtaFrame:
        return cls(instant(frame["at"]), frame["part"], frame["parts"],
                   [OrderEta.of(order) for order in frame["body"]["orders"]])
