"""The summary at the end of the demo, and its verdict."""
import collections
import statistics

from demo_driver.order_book import Order
from demo_driver.service_time import clock, span

REFUSED_BY_REFEREE = 6  # the exit status of the contract
NOTHING_DELIVERED = 1
ORDER_LOST = 1


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def delivery_lines(delivered: list[Order]) -> list[str]:
    lines = [f"  {'order':<9} {'from':>4}   {'to':<4} {'drone':<5} promised  90 % interval        delivered  late by"]
    for o in delivered:
        inside = "" if o.promised_p05 <= o.delivered_at <= o.promised_p95 else "  outside"
        lines.append(f"  {o.order_id:<9} {o.pickup:>4} → {o.dropoff:<4} {o.drone:<5} {clock(o.promised)}  "
                     f"{clock(o.promised_p05)} – {clock(o.promised_p95)}  {clock(o.delivered_at)}  "
                     f"{span(o.delivered_at - o.promised):>6}{inside}")
    return lines


def error_line(title: str, errors: list[float]) -> str:
    sizes = [abs(e) for e in errors]
    return (f"{title}: mean {statistics.fmean(errors):+.1f} s, mean size {statistics.fmean(sizes):.1f} s, "
            f"nine in ten within {percentile(sizes, 0.9):.1f} s ({len(errors)} orders)")


def eta_lines(delivered: list[Order]) -> list[str]:
    if not delivered:
        return []
    lines = [error_line("promise error", [o.delivered_at - o.promised for o in delivered])]
    inside = sum(o.promised_p05 <= o.delivered_at <= o.promised_p95 for o in delivered)
    lines.append(f"promise kept within its 90 % interval: {inside} of {len(delivered)}")
    last_minute = [e for o in delivered if (e := o.eta_error_s(60.0)) is not None]
    if last_minute:
        lines.append(error_line("ETA error a minute before", last_minute))
    return lines


def route_lines(routes: list[dict]) -> list[str]:
    if not routes:
        return ["routes flown: none"]
    proofs = [route["certificate"] for route in routes]

    def least(field: str) -> str:
        values = [p[field] for p in proofs if p.get(field) is not None]
        return f"{min(values):.2f} m" if values else "nothing near"

    times_ms = [route["planning"]["time_us"] / 1000.0 for route in routes]
    return [f"routes flown: {len(routes)}, {sum(r['length_m'] for r in routes) / 1000.0:.1f} km, "
            f"{sum(r['energy_wh'] for r in routes):.0f} Wh",
            f"least clearance: {least('min_lateral_clearance_m')} to the side, "
            f"{least('min_vertical_clearance_m')} above; height above ground "
            f"{min(p['min_height_agl_m'] for p in proofs):.1f} to {max(p['max_height_agl_m'] for p in proofs):.1f} m",
            f"planning time, referee included: median {statistics.median(times_ms):.1f} ms, "
            f"95 % {percentile(times_ms, 0.95):.1f} ms, longest {max(times_ms):.1f} ms"]


def lines_of(orders: list[Order], refused: dict[str, int], routes: list[dict], referee: list[str]) -> list[str]:
    placed = [o for o in orders if o.order_id]
    delivered = sorted((o for o in placed if o.state == "delivered"), key=lambda o: o.delivered_at)
    others = collections.Counter(o.state for o in placed if o.state != "delivered")
    lines = ["", "Summary", f"orders placed: {len(placed)}, delivered: {len(delivered)}"]
    if others:
        lines.append("not delivered: " + ", ".join(f"{count} {state}" for state, count in sorted(others.items())))
    if not placed:
        lines.append("nothing could be promised in the time that there was: give it more --seconds, 30 at least")
    asked = ", ".join(f"{count} {code}" for code, count in sorted(refused.items()))
    lines.append(f"refused: {sum(refused.values())}" + (f" ({asked})" if asked else ""))
    if delivered:
        lines += delivery_lines(delivered)
    lines += eta_lines(delivered) + route_lines(routes)
    lines.append(f"referee refusals: {len(referee)}")
    return lines + [f"  {line}" for line in referee[:10]]


def not_kept(orders: list[Order], accepted: collections.Counter[str]) -> list[str]:
    """Acknowledged orders that the journal does not hold exactly once."""
    return [f"{o.order_id} ({o.client_order_id}): {accepted[o.client_order_id]} times in the journal"
            for o in orders if o.order_id and accepted[o.client_order_id] != 1]


def keeping_lines(orders: list[Order], accepted: collections.Counter[str], starts: int) -> list[str]:
    placed = sum(bool(o.order_id) for o in orders)
    wrong = not_kept(orders, accepted)
    return [f"acknowledged orders in the journal, each once: {placed - len(wrong)} of {placed}; "
            f"the service was started {starts} time{'' if starts == 1 else 's'}"] + [f"  {line}" for line in wrong]


def verdict(orders: list[Order], referee: list[str], accepted: collections.Counter[str]) -> int:
    if referee:
        return REFUSED_BY_REFEREE
    if not_kept(orders, accepted):
        return ORDER_LOST
    return 0 if any(o.state == "delivered" for o in orders) else NOTHING_DELIVERED
