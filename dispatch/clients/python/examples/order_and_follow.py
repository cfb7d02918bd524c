#!/usr/bin/python3
"""Orders one delivery and follows it to its end: order_and_follow.py ENDPOINT PICKUP_PAD DROPOFF_PAD

With keys: SWIFTLET_SERVER_KEY=keys/server.key SWIFTLET_KEY=keys/M1.key_secret
"""
import asyncio
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from swiftlet_merchant import EtaFrame, MerchantClient, NotServiceable, OrderState, Pad, Parcel  # noqa: E402


async def main(endpoint: str, pickup: str, dropoff: str) -> int:
    async with MerchantClient(endpoint, server_key=os.environ.get("SWIFTLET_SERVER_KEY"),
                              key=os.environ.get("SWIFTLET_KEY")) as client:
        parcel = Parcel(mass_kg=0.8)
        quote = await client.quote(Pad(pickup), Pad(dropoff), parcel)
        if isinstance(quote, NotServiceable):
            print("not serviceable:", quote.message)
            return 1
        promise = await client.create_order(Pad(pickup), Pad(dropoff), parcel, quote_id=quote.quote_id)
        print(promise.order_id, "promised for", promise.delivery_eta)
        async for update in client.updates(from_seq=1):
            if isinstance(update, EtaFrame):
                for eta in update.orders:
                    if eta.order_id == promise.order_id:
                        print(f"{eta.stage.value:>10}  {eta.remaining_s:6.1f} s left  {eta.cause or ''}")
            elif update.order_id == promise.order_id:
                print("  ->", update.state.value, update.at)
                if update.state.terminal:
                    return 0 if update.state == OrderState.DELIVERED else 1
    return 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:4])))
