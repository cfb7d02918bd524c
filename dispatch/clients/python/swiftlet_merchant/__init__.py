"""A merchant's client of the Swiftlet dispatch service: quote, order, follow to the second, cancel.

    async with MerchantClient("tcp://127.0.0.1:7001", server_key="keys/server.key", key="keys/M1.key_secret") as client:
        quote = await client.quote(Pad("K01"), Pad("K09"), Parcel(mass_kg=0.8))
        order = await client.create_order(Pad("K01"), Pad("K09"), Parcel(mass_kg=0.8), quote_id=quote.quote_id)
        async for update in client.updates():
            ...

Times are timezone-aware datetimes in service time; positions are WGS84 degrees; masses kilograms, lengths metres.
"""
from .client import MerchantClient
from .errors import KeyRefused, NoAnswer, Refusal, SwiftletError
from .messages import (EtaFrame, Fee, Greeting, Interval, NotServiceable, Order, OrderEta, OrderEvent, OrderState, Pad,
                       PadInfo, Parcel, Place, Promise, Quote, Stop)
from .webhooks import WebhookRefused, verify_webhook

__all__ = ["EtaFrame", "Fee", "Greeting", "Interval", "KeyRefused", "MerchantClient", "NoAnswer", "NotServiceable",
           "Order", "OrderEta", "OrderEvent", "OrderState", "Pad", "PadInfo", "Parcel", "Place", "Promise", "Quote",
           "Refusal", "Stop", "SwiftletError", "WebhookRefused", "verify_webhook"]
