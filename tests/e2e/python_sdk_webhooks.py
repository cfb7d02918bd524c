#!/usr/bin/python3
"""Which webhooks the Python SDK believes: python_sdk_webhooks.py SOURCE_DIR"""
import hashlib
import hmac
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(sys.argv[1]) / "dispatch/clients/python"))
from swiftlet_merchant import WebhookRefused, verify_webhook  # noqa: E402

SECRET = "whsec_0123456789abcdefghij"
BODY = json.dumps({"v": 1, "type": "order.event", "seq": 3, "body": {
    "order_id": "O1", "client_order_id": "17", "state": "delivered", "at": "2026-11-22T10:00:00.000Z"}}).encode()
NOW = int(time.time())


def signed(at=NOW, body=BODY, secret=SECRET):
    return f"t={at},v1=" + hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


for headers, body, secret in (({"Swiftlet-Signature": signed()}, BODY, SECRET),
                              ({"x": "y", "swiftlet-signature": signed()}, BODY, SECRET + "\n"),
                              ({"SWIFTLET-SIGNATURE": signed() + ",v1=00"}, BODY, SECRET),
                              ({"Swiftlet-Signature": "v1=00, " + signed(NOW - 290)}, BODY, SECRET)):
    event = verify_webhook(headers, body, secret)
    assert event.seq == 3 and event.order_id == "O1" and event.state == "delivered", event
for name, signature, body in (("another secret", signed(secret="other"), BODY), ("another body", signed(), BODY + b" "),
                              ("another time", signed().replace(f"t={NOW}", f"t={NOW + 1}"), BODY),
                              ("long ago", signed(NOW - 301), BODY), ("not yet", signed(NOW + 310), BODY),
                              ("no signature", "", BODY), ("no time", signed().split(",")[1], BODY),
                              ("two times", f"t={NOW}," + signed(), BODY), ("no mac", f"t={NOW}", BODY),
                              ("another version", signed().replace("v1", "v0"), BODY), ("a digit less", signed()[:-1], BODY),
                              ("no number", signed("1e9"), BODY), ("not ASCII", f"t={NOW},v1=\u00fc", BODY),
                              ("digits that are not", signed("\u0661"), BODY)):
    try:
        verify_webhook({"Swiftlet-Signature": signature}, body, SECRET)
    except WebhookRefused:
        continue
    raise SystemExit(f"FAILED: believed: {name}")
print("all checks hold")
