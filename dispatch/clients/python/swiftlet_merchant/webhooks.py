"""What comes to a merchant's webhook: whether the service has sent it, and what it says."""
from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from .errors import SwiftletError
from .messages import OrderEvent


class WebhookRefused(SwiftletError):
    """The request was not signed with this secret, or not lately. Answer it 400 and believe nothing that it says."""


def verify_webhook(headers: Mapping[str, str], body: bytes, secret: str, tolerance_s: float = 300.0) -> OrderEvent:
    """The event that a webhook's request brings.

    headers: as they came; names in any case. body: the very bytes that came, before anything has read them. secret: what
    stands in the merchant's .webhook_secret file. tolerance_s: how far the signature's time may be from this machine's
    clock, either way; an older request may be a recorded one.

    An event may come twice: remember the highest `seq` and leave out what is not above it. Raises WebhookRefused.

        event = verify_webhook(request.headers, request.body, secret)
    """
    given = next((value for name, value in headers.items() if name.lower() == "swiftlet-signature"), "")
    parts = [part.strip().partition("=") for part in given.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) < 16):
        raise WebhookRefused("there is no Swiftlet-Signature with one time")
    due = hmac.new(secret.strip().encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    if not any(hmac.compare_digest(due.encode(), value.encode()) for name, _, value in parts if name == "v1"):
        raise WebhookRefused("the signature is not that of this secret and body")
    if abs(time.time() - int(times[0])) > tolerance_s:
        raise WebhookRefused(f"it was signed more than {tolerance_s:g} s from now")
    return OrderEvent.of(json.loads(body))
