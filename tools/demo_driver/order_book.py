"""All orders of the demo: what was promised, what is expected now, what happened."""
import collections
import dataclasses

from demo_driver import service_time

OVER = {"delivered", "returned", "cancelled", "failed"}


@dataclasses.dataclass
class Order:
    client_order_id: str
    merchant: str
    pickup: str
    dropoff: str
    order_id: str = ""
    state: str = "asked"
    drone: str = ""
    placed_at: float = 0.0
    promised: float = 0.0
    promised_p05: float = 0.0
    promised_p95: float = 0.0
    eta: float = 0.0
    eta_half_width: float = 0.0  # of the 80 % interval, seconds
    cause: str = ""
    delivered_at: float = 0.0
    expected: list[tuple[float, float]] = dataclasses.field(default_factory=list)  # (said at, eta)

    @property
    def over(self) -> bool:
        return self.state in OVER

    def eta_error_s(self, before_s: float) -> float | None:
        """How wrong the ETA was that stood `before_s` before the delivery."""
        standing = [eta for at, eta in self.expected if at <= self.delivered_at - before_s]
        return self.delivered_at - standing[-1] if standing else None


class OrderBook:
    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}  # by client_order_id
        self.refused: collections.Counter[str] = collections.Counter()

    def live(self, merchant: str | None = None) -> list[Order]:
        return [o for o in self.orders.values()
                if o.order_id and not o.over and (merchant is None or o.merchant == merchant)]

    def placed(self) -> list[Order]:
        return [o for o in self.orders.values() if o.order_id]

    def delivered(self) -> list[Order]:
        return sorted((o for o in self.orders.values() if o.state == "delivered"), key=lambda o: o.delivered_at)

    def accepted(self, order: Order, body: dict, now: float) -> None:
        """The reply to order.create: the promise."""
        order.order_id = body["order_id"]
        order.state = body["state"] if order.state == "asked" else order.state
        order.placed_at = now
        order.promised = order.eta = service_time.parse(body["delivery_eta"])
        order.promised_p05 = service_time.parse(body["p05"])
        order.promised_p95 = service_time.parse(body["p95"])

    def event(self, body: dict) -> Order | None:
        """An order's new state; nothing if it is none of ours or known already."""
        order = self.orders.get(body["client_order_id"])
        if order is None or order.state == body["state"]:
            return None
        order.state = body["state"]
        order.drone = body.get("drone", "" if order.state == "accepted" else order.drone)
        order.cause = body.get("cause", "")
        if order.state == "delivered":
            order.delivered_at = service_time.parse(body["at"])
        return order

    def eta(self, frame: dict) -> None:
        at = service_time.parse(frame["at"])
        by_id = {o.order_id: o for o in self.live()}
        for line in frame["body"]["orders"]:
            order = by_id.get(line["order_id"])
            if order is None:
                continue
            order.eta = service_time.parse(line["eta"])
            order.eta_half_width = (service_time.parse(line["p90"]) - service_time.parse(line["p10"])) / 2.0
            order.cause = line.get("cause", order.cause)
            if not order.expected or at > order.expected[-1][0]:
                order.expected.append((at, order.eta))
