#!/usr/bin/python3
"""The merchants' HTTP door over TLS and real sockets: every verb against its OpenAPI document, who gets in, what a
merchant can see of another, the same order by both doors, peers that break the rules; and the merchants' webhooks.

    merchant_http_e2e.py SWIFTLET SOURCE_DIR [KILLS]      KILLS: of the service in the midst of webhooks; usually 1
"""
import concurrent.futures
import contextlib
import http.client
import json
import pathlib
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time

import zmq
import zmq.auth

sys.path.insert(0, str(pathlib.Path(sys.argv[2]) / "dispatch/clients/python"))
from door_contract import DoorContract  # noqa: E402
from sdk_world import World  # noqa: E402
from self_signed import certificate  # noqa: E402
from webhooks import Webhooks  # noqa: E402

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
WISH = {"pickup": {"pad": "K01"}, "dropoff": {"pad": "K09"}, "parcel": {"mass_kg": 0.5}}
CONTRACT = DoorContract(SOURCE)
check = CONTRACT.check


def keys(folder, *arguments, expect=0):
    done = subprocess.run([SWIFTLET, "keys", *arguments, "--dir", folder], capture_output=True, text=True)
    check(done.returncode == expect, f"keys {arguments}: {done}")
    return done


class Door:
    """One merchant at the door, by one connection that is kept."""

    def __init__(self, url, tls, token=None):
        self.host, self.tls, self.token = url.removeprefix("https://"), tls, token
        self.connection = http.client.HTTPSConnection(self.host, timeout=30, context=tls)

    def raw(self, method, path, data=None, headers=None):
        sent = ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | (headers or {})
        try:
            self.connection.request(method, path, data, sent)
            reply = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            self.connection.request(method, path, data, sent)
            reply = self.connection.getresponse()
        text = reply.read()
        self.headers = reply.headers
        return reply.status, json.loads(text) if text else None

    def ask(self, method, path, body=None, expect=200, valid=True):
        if valid and expect == 200:
            CONTRACT.request(method, path, body)
        status, told = self.raw(method, path, json.dumps(body) if body is not None else None)
        check(status == expect, f"{method} {path} {body}: {status}, not {expect}: {told}")
        CONTRACT.reply(method, path, status, told, self.headers)
        return told

    def refused(self, method, path, body, status, code, field=None):
        error = self.ask(method, path, body, expect=status)["error"]
        check(error["code"] == code, f"{method} {path} {body}: {error}, not {code}")
        check(field is None or error["field"] == field, f"{method} {path} {body}: {error}, not {field}")
        return error


def verbs(m1):
    check(m1.ask("GET", "/v1/hello")["merchant"] == "M1", "a token says who")
    pads = m1.ask("GET", "/v1/pads?limit=5")
    check(len(pads["pads"]) == 5, f"{pads}")
    check(m1.ask("GET", f"/v1/pads?cursor={pads['next_cursor']}&limit=3")["pads"][0] not in pads["pads"], "the next page")
    while not (quote := m1.ask("POST", "/v1/quotes", WISH))["serviceable"]:
        time.sleep(0.2)  # until the fleet has said hello
    heavy = m1.ask("POST", "/v1/quotes", WISH | {"parcel": {"mass_kg": 500.0}})
    check(heavy["reason"]["code"] == "payload_too_heavy", f"{heavy}")
    m1.refused("POST", "/v1/quotes", WISH | {"pickup": {"pad": "nowhere"}}, 404, "not_found")
    created = m1.ask("POST", "/v1/orders", {"client_order_id": "a b/ü", "quote_id": quote["quote_id"], **WISH,
                                            "priority": 7, "note": "second floor"})
    check(created["state"] == "accepted", f"{created}")
    mine = created["order_id"]
    check(m1.ask("GET", f"/v1/orders/{mine}")["client_order_id"] == "a b/ü", "get")
    check(m1.ask("GET", "/v1/client_orders/a%20b%2F%C3%BC")["order_id"] == mine, "get by the merchant's own id")
    other = m1.ask("POST", "/v1/orders", {"client_order_id": "later", **WISH})["order_id"]
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
    m1.ask("POST", f"/v1/orders/{other}/ready", {"ready_at": soon})
    m1.refused("POST", f"/v1/orders/{other}/ready", {"ready_at": "soon"}, 400, "bad_request", "ready_at")
    m1.refused("POST", f"/v1/orders/{other}/cancel", {"reason": "x", "order_id": mine}, 400, "bad_request", "order_id")
    check(m1.ask("POST", f"/v1/orders/{other}/cancel", {"reason": "changed my mind", "order_id": other})
          == {"order_id": other, "state": "cancelled"}, "cancel")
    check([o["order_id"] for o in m1.ask("GET", "/v1/orders?states=cancelled,failed")["orders"]] == [other], "list")
    page = m1.ask("GET", "/v1/orders?limit=1")
    check([o["order_id"] for o in page["orders"]] == [mine], "a page")
    check([o["order_id"] for o in m1.ask("GET", f"/v1/orders?cursor={page['next_cursor']}")["orders"]] == [other], "more")
    check(m1.ask("GET", "/v1/orders?to=2020-01-01T00:00:00%2B02:00")["orders"] == [], "by time")
    events = m1.ask("GET", "/v1/events?from_seq=1")
    check([e["seq"] for e in events["events"]] == list(range(1, events["seq"] + 1)), f"events: {events}")
    check([e["seq"] for e in m1.ask("GET", "/v1/events?from_seq=2&limit=1")["events"]] == [2], "from there on, one")
    check(m1.ask("GET", "/v1/events")["events"] == [], "only new ones: none")
    m1.refused("GET", "/v1/events?from_seq=999", None, 400, "bad_request", "from_seq")
    for query, field in (("limit=0", "limit"), ("limit=x", "limit"), ("from_seq=x", "from_seq"), ("from_seq=1&from_seq=2", "from_seq")):
        m1.refused("GET", f"/v1/events?{query}", None, 400, "bad_request", field)
    return mine


def wrong(m1):
    """What is no request of this interface is refused as the contract says, and the connection goes on."""
    m1.refused("GET", "/v1/orders?colour=red", None, 400, "unknown_field", "colour")
    m1.refused("GET", "/v1/orders?states=red", None, 400, "bad_request", "states")
    m1.refused("GET", "/v1/orders?limit=1000", None, 400, "bad_request", "limit")
    m1.refused("POST", "/v1/quotes", WISH | {"colour": "red"}, 400, "unknown_field", "colour")
    m1.refused("POST", "/v1/quotes", [], 400, "bad_request")
    m1.refused("POST", "/v1/orders?x=1", WISH, 400, "bad_request")
    m1.refused("GET", "/v1/hello", {}, 400, "bad_request")
    for data in ("{", "", '{"pickup":{"pad":"K01"},"pickup":{"pad":"K02"}}', '{}, "type":"hello"', "[" * 40 + "]" * 40, "\xff"):
        status, told = m1.raw("POST", "/v1/quotes", data.encode("latin-1"))
        check(status == 400 and told["error"]["code"] == "bad_json", f"{data!r:.40}: {status} {told}")
    for path in ("/", "/v1", "/v1/", "/v1/order", "/v1/orders/a/b", "/v1/orders/a/b/c", "/v1/hello/", "/api/v1/drones",
                 "/v1/../v1/hello", "/metrics"):
        status, told = m1.raw("GET", path)
        check(status == 404 and told["error"]["code"] == "not_found", f"{path}: {status} {told}")
    for method, path in (("DELETE", "/v1/orders"), ("POST", "/v1/hello"), ("GET", "/v1/quotes"), ("PUT", "/v1/orders/O1"),
                         ("OPTIONS", "/v1/orders")):
        status, _ = m1.raw(method, path)
        check(status == 405 and m1.headers["Allow"], f"{method} {path}: {status}")
    check(m1.raw("HEAD", "/v1/hello") == (200, None), "HEAD")
    status, _ = m1.raw("GET", "/v1/hello", headers={"Origin": "https://evil.example"})
    check(status == 403, "a browser's page is not served")
    status, _ = m1.raw("GET", "/v1/hello", headers={"Connection": "Upgrade", "Upgrade": "websocket"})
    check(status in (200, 404), f"no socket: {status}")
    status, told = m1.raw("POST", "/v1/orders", b"{" + b" " * 70_000 + b"}")
    check(status == 400 and "64 KiB" in told["error"]["message"], f"a large body: {status} {told}")
    m1.ask("GET", "/v1/hello")


def tenants(m1, m2, mine, folder, url, tls):
    """Who has no token, another's or a revoked one learns nothing; what is another's answers as if it did not exist."""
    for stranger in (Door(url, tls), Door(url, tls, "swt_" + "A" * 43), Door(url, tls, m1.token + "x"), Door(url, tls, "M1"),
                     Door(url, tls, m1.token[:-1])):
        for method, path in (("GET", "/v1/hello"), ("GET", f"/v1/orders/{mine}"), ("POST", "/v1/orders"), ("GET", "/nothing"),
                             ("DELETE", "/v1/orders")):
            status, told = stranger.raw(method, path, "{" if method == "POST" else None)
            check(status == 401 and told["error"]["code"] == "unauthorized" and "M1" not in json.dumps(told)
                  and stranger.headers["WWW-Authenticate"] == "Bearer", f"{method} {path}: {status} {told}")
    for header in ("Basic " + m1.token, m1.token, "Bearer", "Bearer  "):
        status, _ = Door(url, tls).raw("GET", "/v1/hello", headers={"Authorization": header})
        check(status == 401, f"{header:.12}: {status}")
    for path in (f"/v1/orders/{mine}", "/v1/client_orders/later", "/v1/orders/O999999"):
        theirs = m2.refused("GET", path, None, 404, "not_found")
        check(theirs == m2.refused("GET", "/v1/orders/O999998", None, 404, "not_found"), f"{path}: {theirs}")
    m2.refused("POST", f"/v1/orders/{mine}/cancel", {"reason": "x"}, 404, "not_found")
    m2.refused("POST", f"/v1/orders/{mine}/ready", {"ready_at": "2030-01-01T00:00:00Z"}, 404, "not_found")
    check(m2.ask("GET", "/v1/orders")["orders"] == [] and m2.ask("GET", "/v1/events?from_seq=1")["events"] == [], "nothing")

    stream = Stream(m2, "/v1/stream")
    keys(folder, "revoke", "M2", "--token")
    check(not (folder / "M2.token").exists() and (folder / "M2.key").exists(), "the token alone is gone")
    old, until = m2.token, time.monotonic() + 1.5
    while m2.raw("GET", "/v1/hello")[0] != 401:
        check(time.monotonic() < until, "a revoked token is let in")
        time.sleep(0.1)
    until = time.monotonic() + 3
    while stream.next() is not None:
        check(time.monotonic() < until, "who is revoked is told no more")
    keys(folder, "token", "M2")
    m2.token, until = (folder / "M2.token").read_text().strip(), time.monotonic() + 1.5
    while m2.raw("GET", "/v1/hello")[0] != 200:
        check(time.monotonic() < until, "a new token is not let in")
        time.sleep(0.1)
    check(m2.token != old and Door(url, tls, old).raw("GET", "/v1/hello")[0] == 401, "the older one stays out")


def both_doors(m1, world):
    """A client_order_id is one order, whichever door it comes by; events are the same; so is who is refused."""
    context = zmq.Context.instance()
    line = context.socket(zmq.DEALER)
    line.linger = 0
    line.curve_serverkey, _ = zmq.auth.load_certificate(world.folder / "server.key")
    line.curve_publickey, line.curve_secretkey = zmq.auth.load_certificate(world.folder / "M1.key_secret")
    line.connect(world.ready["merchants"])

    def ask(kind, body):
        line.send_json({"v": 1, "type": kind, "id": "z", "body": body})
        check(line.poll(20_000), f"no answer to {kind}")
        return line.recv_json()

    first = m1.ask("POST", "/v1/orders", {"client_order_id": "both", **WISH})
    check(ask("order.create", {"client_order_id": "both", **WISH, "priority": 5})["body"] == first, "HTTP, then ZeroMQ")
    second = ask("order.create", {"client_order_id": "both 2", **WISH})["body"]
    check(m1.ask("POST", "/v1/orders", {"client_order_id": "both 2", **WISH}) == second, "ZeroMQ, then HTTP")
    m1.refused("POST", "/v1/orders", {"client_order_id": "both 2", **WISH, "priority": 6}, 409, "conflict")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        doors = [Door("https://" + m1.host, m1.tls, m1.token) for _ in range(8)]
        made = list(pool.map(lambda door: door.raw("POST", "/v1/orders", json.dumps({"client_order_id": "race", **WISH})), doors))
    check({status for status, _ in made} == {200} and len({told["order_id"] for _, told in made}) == 1, f"a race: {made}")
    heard = m1.ask("GET", "/v1/events?from_seq=1")["events"]
    ask("subscribe", {"from_seq": 1})
    for event in heard:
        while (frame := line.recv_json())["type"] != "order.event":
            pass
        check(frame == event, f"the same event by both doors: {frame} {event}")
    line.close()


class Stream:
    """Server-sent events, as they come."""

    def __init__(self, door, path, headers=None):
        self.connection = http.client.HTTPSConnection(door.host, timeout=10, context=door.tls)
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {door.token}"} | (headers or {}))
        self.reply = self.connection.getresponse()
        self.status = self.reply.status
        if self.status == 200:
            CONTRACT.reply("GET", path, 200, "", self.reply.headers)

    def next(self):
        """(type, id, frame), or None where it has ended."""
        fields = {}
        while not fields:  # comments keep it alive
            while line := self.reply.readline().decode():
                if line == "\n":
                    break
                if not line.startswith(":"):
                    name, _, value = line.rstrip("\n").partition(": ")
                    fields[name] = value
            if not line:
                return None
        frame = json.loads(fields["data"])
        CONTRACT.frame(fields["event"], frame)
        return fields["event"], int(fields.get("id", 0)), frame

    def events(self, count):
        heard = []
        while len(heard) < count:
            kind, seq, frame = self.next()
            if kind == "order.event":
                check(seq == frame["seq"], f"the id is the seq: {seq} {frame}")
                heard.append(frame)
        return heard


def followed(m1):
    """Events in order from where one likes, those that come, and an ETA frame each second; resumed by Last-Event-ID."""
    history = m1.ask("GET", "/v1/events?from_seq=1")["events"]
    last = history[-1]["seq"]
    stream = Stream(m1, "/v1/stream?from_seq=1")
    check(stream.events(last) == history, "all that was, in order")
    new = Stream(m1, "/v1/stream")
    made = m1.ask("POST", "/v1/orders", {"client_order_id": "followed", **WISH})["order_id"]
    for one in (stream, new):  # drones move other orders meanwhile
        came = one.events(1)
        while came[-1]["body"]["order_id"] != made:
            came += one.events(1)
        seqs = [event["seq"] for event in came]
        check(seqs[0] > last and seqs == list(range(seqs[0], seqs[0] + len(seqs))), f"what comes: {came}")
        check(one is new or seqs[0] == last + 1, f"without a gap: {came}")
    times = []
    while len(times) < 3:
        kind, _, frame = new.next()
        if kind == "eta":
            times.append(time.monotonic())
            told = [o["order_id"] for o in frame["body"]["orders"]]
    check(made in told and frame["last_seq"] >= last + 1, f"{frame}")
    check(1.5 < times[2] - times[0] < 2.9, f"an ETA frame each second: {times}")
    again = Stream(m1, "/v1/stream?from_seq=1", {"Last-Event-ID": str(last)})
    check(again.events(1)[0]["seq"] == last + 1, "from where it was")
    m1.refused("GET", "/v1/stream?from_seq=9999", None, 400, "bad_request", "from_seq")
    check(Stream(m1, "/v1/stream", {"Last-Event-ID": "x"}).status == 400, "no id")
    check(m1.raw("HEAD", "/v1/stream")[0] == 200, "HEAD")
    held = [Stream(m1, "/v1/stream") for _ in range(8)]
    check([one.status for one in held].count(503) == 3, f"8 at most: {[one.status for one in held]}")
    for one in (*held, stream, new, again):
        one.connection.sock and one.connection.sock.close()
        one.reply.close()
    until = time.monotonic() + 5
    while (one := Stream(m1, "/v1/stream")).status != 200:
        check(time.monotonic() < until, "places are free again")
        time.sleep(0.1)


def limits(m3):
    """The rate limit is the merchant's own, and says when to come again."""
    statuses = [m3.raw("GET", "/v1/hello")[0] for _ in range(8)]
    check(statuses[:3] == [200] * 3 and 429 in statuses, f"{statuses}")
    error = m3.refused("POST", "/v1/quotes", WISH, 429, "rate_limited")
    check(error["retryable"] and int(m3.headers["Retry-After"]) >= 1, f"{error}")


def hostile(m1, url, tls):
    """Silent, slow and broken peers keep nobody out."""
    address = tuple(m1.host.rsplit(":", 1))
    silent = [socket.create_connection(address, timeout=10) for _ in range(280)]
    slow = tls.wrap_socket(socket.create_connection(address, timeout=10), server_hostname="127.0.0.1")
    slow.sendall(b"POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
    for garbage in (b"\x00\xff\r\n\r\n", b"GET /v1/hello HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"):
        with socket.create_connection(address, timeout=10) as raw:
            raw.sendall(garbage)
    with tls.wrap_socket(socket.create_connection(address, timeout=10), server_hostname="127.0.0.1") as raw:
        with contextlib.suppress(OSError):  # it is cut off
            raw.sendall(b"GET /v1/hello HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 50_000 + b"\r\n\r\n")
    worst = 0.0
    for _ in range(20):
        began = time.monotonic()
        check(Door(url, tls, m1.token).raw("GET", "/v1/hello")[0] == 200, "an honest client is served")
        worst = max(worst, time.monotonic() - began)
    check(worst < 2.0, f"an honest client waited {worst:.1f} s")
    m1.ask("GET", "/v1/hello")
    for one in (*silent, slow):
        one.close()


def metric(world, name):
    connection = http.client.HTTPConnection(world.ready["http"].removeprefix("http://"), timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    return float([line for line in text.splitlines() if line.startswith(name + " ")][0].split()[1])


def renewed(directory, m1, world):
    """A certificate that cannot be read is told in the log and as an alert, and the older one stands; one that is
    exchanged serves the next connection."""
    before, old = metric(world, "swiftlet_alerts"), ssl.create_default_context(cafile=directory / "tls.pem")
    good = (directory / "tls.pem").read_bytes()
    (directory / "tls.pem").write_text("no certificate")
    until = time.monotonic() + 15
    while "could not be renewed" not in (log := world.log.read_text()) or metric(world, "swiftlet_alerts") <= before:
        check(time.monotonic() < until, f"a failed renewal is told: {log[-2000:]}")
        time.sleep(0.2)
    check(log.count("could not be renewed") == 1 and f"{directory}/tls.pem" in log, "once, with the file")
    check(Door("https://" + m1.host, old, m1.token).raw("GET", "/v1/hello")[0] == 200, "the older one stands")
    (directory / "tls.pem").write_bytes(good)
    certificate(directory, "tls")
    status, _ = Door("https://" + m1.host, ssl.create_default_context(cafile=directory / "tls.pem"), m1.token).raw("GET", "/v1/hello")
    check(status == 200, "a renewed certificate needs no restart")
    until = time.monotonic() + 10
    while "is renewed" not in world.log.read_text():
        check(time.monotonic() < until, "that it is over is told, too")
        time.sleep(0.2)


def encrypted_key(directory, world):
    """A key with a passphrase is refused with the file, and nobody is asked at the terminal."""
    key = directory / "locked.key"
    subprocess.run(["openssl", "pkey", "-in", directory / "tls.key", "-aes256", "-passout", "pass:x", "-out", key], check=True)
    other = directory / "locked.toml"
    other.write_text(world.config.read_text().replace("tls.key", "locked.key", 1))
    for verb in (["config", "check", other], ["serve", "--config", other]):
        # Beneath a terminal, at which it would wait.
        told = subprocess.run(["script", "-qec", " ".join(map(str, [SWIFTLET, *verb])), "/dev/null"], capture_output=True,
                              text=True, timeout=20, stdin=subprocess.DEVNULL)
        check(told.returncode != 0 and "is encrypted" in told.stdout and "pass phrase" not in told.stdout, f"{verb}: {told}")


def broken_off_token(folder):
    """What was never finished is cleared away by the verb that is named."""
    (folder / "M9.token").write_text("swt_half\n")
    told = keys(folder, "token", "M9", expect=3)
    check("revoke M9 --token" in told.stderr, f"{told}")
    check("never finished" in keys(folder, "revoke", "M9", "--token").stderr, "revoked")
    keys(folder, "token", "M9")


def refused_configurations(directory, world):
    """What may not be bound, and a certificate that is none, are refused with file and line."""
    text = world.config.read_text()
    at = text[:text.index(f"tls_cert")].count("\n") + 1
    (directory / "broken.pem").write_text("no certificate")
    for old, new, words in ((f'tls_cert = "{directory}/tls.pem"\n', "", "tls_cert"),
                            ("tls.pem", "broken.pem", f":{at}: "), ("tls.pem", "nothing.pem", f":{at}: "),
                            ('[merchant_http]\n', '[merchant_http]\nport = 1\n', "port")):
        other = directory / "other.toml"
        other.write_text(text.replace(old, new, 1))
        told = subprocess.run([SWIFTLET, "config", "check", other], capture_output=True, text=True)
        check(told.returncode != 0 and words in told.stderr, f"{new}: {told}")


def run(directory, kills):
    folder = directory / "keys"
    certificate(directory, "tls")
    for merchant in ("M1", "M2", "M3"):
        keys(folder, "token", merchant)
        check(stat.S_IMODE((folder / f"{merchant}.token").stat().st_mode) == 0o600, "a token is for its owner's eyes")
    keys(folder, "token", "M1", expect=3)
    keys(folder, "token", "../M1", expect=2)
    tokens = {m: (folder / f"{m}.token").read_text().strip() for m in ("M1", "M2", "M3")}
    check(not any(t in f.read_text() for t in tokens.values() for f in (folder / "authorized").rglob("*.*")), "only hashes")
    hooks = Webhooks(SWIFTLET, CONTRACT, directory)
    world = World(SWIFTLET, SOURCE, directory,
                  f'[merchant_http]\nbind = "127.0.0.1:*"\ntls_cert = "{directory}/tls.pem"\ntls_key = "{directory}/tls.key"\n'
                  '[[merchant]]\nid = "M3"\nrate_per_s = 0.5\nburst = 3\n' + hooks.configuration())
    try:
        url, tls = world.ready["merchant_http"], ssl.create_default_context(cafile=directory / "tls.pem")
        m1, m2, m3 = (Door(url, tls, tokens[m]) for m in ("M1", "M2", "M3"))
        mine = verbs(m1)
        wrong(m1)
        tenants(m1, m2, mine, folder, url, tls)
        both_doors(m1, world)
        followed(m1)
        limits(m3)
        hostile(m1, url, tls)
        refused_configurations(directory, world)
        encrypted_key(directory, world)
        renewed(directory, m1, world)
        broken_off_token(folder)
        hooks.run(world, lambda m: Door(world.ready["merchant_http"], ssl.create_default_context(cafile=directory / "tls.pem"),
                                        (folder / f"{m}.token").read_text().strip()), kills)
    finally:
        world.close()
        hooks.close()
    missing = CONTRACT.unseen()
    check(not missing, f"never seen: {missing}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    print(f"{CONTRACT.checks} checks hold")
