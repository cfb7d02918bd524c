"""A merchant that asks for quotes and orders between random pads, a few orders at a time."""
import random

import zmq

from demo_driver import service_time
from demo_driver.merchant_link import Keys, MerchantLink
from demo_driver.order_book import Order, OrderBook

TELLING = 60.0  # seconds of service time that a refused merchant waits before it asks again


class Merchant:
    """Orders only what is promised (with 95 %) before `until`, so that the demo ends with parcels delivered."""

    def __init__(self, name: str, context: zmq.Context, endpoint: str, book: OrderBook, seed: int, most_live: int,
                 run: str, keys: Keys | None = None) -> None:
        self.name = name
        self.clock = service_time.ServiceClock()
        self.until = float("inf")
        self.news: list[Order] = []  # orders whose state has changed, for whoever shows them
        self._book = book
        self._random = random.Random(f"{seed} {name}")
        self._most_live = most_live
        self._run = run
        self._pads: list[dict] = []
        self._count = 0
        self._busy = False
        self._next_at = 0.0
        self.link = MerchantLink(context, endpoint, self._hello, self._event, self._eta, keys)
        self.link.ask("pads.list", {"limit": 200}, self._pads_listed)

    def tick(self) -> None:
        self.link.tick()
        now = self.clock.now()
        may_ask = self._pads and self.clock.known and not self._busy and now >= self._next_at
        if may_ask and now < self.until and len(self._book.live(self.name)) < self._most_live:
            self._quote()

    def _hello(self, reply: dict) -> None:
        if reply["ok"]:
            self.clock.hear(reply["body"]["time"], reply["body"]["speed"])

    def _pads_listed(self, reply: dict) -> None:
        if not reply["ok"]:
            raise SystemExit(f"demo: pads.list: {reply['error']}")
        self._pads += reply["body"]["pads"]
        if reply["body"]["next_cursor"]:
            self.link.ask("pads.list", {"limit": 200, "cursor": reply["body"]["next_cursor"]}, self._pads_listed)

    def _event(self, body: dict) -> None:
        order = self._book.event(body)
        if order is None:
            return
        self.news.append(order)
        if order.state == "delivered":
            self.link.ask("order.get", {"client_order_id": order.client_order_id}, self._proven)

    def _proven(self, reply: dict) -> None:
        """The release itself was sensed a moment before its event was written."""
        if reply["ok"] and "delivered_at" in reply["body"]:
            order = self._book.orders[reply["body"]["client_order_id"]]
            order.delivered_at = service_time.parse(reply["body"]["delivered_at"])

    def _eta(self, frame: dict) -> None:
        self.clock.hear(frame["at"])
        self._book.eta(frame)

    def _quote(self) -> None:
        pickup = self._random.choice(self._pads)["id"]
        kiosks = [p["id"] for p in self._pads if p["kind"] != "hub" and p["id"] != pickup]
        dropoff = self._random.choice(kiosks or [p["id"] for p in self._pads if p["id"] != pickup])
        wish = {"pickup": {"pad": pickup}, "dropoff": {"pad": dropoff},
                "parcel": {"mass_kg": round(self._random.uniform(0.2, 2.0), 2), "length_m": 0.3, "width_m": 0.2,
                           "height_m": 0.15}}
        self._busy = True
        self.link.ask("quote", wish, lambda reply: self._quoted(wish, reply))

    def _quoted(self, wish: dict, reply: dict) -> None:
        if not reply["ok"]:
            return self._refused(reply["error"]["code"])
        quote = reply["body"]
        if not quote["serviceable"]:
            return self._refused(quote["reason"]["code"])
        if service_time.parse(quote["p95"]) > self.until:
            return self._pause(TELLING)
        self._count += 1
        order = Order(f"{self._run}-{self.name}-{self._count:03}", self.name, wish["pickup"]["pad"],
                      wish["dropoff"]["pad"])
        self._book.orders[order.client_order_id] = order
        body = {"client_order_id": order.client_order_id, "quote_id": quote["quote_id"], **wish}
        self.link.ask("order.create", body, lambda answer: self._created(order, answer))

    def _created(self, order: Order, reply: dict) -> None:
        if not reply["ok"]:
            del self._book.orders[order.client_order_id]
            return self._refused(reply["error"]["code"])
        self._book.accepted(order, reply["body"], self.clock.now())
        self.news.append(order)
        self._pause(self._random.uniform(5.0, 40.0))

    def _refused(self, code: str) -> None:
        self._book.refused[code] += 1
        self._pause(self._random.uniform(0.5, 1.5) * TELLING)

    def _pause(self, seconds: float) -> None:
        self._busy = False
        self._next_at = self.clock.now() + seconds
