"""What must hold of a merchant's history after any run, whatever happened meanwhile."""

TERMINAL = {"delivered", "returned", "cancelled", "failed"}
LEGAL = {
    "accepted": {"assigned", "cancelled", "failed"},
    "assigned": {"accepted", "to_pickup", "cancelled", "failed"},
    "to_pickup": {"accepted", "loading", "cancelled", "failed"},
    "loading": {"accepted", "airborne", "returning", "cancelled", "failed"},
    "airborne": {"holding", "arriving", "returning", "diverted", "failed"},
    "holding": {"airborne", "arriving", "returning", "diverted", "failed"},
    "arriving": {"holding", "delivered", "returning", "diverted", "failed"},
    "returning": {"returned", "delivered", "failed"},
    "diverted": {"delivered", "returned", "failed"},
}


def faults(events, orders, acknowledged):
    """events: `order.event` frames from the first on; orders: what `order.list` gives; acknowledged: client_order_id
    to order_id of every order that was said to be accepted. Yields one line a fault."""
    seqs = [event["seq"] for event in events]
    if seqs != list(range(1, len(seqs) + 1)):
        yield f"events have gaps or doubles: {seqs[:50]}"
    by_order = {}
    flying = {}
    for event in events:
        body = event["body"]
        order, state, drone = body["order_id"], body["state"], body.get("drone")
        before = by_order.setdefault(order, [])
        if not before and state != "accepted":
            yield f"{order} begins with {state}"
        if before and state not in LEGAL.get(before[-1], set()):
            yield f"{order} went from {before[-1]} to {state}"
        before.append(state)
        # A drone carries one order: from its assignment until that has ended or been given back.
        if drone and state == "assigned":
            other = flying.get(drone)
            if other and other != order and by_order[other][-1] not in TERMINAL | {"accepted"}:
                yield f"{drone} has {other} and {order}"
            flying[drone] = order
    for order, states in by_order.items():
        if sum(state in TERMINAL for state in states) > 1:
            yield f"{order} ended more than once: {states}"
    listed = {}
    for order in orders:
        if order["client_order_id"] in listed:
            yield f"{order['client_order_id']} is listed twice"
        listed[order["client_order_id"]] = order["order_id"]
    for client, order in acknowledged.items():
        if listed.get(client) != order:
            yield f"{client} was acknowledged as {order} and is {listed.get(client)}"
