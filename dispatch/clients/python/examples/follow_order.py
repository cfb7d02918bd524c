#!/usr/bin/python3
"""Quote, order and follow one delivery: follow_order.py ENDPOINT PICKUP_PAD DROPOFF_PAD"""
import itertools, json, os, sys, uuid, zmq, zmq.auth

endpoint, pickup, dropoff = sys.argv[1:4]
socket = zmq.Context.instance().socket(zmq.DEALER)
socket.linger, socket.rcvtimeo = 0, 30_000
if "SWIFTLET_KEY" in os.environ:  # the certificates of the service and of the merchant; without keys: loopback only
    socket.curve_serverkey, _ = zmq.auth.load_certificate(os.environ["SWIFTLET_SERVER_KEY"])
    socket.curve_publickey, socket.curve_secretkey = zmq.auth.load_certificate(os.environ["SWIFTLET_KEY"])
socket.connect(endpoint)
numbers = itertools.count(1)

def ask(kind, **body):  # one request and its reply; what else comes in between is not for us yet
    me = f"r{next(numbers)}"
    socket.send_json({"v": 1, "type": kind, "id": me, "body": body})
    while (reply := socket.recv_json()).get("re") != me: pass
    return reply["body"] if reply["ok"] else sys.exit(f"{kind}: {json.dumps(reply['error'])}")

wish = {"pickup": {"pad": pickup}, "dropoff": {"pad": dropoff}, "parcel": {"mass_kg": 0.8}}
quote = ask("quote", **wish)
if not quote["serviceable"]: sys.exit(f"not serviceable: {quote['reason']['message']}")
ask("subscribe")
order = ask("order.create", client_order_id=str(uuid.uuid4()), quote_id=quote["quote_id"], **wish)
print("order", order["order_id"], "promised for", order["delivery_eta"], "fee", quote["fee"])
state = "accepted"
while state not in ("delivered", "returned", "cancelled", "failed"):
    frame = socket.recv_json()
    for line in frame["body"]["orders"] if frame["type"] == "eta" else []:
        print(f"{line['stage']:>10}  eta {line['eta']}  {line['remaining_s']:6.1f} s left  {line.get('cause', '')}")
    if frame["type"] == "order.event" and frame["body"]["order_id"] == order["order_id"]:
        print("  ->", state := frame["body"]["state"], "at", frame["body"]["at"])
sys.exit(state != "delivered")
