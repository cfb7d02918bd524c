#!/usr/bin/python3
"""Who is let in at the service's ports, and what a peer that is in can see of the others.

    keys_e2e.py SWIFTLET SOURCE_DIR
"""
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import threading
import time

import zmq
import zmq.auth
from zmq.utils import monitor

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
CONTEXT = zmq.Context.instance()
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def keys(*arguments, expect=0):
    done = subprocess.run([SWIFTLET, "keys", *arguments], capture_output=True, text=True)
    check(done.returncode == expect, f"keys {arguments}: {done}")
    return done


class Parked(threading.Thread):
    """A drone that stands on its pad and says so every two seconds: after ten of silence it would not be counted on."""

    def __init__(self, *peer):
        super().__init__(daemon=True)
        self.peer, self.done, self.known = peer, threading.Event(), threading.Event()

    def run(self):
        drone = Peer(*self.peer).connect()
        while not self.done.is_set():
            if drone.ask("drone.hello", {"profile": "courier-4", "last_command_seq": 0}):
                self.known.set()
            self.done.wait(2)


class Peer:
    """A DEALER with the keys of a certificate, or none."""

    def __init__(self, endpoint, server=None, own=None):
        self.socket = CONTEXT.socket(zmq.DEALER)
        self.socket.linger = 0
        if server:
            self.socket.curve_serverkey = server
            self.socket.curve_publickey, self.socket.curve_secretkey = own
        self.endpoint, self.number = endpoint, 0

    def connect(self):
        self.socket.connect(self.endpoint)
        return self

    def meets(self, wanted):
        """Whether the handshake ends so: 'refused' or 'failed'. A connection that a slow machine has cut is tried again,
        so only being let in ends the watch before the time is up."""
        ends = {zmq.EVENT_HANDSHAKE_SUCCEEDED: "in", zmq.EVENT_HANDSHAKE_FAILED_AUTH: "refused",
                zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "failed", zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "failed",
                zmq.EVENT_DISCONNECTED: "failed"}
        watch = self.socket.get_monitor_socket(sum(ends))
        self.connect()
        until, end = time.monotonic() + 30, None
        while end not in (wanted, "in") and watch.poll(max(0, 1000 * (until - time.monotonic()))):
            end = ends.get(monitor.recv_monitor_message(watch)["event"])
        # In this order: an event that finds nobody to tell stops every connection of this process.
        self.socket.disable_monitor()
        watch.close()
        self.socket.close()
        return end == wanted

    def ask(self, kind, body, timeout_ms=30000):
        self.number += 1
        me = f"r{self.number}"
        self.socket.send_json({"v": 1, "type": kind, "id": me, "body": body})
        while self.socket.poll(timeout_ms):
            frame = self.socket.recv_json()
            if frame.get("re") == me or (frame["type"] == "reply" and frame.get("re") is None):
                return frame
        return None


def own(directory, name):
    return zmq.auth.load_certificate(directory / f"{name}.key_secret")


def order_of(merchant, number, pickup="K01", dropoff="K09"):
    for _ in range(4):  # while the referee still reads its sources, an order may be refused for now
        reply = merchant.ask("order.create", {"client_order_id": f"order-{number}", "pickup": {"pad": pickup}, "dropoff":
                                              {"pad": dropoff}, "parcel": {"mass_kg": 0.5}, "note": "SECRET-NOTE"})
        if not reply or reply["ok"] or reply["error"]["code"] != "overloaded":
            break
    check(reply and reply["ok"], f"order.create: {reply}")
    return reply["body"]["order_id"]


def run(directory):
    folder = directory / "keys"
    at = ["--dir", str(folder)]
    config = directory / "serve.toml"
    config.write_text(f'[service]\nregion = "{SOURCE}/maps/regions/harbour/region.toml"\ndata_dir = "{directory}/data"\n'
                      '[merchants]\nbind = "tcp://127.0.0.1:*"\n[drones]\nbind = "tcp://127.0.0.1:*"\n'
                      f'[security]\nkeys_dir = "{folder}"\n'
                      + "".join(f'[[drone]]\nid = "D0{i}"\nprofile = "courier-4"\nhome_pad = "H1"\n' for i in (1, 2)))
    serve = [SWIFTLET, "serve", "--config", str(config)]
    bare = subprocess.run(serve, capture_output=True, text=True)
    check(bare.returncode == 3 and "server.key_secret" in bare.stderr, f"no keys, no service: {bare}")
    keys("create", "server", "server", *at)
    for name in ("M1", "M2"):
        keys("create", "merchant", name, *at)
    keys("create", "drone", "D", "--count", "2", *at)
    check(stat.S_IMODE((folder / "M1.key_secret").stat().st_mode) == 0o600, "secrets are for their owner's eyes")
    keys("create", "merchant", "D01", *at, expect=3)  # a name is one peer's
    keys("create", "merchant", "../evil", *at, expect=2)

    (folder / "server.key_secret").chmod(0o644)
    loose = subprocess.run(serve, capture_output=True, text=True)
    check(loose.returncode == 3 and "600" in loose.stderr, f"a secret that others can read: {loose}")
    (folder / "server.key_secret").chmod(0o600)

    service = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        ready = json.loads(service.stdout.readline())
        to_merchants, to_drones = ready["merchants"], ready["drones"]
        server, _ = zmq.auth.load_certificate(folder / "server.key")

        check(Peer(to_merchants, server, zmq.curve_keypair()).meets("refused"), "an unknown key")
        check(Peer(to_drones, server, zmq.curve_keypair()).meets("refused"), "an unknown key at the drones' port")
        check(Peer(to_merchants).meets("failed"), "no key at all")
        check(Peer(to_merchants, zmq.curve_keypair()[0], own(folder, "M1")).meets("failed"), "another server's key")
        check(Peer(to_merchants, server, own(folder, "D01")).meets("refused"), "a drone at the merchants' port")
        check(Peer(to_drones, server, own(folder, "M1")).meets("refused"), "a merchant at the drones' port")

        first, second = (Peer(to_merchants, server, own(folder, name)).connect() for name in ("M1", "M2"))
        check(first.ask("hello", {})["body"]["merchant"] == "M1", "a merchant is who its key says")
        check(second.ask("hello", {})["body"]["merchant"] == "M2", "and so is the other")

        drone = Peer(to_drones, server, own(folder, "D01")).connect()
        claim = drone.ask("drone.hello", {"drone": "D02", "profile": "courier-4", "last_command_seq": 0})
        check(claim["error"]["code"] == "forbidden", f"a drone's key speaks for that drone alone: {claim}")
        named = drone.ask("drone.hello", {"profile": "courier-4", "last_command_seq": 0})
        check(named["ok"] and named["body"]["drone"] == "D01", f"a drone is who its key says: {named}")
        parked = [Parked(to_drones, server, own(folder, name)) for name in ("D01", "D02")]
        for one in parked:
            one.start()
            check(one.known.wait(30), "a drone is known")

        foreign(first, second)
        shell(folder, to_merchants)
        revoked(directory, folder, at, to_merchants, server, first, second)
        for one in parked:
            one.done.set()
            one.join(30)
    finally:
        service.terminate()
        check(service.wait(timeout=15) == 0, "a stop is orderly")


def foreign(first, second):
    """Every verb of the second merchant on what is the first one's answers as if it did not exist."""
    mine = order_of(first, 1)
    check(first.ask("order.get", {"order_id": mine})["body"]["client_order_id"] == "order-1", "one's own order is there")
    for body in ({"order_id": mine}, {"client_order_id": "order-1"}):
        theirs = second.ask("order.get", body)
        unknown = second.ask("order.get", {k: "O999999" for k in body})
        check(theirs["error"]["code"] == unknown["error"]["code"] == "not_found", f"order.get {body}: {theirs}")
    for kind, body in (("order.cancel", {"order_id": mine, "reason": "x"}),
                       ("order.ready", {"order_id": mine, "ready_at": "2030-01-01T00:00:00Z"})):
        refusal = second.ask(kind, body)
        check(refusal["error"]["code"] == "not_found", f"{kind}: {refusal}")
    check(second.ask("order.list", {})["body"]["orders"] == [], "order.list holds one's own")
    other = order_of(second, 1)  # the same client_order_id is another order here
    check(other != mine, "client_order_id counts per merchant")
    first.ask("subscribe", {"from_seq": 1})
    second.ask("subscribe", {"from_seq": 1})
    for merchant, allowed in ((first, mine), (second, other)):
        until = time.monotonic() + 3
        while time.monotonic() < until and merchant.socket.poll(500):
            frame = merchant.socket.recv()
            names = [o for o in (mine, other) if o.encode() in frame]
            check(names in ([], [allowed]), f"a frame names a foreign order: {frame}")
        check(merchant.ask("order.get", {"order_id": allowed})["ok"], "still served")


def shell(folder, endpoint):
    """`swiftlet order` with a key, with a stranger's, and against nobody; what it is told counts, not what its
    environment says."""
    elsewhere = {**os.environ, "SWIFTLET_ENDPOINT": "tcp://127.0.0.1:9", "SWIFTLET_KEY": str(folder / "M2.key_secret"),
                 "SWIFTLET_SERVER_KEY": str(folder / "M1.key")}

    def order(*arguments, expect=0, key="M1.key_secret", at=endpoint):
        for _ in range(4):  # as in order_of
            done = subprocess.run([SWIFTLET, "--json", "order", *arguments, "--connect", at, "--server-key",
                                   folder / "server.key", "--key", folder / key], capture_output=True, text=True,
                                  env=elsewhere)
            if '"code":"overloaded"' not in done.stdout:
                break
        check(done.returncode == expect, f"order {arguments}: {done}")
        return json.loads(done.stdout)

    wish = ("--from", "K03", "--to", "K11", "--mass-kg", "0.5")
    check(order("quote", *wish)["serviceable"], "a quote")
    check(order("quote", "--from", "K03", "--to", "K11", "--mass-kg", "900", expect=4)["reason"]["code"]
          == "payload_too_heavy", "a quote that cannot be")
    made = order("create", *wish, "--client-order-id", "from-a-shell")
    check(order("create", *wish, "--client-order-id", "from-a-shell") == made, "the same again")
    check(order("get", "--client-order-id", "from-a-shell")["order_id"] == made["order_id"], "get")
    check(order("get", made["order_id"], key="M2.key_secret", expect=3)["code"] == "not_found", "another's order")
    check(any(o["order_id"] == made["order_id"] for o in order("list")["orders"]), "list")
    check(order("cancel", made["order_id"])["state"] == "cancelled", "cancel")
    check(order("track", made["order_id"], expect=4)["state"] == "cancelled", "track of what is over")
    subprocess.run([SWIFTLET, "keys", "create", "merchant", "elsewhere", "--dir", folder / "other"], check=True,
                   stderr=subprocess.DEVNULL)
    check(order("list", key="other/elsewhere.key_secret", expect=3)["code"] == "unauthorized", "a stranger is told")
    check(order("list", "--timeout-s", "0.5", at="tcp://127.0.0.1:9", expect=5)["code"] == "deadline_passed", "nobody")


def revoked(directory, folder, at, to_merchants, server, first, second):
    keys("create", "merchant", "M3", *at)
    time.sleep(1.2)
    third = Peer(to_merchants, server, own(folder, "M3")).connect()
    check(third.ask("hello", {})["body"]["merchant"] == "M3", "a new key is let in without a restart")

    certificate = own(folder, "M2")
    keys("revoke", "M2", *at)
    check(not (folder / "M2.key_secret").exists() and list((folder / "revoked/merchant").glob("M2-*.key")), "on record")
    time.sleep(1.2)
    while second.socket.poll(0):
        second.socket.recv()
    check(not second.socket.poll(2500), "nothing more is sent to a revoked key")
    told = second.ask("hello", {})
    check(told is not None and told["error"]["code"] == "unauthorized", f"a revoked key is told so: {told}")
    check(Peer(to_merchants, server, certificate).meets("refused"), "and does not come in again")
    check(first.ask("hello", {})["ok"], "the others go on")
    keys("revoke", "M2", *at, expect=3)
    names = [k["name"] for k in json.loads(subprocess.run([SWIFTLET, "--json", "keys", "list", *at],
                                                          capture_output=True, text=True).stdout)["keys"]]
    check(names == ["M1", "M3", "D01", "D02"], f"keys list: {names}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name))
    print(f"{checks} checks hold")
