#!/usr/bin/python3
"""The Python SDK against the real service: orders, updates through a killed service, refusals, keys that are not let in.

    python_sdk_e2e.py SWIFTLET SOURCE_DIR
"""
import asyncio
import contextlib
import datetime
import pathlib
import subprocess
import sys
import tempfile

from sdk_world import World

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, str(SOURCE / "dispatch/clients/python"))
from swiftlet_merchant import (EtaFrame, KeyRefused, MerchantClient, NoAnswer, NotServiceable, OrderEvent,  # noqa: E402
                               OrderState, Pad, Parcel, Place, Quote, Refusal)

PARCEL = Parcel(mass_kg=0.5)
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"FAILED: {what}")


async def refused(awaited, code):
    try:
        await awaited
    except Refusal as refusal:
        check(refusal.code == code, f"{code} was due, not {refusal}")
        return refusal
    raise SystemExit(f"FAILED: {code} was due")


def client_of(world, name, **more):
    return MerchantClient(world.ready["merchants"], server_key=str(world.folder / "server.key"),
                          key=str(world.folder / f"{name}.key_secret"), **more)


async def verbs(world):
    async with client_of(world, "M1") as client, client_of(world, "M2") as other:
        greeting = await client.hello()
        check(greeting.merchant == "M1" and greeting.speed == 30.0, f"the key says who: {greeting}")
        pads = await client.pads()
        check({"H1", "K01", "K40"} <= {pad.id for pad in pads} and all(pad.slots >= 1 for pad in pads), "pads")
        while isinstance(quote := await client.quote(Pad("K01"), Pad("K09"), PARCEL), NotServiceable):
            check(quote.code == "no_drone_in_time", f"until the fleet has said hello: {quote}")
            await asyncio.sleep(0.2)
        check(isinstance(quote, Quote) and quote.interval.p05 < quote.delivery_eta < quote.interval.p95, f"{quote}")
        check(isinstance(await client.quote(Pad("K01"), Pad("K09"), Parcel(mass_kg=500.0)), NotServiceable), "too heavy")
        await refused(client.quote(Pad("K01"), Pad("nowhere"), PARCEL), "not_found")
        far = await client.quote(Pad("K01"), Place(0.0, 0.0), PARCEL)
        check(isinstance(far, NotServiceable) and far.code == "out_of_region", f"far away: {far}")
        blamed = await refused(client.create_order(Pad("K01"), Place(0.0, 0.0), PARCEL), "out_of_region")
        check(not blamed.retryable, f"{blamed} does not go away")
        promise = await client.create_order(Pad("K01"), Pad("K09"), PARCEL, quote_id=quote.quote_id, client_order_id="a")
        again = await client.create_order(Pad("K01"), Pad("K09"), PARCEL, quote_id=quote.quote_id, client_order_id="a")
        check(promise == again, "the same order twice is one")
        await refused(client.create_order(Pad("K02"), Pad("K09"), PARCEL, client_order_id="a"), "conflict")
        order = await client.order(client_order_id="a")
        check(order.order_id == promise.order_id and order.pickup == Pad("K01") and order.parcel == PARCEL, f"{order}")
        later = order.created_at + datetime.timedelta(minutes=3)
        check((await client.ready(order.order_id, later)).order_id == order.order_id, "ready later")
        try:
            await client.ready(order.order_id, datetime.datetime(2026, 1, 1))
            check(False, "a time without a zone is refused")
        except ValueError:
            pass
        await refused(other.order(order.order_id), "not_found")
        check([o async for o in other.orders()] == [], "a merchant sees its own orders only")
        alive = [state for state in OrderState if not state.terminal]  # it goes on while we ask
        check([o.order_id async for o in client.orders(alive)] == [order.order_id], "orders by state")
        check([o async for o in client.orders([OrderState.DELIVERED])] == [], "orders of another state")
        check(await client.cancel(order.order_id, "changed my mind") == OrderState.CANCELLED, "cancelled before loading")


async def updates_through_a_killed_service(world):
    async with client_of(world, "M1", patience_s=5.0) as client:
        promise = await client.create_order(Pad("K03"), Pad("K01"), PARCEL)
        events, etas = [], 0
        async for update in client.updates(from_seq=1):
            if isinstance(update, EtaFrame):
                etas += 1
            else:
                events.append(update)
                if update.order_id == promise.order_id and update.state == OrderState.TO_PICKUP:
                    world.kill()
                    world.serve()
                if update.order_id == promise.order_id and update.state.terminal:
                    break
        check([event.seq for event in events] == list(range(1, len(events) + 1)), "no event is missing or doubled")
        check(all(isinstance(event, OrderEvent) for event in events), "events are events")
        check(events[-1].state == OrderState.DELIVERED, f"it is delivered all the same: {events[-1]}")
        check(etas > 0, "and its ETA was told")
        order = await client.order(promise.order_id)
        check(order.delivered_at and order.delivered_at <= events[-1].at and order.proof, f"with a proof: {order}")


async def who_is_not_let_in(world):
    subprocess.run([SWIFTLET, "keys", "create", "merchant", "M3", "--dir", world.folder], check=True,
                   stderr=subprocess.DEVNULL)
    (world.folder / "authorized/merchant/M3.key").unlink()
    await asyncio.sleep(2.0)
    async with client_of(world, "M3") as stranger:
        try:
            await stranger.hello()
            check(False, "a key that nobody authorised gets no answer")
        except KeyRefused:
            check(True, "")
    async with MerchantClient("tcp://127.0.0.1:9", patience_s=0.5) as nobody:
        try:
            await nobody.hello()
            check(False, "nobody is there")
        except NoAnswer:
            check(True, "")


async def main():
    with tempfile.TemporaryDirectory() as name, contextlib.closing(World(SWIFTLET, SOURCE, pathlib.Path(name))) as world:
        await verbs(world)
        await updates_through_a_killed_service(world)
        await who_is_not_let_in(world)
    print(f"{checks} checks hold")


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(main(), 240))
