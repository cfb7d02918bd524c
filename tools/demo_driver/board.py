"""What the terminal shows: a table that is drawn over itself, or lines for a log."""
from demo_driver.order_book import Order, OrderBook
from demo_driver.service_time import clock, span

STAGES = {"accepted": 0, "assigned": 1, "to_pickup": 2, "loading": 3, "airborne": 4, "holding": 4, "arriving": 5}


def fit(line: str, width: int) -> str:
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…" * (width > 0)


def order_line(order: Order, now: float) -> str:
    window = f"±{order.eta_half_width:.0f} s" if order.eta_half_width else ""
    stage = "▪" * STAGES.get(order.state, 0)
    return (f"{order.order_id:<9} {order.pickup:>4} → {order.dropoff:<4} {order.drone:<4} {order.state:<10} "
            f"{span(max(order.eta - now, 0.0)):>7} {window:<7} {stage:<5} {order.cause}")


def table(book: OrderBook, now: float, wall_left_s: float, width: int, height: int) -> list[str]:
    """At most height - 1 lines of at most `width` characters."""
    live = sorted(book.live(), key=lambda o: o.eta)
    lines = [f"Swiftlet demo  {clock(now)} service time, {wall_left_s:.0f} s to go",
             f"{len(book.placed())} orders: {len(live)} under way, {len(book.delivered())} delivered, "
             f"{sum(book.refused.values())} refused", "",
             f"{'order':<9} {'from':>4}   {'to':<4} {'dr.':<4} {'state':<10} {'ETA in':>7}"]
    lines += [order_line(order, now) for order in live]
    done = book.delivered()[::-1]
    if done:
        lines += ["", "delivered (promised for, at, late by)"]
        lines += [f"{o.order_id:<9} {o.pickup:>4} → {o.dropoff:<4} {o.drone:<4} {clock(o.promised)} "
                  f"{clock(o.delivered_at)} {span(o.delivered_at - o.promised):>6}" for o in done]
    return [fit(line, width) for line in lines[: max(height - 1, 1)]]


def drawn(lines: list[str]) -> str:
    """The table over whatever the terminal shows: home, each line with its rest cleared, then all below."""
    return "\x1b[H" + "".join(f"{line}\x1b[K\n" for line in lines) + "\x1b[J"


def event_line(order: Order, now: float) -> str:
    line = f"{clock(now)} {order.order_id} {order.pickup} → {order.dropoff}: {order.state}"
    if order.state == "accepted" and not order.cause:
        line += f", promised for {clock(order.promised)}"
    elif order.state == "delivered":
        line += f", promised for {clock(order.promised)}, late by {span(order.delivered_at - order.promised)}"
    elif order.drone:
        line += f" ({order.drone})"
    return line + (f" because of {order.cause}" if order.cause else "")


def eta_line(book: OrderBook, now: float) -> str:
    live = sorted(book.live(), key=lambda o: o.eta)
    return f"{clock(now)} ETA " + ("  ".join(f"{o.order_id} {span(max(o.eta - now, 0.0))}" for o in live) or "–")
