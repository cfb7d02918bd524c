#!/usr/bin/python3
"""The dispatch service over real sockets: bad messages, deliveries, a kill in the middle, a second instance, a stop.

    dispatch_e2e.py SWIFTLET SOURCE_DIR
"""
import json
import pathlib
import signal
import socket as net
import subprocess
import sys
import tempfile
import time

import zmq

import history_checker

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CONTEXT = zmq.Context.instance()
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def free_port():
    with net.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Merchant:
    """A DEALER that sorts what it hears into replies, events and ETA frames."""

    def __init__(self, endpoint):
        self.socket = CONTEXT.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)
        self.replies, self.events, self.etas, self.number = {}, [], [], 0
        self.in_order = []

    def raw(self, *frames):
        """The next reply to frames sent as they are."""
        self.socket.send_multipart(list(frames))
        return self.hear(lambda: self.nameless.pop() if self.nameless else None)

    nameless = []

    def ask(self, kind, body, timeout_s=30):
        self.number += 1
        me = f"r{self.number}"
        self.socket.send_json({"v": 1, "type": kind, "id": me, "body": body})
        return self.hear(lambda: self.replies.pop(me, None), timeout_s)

    def hear(self, wanted, timeout_s=30):
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            found = wanted()
            if found:
                return found
            if self.socket.poll(100):
                frame = self.socket.recv_json()
                self.in_order.append(frame)
                if frame["type"] == "order.event":
                    self.events.append(frame)
                elif frame["type"] == "eta":
                    self.etas.append(frame)
                elif frame["re"] is None or not frame["re"].startswith("r"):
                    self.nameless.append(frame)
                else:
                    self.replies[frame["re"]] = frame
        raise SystemExit("FAILED: nothing heard in time")


class Service:
    def __init__(self, directory, ports):
        self.config, self.ports = directory / "service.toml", ports
        drones = "".join(f'[[drone]]\nid = "D{i:02}"\nprofile = "courier-4"\nhome_pad = "H{1 + i % 3}"\n'
                         for i in range(1, 7))
        self.config.write_text(
            f'[service]\nregion = "{SOURCE}/maps/regions/harbour/region.toml"\ndata_dir = "{directory}/data"\n'
            f'speed = 20.0\n[merchants]\nbind = "tcp://127.0.0.1:{ports[0]}"\n[drones]\n'
            f'bind = "tcp://127.0.0.1:{ports[1]}"\n[http]\nbind = "127.0.0.1:*"\n[security]\nmode = "none"\n{drones}')
        self.start()

    def start(self):
        self.process = subprocess.Popen([SWIFTLET, "serve", "--config", self.config], stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline() or "{}")
        check(ready.get("ready") is True and ready["pid"] == self.process.pid and ready["http"].startswith("http://127.0.0.1:"),
              f"the ready line: {ready}")


def bad_messages(merchant):
    hello = json.dumps({"v": 1, "type": "hello", "id": "x", "body": {}}).encode()
    table = [
        ([b"a", b"b"], "bad_frame", None, None),
        ([b""], "bad_json", None, None),
        ([b"not json"], "bad_json", None, None),
        ([b'{"v":1,"v":1}'], "bad_json", None, None),
        ([b"[" * 5000], "bad_json", None, None),
        ([b"[]"], "bad_request", None, None),
        ([hello.replace(b'"v": 1', b'"v": 2')], "unsupported_version", "x", "v"),
        ([hello.replace(b"hello", b"helo")], "unknown_type", "x", "type"),
        ([hello.replace(b"{}", b'{"a":1}')], "unknown_field", "x", "a"),
        ([json.dumps({"v": 1, "type": "quote", "id": "x",
                      "body": {"pickup": {"pad": "K01"}, "dropoff": {"pad": "nowhere"},
                               "parcel": {"mass_kg": 1}}}).encode()], "not_found", "x", "dropoff.pad"),
        ([json.dumps({"v": 1, "type": "quote", "id": "x",
                      "body": {"pickup": {"pad": "K01"}, "dropoff": {"pad": "K02"},
                               "parcel": {"mass_kg": "1"}}}).encode()], "bad_request", "x", "parcel.mass_kg"),
    ]
    for frames, code, re, field in table:
        reply = merchant.raw(*frames)
        check(reply["re"] == re and reply["error"]["code"] == code and reply["error"].get("field") == field,
              f"{frames}: {reply}")
    # Over the limit: the transport drops the connection, the service lives on.
    merchant.socket.send(b"x" * 70_000)


def place_orders(merchant, count):
    orders = {}
    for i in range(count):
        body = {"client_order_id": f"order-{i}", "pickup": {"pad": f"K{1 + i:02}"}, "dropoff": {"pad": f"K{12 + i:02}"},
                "parcel": {"mass_kg": 0.5}, "note": "ring twice"}
        reply = merchant.ask("order.create", body)
        check(reply["ok"], f"order.create: {reply}")
        orders[f"order-{i}"] = (body, reply["body"])
    return orders


def run(directory):
    ports = (free_port(), free_port())
    service = Service(directory, ports)
    endpoint = f"tcp://127.0.0.1:{ports[0]}"
    fleet = subprocess.Popen([SWIFTLET, "fly", "--connect", f"tcp://127.0.0.1:{ports[1]}", "--drones", "6",
                              "--vehicle", "courier-4"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        bad_messages(Merchant(endpoint))
        merchant = Merchant(endpoint)
        check(merchant.ask("hello", {})["body"]["merchant"] == "dev_merchant", "hello")
        time.sleep(2)
        merchant.ask("subscribe", {})
        merchant.hear(lambda: len(merchant.etas) >= 2)
        check(not merchant.etas[0]["body"]["orders"], "ETA frames come without orders")
        orders = place_orders(merchant, 5)
        merchant.hear(lambda: len([e for e in merchant.events if e["body"]["state"] == "accepted"]) == 5)
        for _, (_, created) in orders.items():
            reply_at = next(k for k, f in enumerate(merchant.in_order)
                            if f["type"] == "reply" and f.get("body", {}).get("order_id") == created["order_id"])
            event_at = next(k for k, f in enumerate(merchant.in_order)
                            if f["type"] == "order.event" and f["body"]["order_id"] == created["order_id"])
            check(reply_at < event_at, "the reply comes before the order's first event")

        second = subprocess.run([SWIFTLET, "serve", "--config", service.config], capture_output=True, text=True,
                                timeout=60)
        check(second.returncode != 0 and "another instance" in second.stderr, f"a second instance: {second}")

        merchant.hear(lambda: any(e["body"]["state"] == "airborne" for e in merchant.events), 120)
        seen = max(e["seq"] for e in merchant.events)
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        began = time.monotonic()
        service.start()
        merchant = Merchant(endpoint)
        merchant.ask("hello", {})
        print(f"up again in {time.monotonic() - began:.2f} s")

        for body, created in orders.values():
            again = merchant.ask("order.create", body)
            check(again["ok"] and again["body"] == created, f"the same create after the kill: {again}")
        conflict = dict(orders["order-0"][0], parcel={"mass_kg": 0.7})
        check(merchant.ask("order.create", conflict)["error"]["code"] == "conflict", "another body is a conflict")

        merchant.ask("subscribe", {"from_seq": 1})
        done = lambda: len([e for e in merchant.events if e["body"]["state"] == "delivered"]) == len(orders)
        merchant.hear(done, 180)
        seqs = [e["seq"] for e in merchant.events]
        check(seqs == list(range(1, len(seqs) + 1)) and len(seqs) > seen, f"events have no gap: {seqs}")
        listed = merchant.ask("order.list", {})["body"]["orders"]
        check(sorted(o["client_order_id"] for o in listed) == sorted(orders), "no order lost, none doubled")
        acknowledged = {key: created["order_id"] for key, (_, created) in orders.items()}
        for fault in history_checker.faults(merchant.events, listed, acknowledged):
            check(False, fault)
        for order in listed:
            check(order["state"] == "delivered" and order["proof"]["at"] == order["delivered_at"], f"{order}")
        check(all(len(json.dumps(f)) < 64 * 1024 for f in merchant.etas), "frames are small")

        client = subprocess.run([sys.executable, SOURCE / "dispatch/clients/python/examples/follow_order.py", endpoint,
                                 "K01", "K09"], capture_output=True, text=True, timeout=180)
        check(client.returncode == 0 and "-> delivered" in client.stdout, f"the README's client: {client}")
        check(" s left" in client.stdout, "the README's client follows the ETA")

        service.process.terminate()
        check(service.process.wait(timeout=10) == 0, "a stop is orderly")
        check(b"ring twice" not in b"".join(p.read_bytes() for p in (directory / "data").glob("tracks/*")),
              "notes stand apart")
    finally:
        fleet.kill()
        service.process.kill()


with tempfile.TemporaryDirectory() as scratch:
    run(pathlib.Path(scratch))
print(f"{checks} checks passed")
