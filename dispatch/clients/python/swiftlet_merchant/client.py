"""The verbs of a merchant."""
from __future__ import annotations

import asyncio
import datetime
import uuid
from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Any

from .connection import Connection
from .errors import NoAnswer, Refusal
from .messages import (EtaFrame, Greeting, Interval, NotServiceable, Order, OrderEvent, OrderState, PadInfo, Parcel,
                       Promise, Quote, Stop, instant, wire_time)

_SILENCE_S = 3.0
_PAUSE_S = 0.5


class MerchantClient:
    """To be used as an async context manager, from one event loop.

    endpoint: "tcp://HOST:7001". server_key, key: certificate files as `swiftlet keys` writes them; without both, the
    service must be on loopback and take no keys. patience_s: how long each reply may take.
    Every verb raises Refusal, NoAnswer or KeyRefused.
    """

    def __init__(self, endpoint: str, *, server_key: str | None = None, key: str | None = None,
                 patience_s: float = 15.0) -> None:
        self._endpoint, self._server_key, self._key, self._patience_s = endpoint, server_key, key, patience_s
        self._open: Connection | None = None

    async def __aenter__(self) -> MerchantClient:
        self._open = Connection(self._endpoint, self._server_key, self._key, self._patience_s)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        connection, self._open = self._connection, None
        await connection.close()

    @property
    def _connection(self) -> Connection:
        if self._open is None:
            raise RuntimeError("the client is not open: use it in `async with`")
        return self._open

    async def hello(self) -> Greeting:
        return Greeting.of(await self._connection.ask("hello", {}))

    async def pads(self) -> list[PadInfo]:
        """All pads of the region."""
        return [PadInfo.of(pad) async for pad in self._pages("pads.list", "pads", {})]

    async def quote(self, pickup: Stop, dropoff: Stop, parcel: Parcel, *, ready_at: datetime.datetime | None = None,
                    deliver_by: datetime.datetime | None = None) -> Quote | NotServiceable:
        body = await self._connection.ask("quote", _wish(pickup, dropoff, parcel, ready_at, deliver_by))
        if body["serviceable"]:
            return Quote.of(body)
        return NotServiceable(body["reason"]["code"], body["reason"]["message"])

    async def create_order(self, pickup: Stop, dropoff: Stop, parcel: Parcel, *, client_order_id: str | None = None,
                           quote_id: str | None = None, ready_at: datetime.datetime | None = None,
                           deliver_by: datetime.datetime | None = None, priority: int | None = None,
                           note: str | None = None, tries: int = 4) -> Promise:
        """Orders once, however often it has to ask: without an answer, and after refusals that can be retried, the same
        client_order_id goes out again, up to `tries` times in all. The default id is a fresh one."""
        name = client_order_id or str(uuid.uuid4())
        wish = _wish(pickup, dropoff, parcel, ready_at, deliver_by)
        more = {"client_order_id": name, "quote_id": quote_id, "priority": priority, "note": note}
        wish |= {field: value for field, value in more.items() if value is not None}
        for left in range(tries - 1, -1, -1):
            try:
                body = await self._connection.ask("order.create", wish)
                return Promise(body["order_id"], name, instant(body["pickup_eta"]), instant(body["delivery_eta"]),
                               Interval.of(body))
            except NoAnswer:
                if left == 0:
                    raise
            except Refusal as refusal:
                if left == 0 or not refusal.retryable:
                    raise
                await asyncio.sleep(refusal.retry_after_s or _PAUSE_S)
        raise ValueError("tries must be at least 1")

    async def ready(self, order_id: str, ready_at: datetime.datetime) -> Order:
        """The parcel will be ready earlier or later than was said."""
        body = {"order_id": order_id, "ready_at": wire_time(ready_at)}
        return Order.of(await self._connection.ask("order.ready", body))

    async def order(self, order_id: str | None = None, *, client_order_id: str | None = None) -> Order:
        """By the service's id or by one's own."""
        names = {"order_id": order_id, "client_order_id": client_order_id}
        body = {field: value for field, value in names.items() if value is not None}
        return Order.of(await self._connection.ask("order.get", body))

    async def orders(self, states: Iterable[OrderState] = (), *, created_from: datetime.datetime | None = None,
                     created_to: datetime.datetime | None = None) -> AsyncIterator[Order]:
        """Newest first, page after page as they are asked for."""
        body: dict[str, Any] = {}
        if chosen := [OrderState(state).value for state in states]:
            body["states"] = chosen
        for field, when in (("from", created_from), ("to", created_to)):
            if when is not None:
                body[field] = wire_time(when)
        async for order in self._pages("order.list", "orders", body):
            yield Order.of(order)

    async def cancel(self, order_id: str, reason: str) -> OrderState:
        """CANCELLED before loading, RETURNING once the parcel is aboard."""
        body = await self._connection.ask("order.cancel", {"order_id": order_id, "reason": reason})
        return OrderState(body["state"])

    async def updates(self, from_seq: int | None = None) -> AsyncIterator[OrderEvent | EtaFrame]:
        """Every event once and in order, from `from_seq` on (default: from now on), and every second's ETAs. Heals by
        itself: after 3 s of silence, or a gap, it subscribes again from the first event that it has not seen. One at a
        time a client. Raises Refusal (history_gone: from_seq is too old) and KeyRefused."""
        connection = self._connection
        body = await connection.ask("subscribe", {} if from_seq is None else {"from_seq": from_seq})
        expected: int = body["seq"] + 1 if from_seq is None else from_seq
        while True:
            try:
                frame = await asyncio.wait_for(connection.unasked.get(), _SILENCE_S)
            except asyncio.TimeoutError:
                await _subscribe_again(connection, expected)
                continue
            if frame["type"] == "order.event":
                if frame["seq"] != expected:
                    if frame["seq"] > expected:
                        await _subscribe_again(connection, expected)
                    continue
                expected += 1
                yield OrderEvent.of(frame)
            elif frame["type"] == "eta":
                if frame["last_seq"] >= expected:
                    await _subscribe_again(connection, expected)
                yield EtaFrame.of(frame)

    async def _pages(self, kind: str, field: str, body: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        cursor: dict[str, str] = {}
        while True:
            page = await self._connection.ask(kind, {**body, **cursor, "limit": 200})
            for entry in page[field]:
                yield entry
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}


def _wish(pickup: Stop, dropoff: Stop, parcel: Parcel, ready_at: datetime.datetime | None,
          deliver_by: datetime.datetime | None) -> dict[str, Any]:
    wish: dict[str, Any] = {"pickup": pickup.wire(), "dropoff": dropoff.wire(), "parcel": parcel.wire()}
    for field, when in (("ready_at", ready_at), ("deliver_by", deliver_by)):
        if when is not None:
            wish[field] = wire_time(when)
    return wish


async def _subscribe_again(connection: Connection, from_seq: int) -> None:
    """A service that is away is tried again by the next silence."""
    try:
        await connection.ask("subscribe", {"from_seq": from_seq})
    except NoAnswer:
        pass
    except Refusal as refusal:
        if not refusal.retryable:
            raise
        await asyncio.sleep(refusal.retry_after_s or _PAUSE_S)
