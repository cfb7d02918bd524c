#!/usr/bin/python3
"""The console's door over real sockets: who gets in, what is refused, live pictures, a client that stops reading, the
drones' tracks, a route planned by hand.

    gateway_e2e.py SWIFTLET SOURCE_DIR
"""
import base64
import http.client
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PASSWORDS = {"olga": "correct-horse-1", "oskar": "correct-horse-2", "pia": "correct-horse-3"}
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"FAILED: {what}")


class Client:
    """One browser: its cookie and its token."""

    def __init__(self, host):
        self.host, self.cookie, self.csrf = host, "", ""

    def ask(self, method, path, body=None, headers=None, expect=200):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        sent = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf} | (headers or {})
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection.request(method, path, data, {k: v for k, v in sent.items() if v})
        reply = connection.getresponse()
        text = reply.read()
        check(reply.status == expect, f"{method} {path} {headers}: {reply.status}, not {expect}: {text[:300]}")
        self.headers = reply.headers
        return json.loads(text) if reply.headers["Content-Type"] == "application/json" and text else text

    def log_in(self, account):
        told = self.ask("POST", "/api/v1/login", {"account": account, "password": PASSWORDS[account]})
        given = self.headers["Set-Cookie"]
        check("HttpOnly" in given and "SameSite=Strict" in given, f"the cookie: {given}")
        self.cookie, self.csrf = given.split(";")[0], told["csrf"]
        return self

    def socket(self, origin=None, path="/ws"):
        """An upgraded WebSocket, or the status of the refusal."""
        host, port = self.host.rsplit(":", 1)
        raw = socket.create_connection((host, int(port)), timeout=30)
        origin = f"http://{self.host}" if origin is None else origin
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}"]
        lines += [f"Origin: {origin}"] * bool(origin) + [f"Cookie: {self.cookie}"] * bool(self.cookie)
        raw.sendall("\r\n".join(lines + ["", ""]).encode())
        stream = raw.makefile("rb")
        status = int(stream.readline().split()[1])
        while stream.readline().strip():
            pass
        return Stream(raw, stream) if status == 101 else status


class Stream:
    def __init__(self, raw, stream):
        self.raw, self.stream = raw, stream

    def next(self):
        while True:
            head = self.stream.read(2)
            if len(head) < 2:
                return None
            size = head[1] & 127
            if size == 126:
                size = struct.unpack(">H", self.stream.read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.stream.read(8))[0]
            data = self.stream.read(size)
            if head[0] & 15 in (0, 1):  # text, or more of it: a message may come in fragments
                self.text = (b"" if head[0] & 15 == 1 else self.text) + data
                if head[0] & 128:
                    return json.loads(self.text)
            if head[0] & 15 == 8:
                return None

    def say(self, text):
        mask = os.urandom(4)
        data = bytes(b ^ mask[i % 4] for i, b in enumerate(text.encode()))
        self.raw.sendall(bytes([0x81, 0x80 | len(data)]) + mask + data)


class Picture:
    """What a page that hears these messages shows."""

    def __init__(self, stream):
        self.stream, self.seq, self.things = stream, None, {}

    def hear(self):
        message = self.stream.next()
        check(message is not None, "the stream goes on")
        if "snapshot" in message:
            self.things = {k: v for k, v in message["snapshot"].items() if k != "at"}
            self.at = message["snapshot"]["at"]
        else:
            check(message["seq"] == self.seq + 1, f"no gap: {self.seq}, {message['seq']}")
            self.at = message["delta"].pop("at")
            for section, change in message["delta"].items():
                held = self.things.setdefault(section, {})
                held.update(change["set"])
                for gone in change["gone"]:
                    del held[gone]
        self.seq = message["seq"]
        return "snapshot" in message

    def hear_until(self, holds, timeout_s=60):
        until = time.monotonic() + timeout_s
        while not holds(self.things):
            check(time.monotonic() < until, f"not seen in {timeout_s} s: {json.dumps(self.things)[:1500]}")
            self.hear()


def doors(host):
    nobody = Client(host)
    for path in ("drones", "orders", "pads", "alerts", "zones", "flights/F1/explain", "map", "session", "nothing"):
        told = nobody.ask("GET", f"/api/v1/{path}", expect=401)
        check(told["error"]["code"] == "unauthorized", f"{path}: {told}")
    nobody.ask("POST", "/api/v1/commands", {"verb": "hold", "target": "D01"}, expect=401)
    check(nobody.socket() == 401, "no socket without a log-in")
    check(nobody.ask("GET", "/healthz")["ok"] is True, "healthz")
    check(b"swiftlet_drones{" in nobody.ask("GET", "/metrics"), "metrics")
    for header in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options"):
        check(header in nobody.headers, header)
    policy = nobody.headers["Content-Security-Policy"]
    check("unsafe" not in policy and "script-src 'self'" in policy and "default-src 'none'" in policy, policy)

    for body, expect, code in (({"account": "olga", "password": "wrong"}, 401, "unauthorized"),
                               ({"account": "nobody", "password": "wrong"}, 401, "unauthorized"),
                               ({"account": "olga"}, 400, "bad_request"), (b"{", 400, "bad_json"),
                               ({"account": "olga", "password": "x", "more": 1}, 400, "unknown_field"),
                               (b"x" * 70_000, 400, "bad_request")):
        check(nobody.ask("POST", "/api/v1/login", body, expect=expect)["error"]["code"] == code, f"{body!r:.60}")
    for _ in range(5):
        nobody.ask("POST", "/api/v1/login", {"account": "guess", "password": "wrong"}, expect=401)
    nobody.ask("POST", "/api/v1/login", {"account": "guess", "password": "wrong"}, expect=429)
    check(int(nobody.headers["Retry-After"]) > 0, "says when to come again")

    olga = Client(host).log_in("olga")
    check(olga.ask("GET", "/api/v1/session")["role"] == "operator", "session")
    for foreign in ("http://evil.example", "null", f"http://localhost:{int(host.split(':')[1]) + 1}"):
        olga.ask("GET", "/api/v1/drones", headers={"Origin": foreign}, expect=403)
        check(olga.socket(origin=foreign) == 403, f"a page of {foreign} opens a socket")
    check(olga.socket(origin="") == 403, "a socket must say where it comes from")
    olga.ask("GET", "/api/v1/drones", headers={"Host": "evil.example"}, expect=403)
    check(olga.socket(path="/other") == 404, "only /ws")
    command = {"verb": "hold", "target": "D01"}
    olga.ask("POST", "/api/v1/commands", command, {"X-CSRF-Token": "guess", "Idempotency-Key": "1"}, expect=403)
    olga.ask("POST", "/api/v1/commands", command, {"Idempotency-Key": ""}, expect=400)
    for key in ("schl\u00fcssel", "a\tb", "x" * 129):
        olga.ask("POST", "/api/v1/commands", command, {"Idempotency-Key": key}, expect=400)
    olga.ask("POST", "/api/v1/commands", {"verb": "hold", "target": None}, {"Idempotency-Key": "null"}, expect=400)
    oskar = Client(host).log_in("oskar")
    oskar.ask("POST", "/api/v1/commands", command | {"preview": True}, {"Idempotency-Key": "1"}, expect=403)
    oskar.ask("GET", "/api/v1/drones")
    olga.ask("DELETE", "/api/v1/drones", expect=405)
    for path in ("/../../etc/passwd", "/%2e%2e/etc/passwd", "/assets/../../x"):
        olga.ask("GET", path, expect=404)
    for garbage in (b"\x00\xff\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 50_000 + b"\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\n"):
        with socket.create_connection(tuple(host.rsplit(":", 1)), timeout=10) as raw:
            try:
                raw.sendall(garbage)
                raw.shutdown(socket.SHUT_WR)
                while raw.recv(4096):
                    pass
            except OSError:
                pass  # it has hung up on us already
    check(olga.ask("GET", "/healthz")["ok"], "alive after garbage")
    return olga, oskar


def order(host_of_merchants, count):
    for i in range(count):
        subprocess.run([SWIFTLET, "--json", "order", "create", "--from", f"K0{1 + i}", "--to", f"K1{1 + i}", "--mass-kg",
                        "0.5", "--note", "<img src=x onerror=alert(1)>", "--connect", host_of_merchants], check=True,
                       stdout=subprocess.DEVNULL)


def pictures(olga, merchants):
    page = Picture(olga.socket())
    check(page.hear(), "a stream begins with the snapshot")
    check(set(page.things) >= {"drones", "pads", "zones", "alerts", "service"}, f"{set(page.things)}")
    order(merchants, 3)
    page.hear_until(lambda t: len(t.get("orders", {})) == 3)
    page.hear_until(lambda t: any(d["state"] == "flying" for d in t["drones"].values()))
    page.hear_until(lambda t: any("mission" in f for f in t.get("flights", {}).values()))
    for one in page.things["orders"].values():
        check(one["live"] and one["p05"] <= one["eta"] <= one["p95"] and 0 <= one["risk"] <= 1, f"{one}")
    flight = next(f for f in page.things["flights"].values() if "mission" in f)
    told = olga.ask("GET", f"/api/v1/flights/{flight['id']}/explain")
    check(told["drone"] == flight["drone"] and told["battery"]["spare_wh"] > 0 and told["others_now"], f"{told}")
    olga.ask("GET", "/api/v1/flights/F999999/explain", expect=404)
    note = olga.ask("GET", f"/api/v1/orders/{flight['order_id']}/note")
    check(note["note"] == "<img src=x onerror=alert(1)>", f"{note}")

    page.stream.say('{"ask":"snapshot"}')
    for _ in range(50):
        if page.hear():
            break
    else:
        check(False, "a snapshot is sent when asked for")
    strange = olga.socket()
    strange.say("hello?")
    while strange.next() is not None:
        pass  # closed: a page says nothing else
    late = Picture(olga.socket())
    late.hear()
    while page.seq < late.seq:
        page.hear()
    while late.seq < page.seq:
        late.hear()
    check(late.things == page.things, "who joins late sees the same")
    return page


def slow_client(olga, page, seconds):
    """One that stops reading: the others go on; it resumes with the right state."""
    slow = Picture(olga.socket())
    slow.hear()
    stopped_at, worst, before = slow.seq, 0.0, time.monotonic()
    until = before + seconds
    while time.monotonic() < until:
        page.hear()
        worst, before = max(worst, time.monotonic() - before), time.monotonic()
    check(worst < 2.0, f"the others wait {worst:.2f} s")
    target = page.seq
    while slow.seq < target:
        message = slow.stream.next()
        check(message is not None, "the slow one is not thrown out")
        if "snapshot" in message:
            slow.things = {k: v for k, v in message["snapshot"].items() if k != "at"}
        else:
            check(message["seq"] == slow.seq + 1, "a gap without a snapshot")
            message["delta"].pop("at")
            for section, change in message["delta"].items():
                held = slow.things.setdefault(section, {})
                held.update(change["set"])
                for gone in change["gone"]:
                    held.pop(gone)
        slow.seq = message["seq"]
    while page.seq < slow.seq:
        page.hear()
    check(slow.things == page.things and slow.seq > stopped_at, "it resumes with the right state")


def planned_by_hand(olga):
    request = {"id": "hand", "from": {"pad": "K01"}, "to": {"pad": "K09"}}
    told = olga.ask("POST", "/api/v1/plan", request)
    check(told["route"]["status"] == "ok" and told["route"]["waypoints"], f"{json.dumps(told)[:500]}")
    profile = told["profile"]
    check(len(profile) > 50 and all(s["terrain_m"] <= s["path_m"] + 0.5 for s in profile), "a path above its terrain")
    inside = [s for s in profile if s.get("floor_m") is not None and 50 < s["along_m"] < profile[-1]["along_m"] - 50]
    check(inside and all(s["floor_m"] - 0.5 <= s["path_m"] <= s["ceiling_m"] + 0.5 for s in inside), "within its band")
    check(told["alternative_profiles"] == [], "none were asked for")
    told = olga.ask("POST", "/api/v1/plan", request | {"to": {"pad": "K33"}, "alternatives": 2})
    others = told["route"]["alternatives"]
    check(others and len(told["alternative_profiles"]) == len(others), f"{json.dumps(told)[:500]}")
    for other, path in zip(others, told["alternative_profiles"]):
        check(abs(path[-1]["along_m"] - other["length_m"]) < 0.05 * other["length_m"] + 200, f"{path[-1]} of {other['length_m']}")
        check(path != told["profile"], "its own profile")
    olga.ask("POST", "/api/v1/plan", request | {"to": {"pad": "nowhere"}})
    olga.ask("POST", "/api/v1/plan", {"id": "x"}, expect=400)


def keys_of_commands(olga, pia):
    """A key is its account's own, and keeps what was done, not what was refused."""
    def give(who, verb, expect=200):
        return who.ask("POST", "/api/v1/commands", {"verb": verb, "target": "K07"}, {"Idempotency-Key": "mine"}, expect=expect)

    give(olga, "open_pad", expect=409)  # it is open
    done = give(olga, "close_pad")
    check(give(olga, "close_pad") == done and done["command_id"].startswith("olga "), f"{done}")
    other = give(pia, "open_pad")
    check(other["state"] == "done" and other["command_id"] != done["command_id"], f"another account's key: {other}")
    control = pia.ask("POST", "/api/v1/commands", {"verb": "control.take"}, {"Idempotency-Key": "wheel"})
    check(control["command_id"] == "pia wheel", f"{control}")
    pia.ask("POST", "/api/v1/commands", {"verb": "control.release"}, {"Idempotency-Key": "wheel 2"})


def ends_as_the_contract_says(config, service, ready):
    """A taken port and a held data directory are bad input; Ctrl-C is an interruption."""
    for text, words in ((config.read_text(), "another instance"),
                        (config.read_text().replace("/data", "/data2").replace(
                            '[http]\nbind = "127.0.0.1:*"', f'[http]\nbind = "{ready["http"].removeprefix("http://")}"'), "cannot listen"),
                        (config.read_text().replace("/data", "/data3").replace(
                            '[merchants]\nbind = "tcp://127.0.0.1:*"', f'[merchants]\nbind = "{ready["merchants"]}"'), "cannot be bound")):
        other = config.parent / "other.toml"
        other.write_text(text)
        refused = subprocess.run([SWIFTLET, "serve", "--config", other], capture_output=True, text=True, timeout=120)
        check(refused.returncode == 3 and words in refused.stderr, f"{words}: {refused.returncode} {refused.stderr}")
    service.send_signal(signal.SIGINT)
    check(service.wait(timeout=10) == 130, "interrupted from the keyboard")


def commands(olga):
    """Operators' commands reach the core: shown first, done once, audited; a zone binds the next route at once."""
    def give(verb, target="", args=None, key=None, expect=200, preview=False):
        body = {"verb": verb, "args": args or {}, "preview": preview} | ({"target": target} if target else {})
        return olga.ask("POST", "/api/v1/commands", body, {"Idempotency-Key": key or f"{verb} {target}"}, expect=expect)

    shown = give("close_pad", "K05", {"reason": "festival"}, preview=True)
    check(shown["state"] == "preview" and shown["effects"], f"{shown}")
    done = give("close_pad", "K05", {"reason": "festival"})
    check(done["state"] == "done" and done["effects"] == shown["effects"], f"what was shown is done: {shown} {done}")
    check(give("close_pad", "K05", {"reason": "festival"}) == done, "the same command again is the same answer")
    give("close_pad", "K05", key="another", expect=409)
    give("close_pad", "nowhere", expect=404)
    give("fly_away", "K05", expect=400)
    give("open_pad", "K05")
    give("ground_stop", args={"reason": "drill"})
    give("ground_resume")

    request = {"id": "hand", "from": {"pad": "K01"}, "to": {"pad": "K09"}}
    before = olga.ask("POST", "/api/v1/plan", request)["route"]
    half = before["waypoints"][len(before["waypoints"]) // 2]
    zone = {"type": "Feature",
            "geometry": {"type": "Point", "coordinates": [half["lon"], half["lat"]],
                         "extent": {"subType": "Circle", "radius": 60.0},
                         "layer": {"upper": 99999, "upperReference": "AGL", "lower": 0, "lowerReference": "AGL"}},
            "properties": {"identifier": "POPUP", "country": "XXX", "type": "PROHIBITED", "variant": "COMMON",
                           "zoneAuthority": [{"purpose": "INFORMATION"}]}}
    give("insert_zone", "OTHER", {"zone": zone}, expect=400)  # the zone calls itself otherwise
    check(give("insert_zone", "POPUP", {"zone": zone})["state"] == "done", "a zone is put up")
    give("insert_zone", "POPUP", {"zone": zone}, key="twice", expect=409)
    through = olga.ask("POST", "/api/v1/plan", request)["route"]
    check(through["status"] != "ok" or (through["airspace"]["hash"] != before["airspace"]["hash"] and
                                        through["waypoints"] != before["waypoints"]), f"it binds: {through['status']}")
    give("remove_zone", "POPUP")
    after = olga.ask("POST", "/api/v1/plan", request)["route"]
    check(after["status"] == "ok" and after["airspace"]["hash"] == before["airspace"]["hash"], "and is gone again")


def tracks(olga, page):
    end = page.at
    hour = f"from={end[:11]}00:00:00.000Z&to={end[:11]}00:59:59.000Z"
    told = olga.ask("GET", f"/api/v1/tracks?from={end[:14]}00:00.000Z&to={end}")
    check(any(line["phase"] != "idle" for line in told["tracks"]), "tracks of flights are there")
    check(all(line["at"] <= end for line in told["tracks"]), "and none from elsewhere")
    olga.ask("GET", f"/api/v1/tracks?{hour}")
    olga.ask("GET", f"/api/v1/tracks?from={end}&to=2020-01-01T00:00:00Z", expect=422)
    olga.ask("GET", "/api/v1/tracks?from=yesterday", expect=422)


def accounts_change(directory, olga, oskar, page):
    accounts = directory / "accounts"
    stream = Picture(oskar.socket())
    subprocess.run([SWIFTLET, "accounts", "remove", "oskar", "--file", accounts], check=True, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while stream.stream.next() is not None:
        check(time.monotonic() < until, "the page of an account that is no more is closed")
    oskar.ask("GET", "/api/v1/drones", expect=401)
    olga.ask("GET", "/api/v1/drones")
    olga.ask("POST", "/api/v1/logout", {})
    olga.ask("GET", "/api/v1/drones", expect=401)
    while page.stream.next() is not None:
        check(time.monotonic() < until + 10, "who logs out is not told more")
    lines = [json.loads(line) for line in (directory / "data/audit.jsonl").read_text().splitlines()]
    check([l["event"] for l in lines if l.get("account") == "olga" and l.get("ok", True)][0] == "login", f"{lines[:3]}")
    check(any(l["event"] == "forbidden" and l["account"] == "oskar" for l in lines), "who tried what he may not")
    text = (directory / "data/audit.jsonl").read_text()
    check(not any(p in text for p in PASSWORDS.values()), "no password is written down")


def serve(config):
    return subprocess.Popen([SWIFTLET, "serve", "--config", config], stdout=subprocess.PIPE, text=True,
                            stderr=subprocess.DEVNULL)


def run(directory):
    accounts = directory / "accounts"
    for account, role in (("olga", "operator"), ("pia", "operator"), ("oskar", "observer")):
        subprocess.run([SWIFTLET, "accounts", "create", role, account, "--file", accounts, "--password-stdin"],
                       input=PASSWORDS[account], text=True, check=True, stderr=subprocess.DEVNULL)
    config = directory / "serve.toml"
    drones = "".join(f'[[drone]]\nid = "D0{i}"\nprofile = "courier-4"\nhome_pad = "H{1 + i % 3}"\n' for i in range(1, 5))
    config.write_text(f'[service]\nregion = "{SOURCE}/maps/regions/harbour/region.toml"\ndata_dir = "{directory}/data"\n'
                      'speed = 10.0\n[merchants]\nbind = "tcp://127.0.0.1:*"\n[drones]\nbind = "tcp://127.0.0.1:*"\n'
                      f'[http]\nbind = "127.0.0.1:*"\naccounts = "{accounts}"\n[security]\nmode = "none"\n{drones}')
    service = serve(config)
    fleet = None
    try:
        ready = json.loads(service.stdout.readline())
        fleet = subprocess.Popen([SWIFTLET, "fly", "--connect", ready["drones"], "--drones", "4", "--vehicle", "courier-4"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        olga, oskar = doors(ready["http"].removeprefix("http://"))
        page = pictures(olga, ready["merchants"])
        planned_by_hand(olga)
        commands(olga)
        keys_of_commands(olga, Client(ready["http"].removeprefix("http://")).log_in("pia"))
        slow_client(olga, page, 15)
        tracks(olga, page)
        accounts_change(directory, olga, oskar, page)
        service.terminate()
        check(service.wait(timeout=10) == 0, "a stop is orderly with pages open")
        service = serve(config)
        ends_as_the_contract_says(config, service, json.loads(service.stdout.readline()))
    finally:
        service.kill()
        if fleet:
            fleet.kill()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name))
    print(f"{checks} checks hold")
