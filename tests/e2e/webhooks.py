"""Merchants' webhooks over real sockets: every event once and in order through receivers that fail, hang, lie and are
killed, and through kill -9 of the service; signed; no merchant waits for another's endpoint."""
import http.client
import json
import re
import signal
import ssl
import subprocess
import time

from self_signed import certificate
from swiftlet_merchant import verify_webhook
from webhook_receiver import Receiver

# W1 is taught to fail, W2 is dead, W3 silent, W4 good over TLS, W5's certificate nobody vouches for, W6 and W7 come later.
MERCHANTS = ["W1", "W2", "W3", "W4", "W5", "W6", "W7"]
TOMORROW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
WISH = {"pickup": {"pad": "K01"}, "dropoff": {"pad": "K09"}, "parcel": {"mass_kg": 0.5}, "ready_at": TOMORROW}


class Webhooks:
    def __init__(self, swiftlet, contract, directory):
        self.swiftlet, self.contract, self.check = swiftlet, contract, contract.check
        self.directory, self.folder = directory, directory / "keys"
        for merchant in MERCHANTS:
            for what in ("token", "webhook"):
                subprocess.run([swiftlet, "keys", what, merchant, "--dir", self.folder], check=True,
                               stderr=subprocess.DEVNULL)
        self.pem, key = certificate(directory, "shop")
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.pem, key)
        self.receivers = {m: Receiver(self.secret(m), answer, tls=tls if m in ("W4", "W5") else None)
                          for m, answer in (("W1", "ok"), ("W3", "hang"), ("W4", "ok"), ("W5", "ok"))}
        self.orders, self.renewals = 0, 0

    def secret(self, merchant):
        return (self.folder / f"{merchant}.webhook_secret").read_text().strip()

    def endpoint(self, merchant, url, more=""):
        return (f'[[merchant]]\nid = "{merchant}"\nwebhook_url = "{url}"\n'
                f'webhook_secret_file = "{self.folder}/{merchant}.webhook_secret"\n{more}')

    def configuration(self):
        port = {m: receiver.port for m, receiver in self.receivers.items()}
        return ("[webhooks]\ntimeout_s = 0.5\nfirst_pause_s = 0.1\nlongest_pause_s = 0.4\n"
                + self.endpoint("W1", f"http://localhost:{port['W1']}/hook?shop=1")
                + self.endpoint("W2", "http://127.0.0.1:9/")
                + self.endpoint("W3", f"http://127.0.0.1:{port['W3']}/")
                + self.endpoint("W4", f"https://127.0.0.1:{port['W4']}/", f'webhook_ca_file = "{self.pem}"\n')
                + self.endpoint("W5", f"https://127.0.0.1:{port['W5']}/"))

    def wait_for(self, holds, what, timeout_s=15):
        until = time.monotonic() + timeout_s
        while not holds():
            self.check(time.monotonic() < until, what)
            time.sleep(0.02)

    def order(self, merchant):
        """An order for tomorrow: one event."""
        self.orders += 1
        wish = WISH | {"client_order_id": f"w{self.orders}"}
        while "order_id" not in (made := self.door(merchant).raw("POST", "/v1/orders", json.dumps(wish))[1]):
            self.check(made["error"]["code"] in ("overloaded", "no_drone_in_time"), f"until all are back: {made}")
            time.sleep(0.1)
        return made["order_id"]

    def cancel(self, merchant, order):
        self.door(merchant).ask("POST", f"/v1/orders/{order}/cancel", {"reason": "x"})

    def events(self, merchant, orders):
        """Orders that are accepted and cancelled: two events each. Returns the last event's seq."""
        for _ in range(orders):
            self.cancel(merchant, self.order(merchant))
        return self.last(merchant)

    def last(self, merchant):
        return self.door(merchant).ask("GET", "/v1/events")["seq"]

    def metric(self, name, merchant):
        connection = http.client.HTTPConnection(self.world.ready["http"].removeprefix("http://"), timeout=10)
        connection.request("GET", "/metrics")
        found = re.search(rf'{name}{{merchant="{merchant}"}} (\d+)', connection.getresponse().read().decode())
        return int(found[1]) if found else None

    def whole(self, merchant, last, doubles=0):
        """All that happened was taken in its order; up to `doubles` events twice, right after themselves."""
        receiver = self.receivers[merchant]
        self.wait_for(lambda: receiver.seqs()[-1:] == [last],
                      lambda: f"{merchant} up to {last}: {receiver.seqs()} {receiver.tried[-3:]}")
        seqs = receiver.seqs()
        self.check(sorted(set(seqs)) == list(range(1, last + 1)) and seqs == sorted(seqs), f"in order, none missing: {seqs}")
        self.check(len(seqs) - last <= doubles, f"doubles: {seqs}")
        by_seq = {frame["seq"]: frame for frame in receiver.taken}
        history = self.door(merchant).ask("GET", "/v1/events?from_seq=1")["events"]
        self.check([by_seq[frame["seq"]] for frame in history] == history, "what is sent is what happened")

    def run(self, world, door, kills):
        self.world, self.door = world, door
        self.through_failures()
        self.seen_by_operators()
        self.through_a_killed_receiver()
        self.refused_configurations()
        self.through_hangups()
        self.through_kills(kills)
        silent = self.receivers["W3"]
        self.check(silent.seqs() == [] and {seq for seq, *_ in silent.tried} == {1}, "the first, until it is taken")
        self.check(self.receivers["W5"].tried == [], "nothing is said to one whose certificate nobody vouches for")
        for name, receiver in self.receivers.items():
            self.check(receiver.faults == [], f"{name}: {receiver.faults}")

    def through_failures(self):
        """What is not answered 2xx is tried again with growing pauses, the same event first; a dead and a silent endpoint
        keep nobody waiting."""
        for merchant in ("W2", "W3", "W5"):
            self.events(merchant, 1)
        began = time.monotonic()
        self.whole("W4", self.events("W4", 5))
        self.check(time.monotonic() - began < 3.0, f"others' dead endpoints: {time.monotonic() - began:.1f} s")
        self.check(self.receivers["W4"].most_under_way == 1, "one at a time")
        receiver = self.receivers["W1"]
        receiver.answers = ["ok", 500, "cut", 302, 404, "hang", "huge", 503, 503, "ok"]
        self.whole("W1", self.events("W1", 4))
        tries = [seq for seq, *_ in receiver.tried]
        self.check(tries.count(2) == 6 and tries.count(3) == 3 and tries == sorted(tries), f"until it is taken: {tries}")
        times = [at for seq, at, *_ in receiver.tried if seq == 2]
        self.check(times[2] - times[1] >= 0.1 and times[4] - times[3] >= 0.2, f"pauses grow: {times}")
        deliveries = {headers["Swiftlet-Delivery"] for seq, _, headers, _ in receiver.tried if seq == 2}
        self.check(deliveries == {"W1-2"}, f"one delivery: {deliveries}")
        for seq, _, headers, body in receiver.tried:
            self.contract.webhook(headers, json.loads(body))
            event = verify_webhook(headers, body, self.secret("W1"))
            self.check(event.seq == seq and event.order_id == json.loads(body)["body"]["order_id"], f"the SDK: {event}")

    def seen_by_operators(self):
        for merchant in ("W2", "W3", "W5"):
            self.wait_for(lambda: self.metric("swiftlet_webhook_undelivered", merchant) == 2
                          and self.metric("swiftlet_webhook_failures_total", merchant) > 0, f"{merchant} is seen to wait")
        self.wait_for(lambda: self.metric("swiftlet_webhook_undelivered", "W1") == 0, "W1 has all")
        self.check(self.metric("swiftlet_webhook_failures_total", "W4") == 0, "W4 never failed")

    def through_a_killed_receiver(self):
        before = self.receivers["W1"]
        before.close()
        last = self.events("W1", 2)
        time.sleep(0.3)
        self.receivers["W1"] = Receiver(before.secret.decode(), port=before.port)
        self.receivers["W1"].taken = before.taken
        self.whole("W1", last)

    def hang_up(self, answer):
        """SIGHUP, and the line of the log that answers it."""
        self.renewals += 1
        before = self.world.log.read_text().count(answer)
        self.world.service.send_signal(signal.SIGHUP)
        self.wait_for(lambda: self.world.log.read_text().count(answer) > before, f"SIGHUP: {answer}")

    def through_hangups(self):
        """Webhooks come, change and go without a restart, no event is missing; what cannot be read changes nothing."""
        ports = [self.world.ready[door].rsplit(":", 1)[1] for door in ("merchants", "drones")]
        late = self.receivers["W7"] = Receiver(self.secret("W7"))
        without = self.world.more
        before, waiting = self.events("W7", 1) + 1, self.order("W7")
        self.world.more = without + self.endpoint("W7", f"http://127.0.0.1:{late.port}/")
        self.world.write(self.directory, *ports)
        self.hang_up("the webhooks are as the configuration has them now")
        self.cancel("W7", waiting)
        self.wait_for(lambda: late.seqs() == [before + 1], lambda: f"only new ones: {late.seqs()}")
        config = self.world.config.read_text()
        self.world.config.write_text(config + "[what]\n")
        self.hang_up("the webhooks stay as they are: ")
        self.world.config.write_text(config)
        told = self.events("W7", 1)
        self.wait_for(lambda: late.seqs()[-1:] == [told], lambda: f"all stays: {late.seqs()}")
        # Renewed in the midst of deliveries: at most the event under way comes twice.
        receiver = self.receivers["W1"]
        receiver.delay_s = 0.05
        last = self.events("W1", 4)
        self.hang_up("the webhooks are as the configuration has them now")
        self.whole("W1", last, doubles=self.renewals)
        receiver.delay_s = 0
        self.world.more = without
        self.world.write(self.directory, *ports)
        self.hang_up("the webhooks are as the configuration has them now")
        self.events("W7", 1)
        time.sleep(0.5)
        self.check(late.seqs()[-1] == told, f"no webhook any more: {late.seqs()}")

    def through_kills(self, kills):
        """kill -9 in the midst of deliveries: what is told again is at most the event that was under way. A webhook that
        is new after a restart begins with what happens from then on."""
        receiver = self.receivers["W1"]
        late = self.receivers["W6"] = Receiver(self.secret("W6"))
        before, waiting = self.events("W6", 1) + 1, self.order("W6")
        receiver.delay_s = 0.05
        for kill in range(kills):
            had = len(receiver.taken)
            last = self.events("W1", 4)
            self.wait_for(lambda: len(receiver.taken) > had + kill % 6, "deliveries are under way")
            self.world.kill()
            if kill == 0:
                self.world.more += self.endpoint("W6", f"http://127.0.0.1:{late.port}/")
                self.world.write(self.directory, *(self.world.ready[door].rsplit(":", 1)[1] for door in ("merchants", "drones")))
            self.world.serve()
        self.whole("W1", last, doubles=kills + self.renewals)
        self.cancel("W6", waiting)
        self.wait_for(lambda: late.seqs() == [before + 1], lambda: f"only new ones: {late.seqs()}")

    def refused_configurations(self):
        text = self.world.config.read_text()
        url = next(line for line in text.splitlines() if line.startswith("webhook_url"))
        at = text[:text.index(url)].count("\n") + 1
        other = self.directory / "other.toml"

        def refused(changed, *words):
            other.write_text(changed)
            told = subprocess.run([self.swiftlet, "config", "check", other], capture_output=True, text=True)
            self.check(told.returncode == 3 and all(w in told.stderr for w in words), f"{words}: {told}")

        for bad in ("http://shop.example/", "https://user:pw@shop.example/", "http://127.0.0.1.example/", "https://"):
            refused(text.replace(url, f'webhook_url = "{bad}"', 1), f"other.toml:{at}: ")
        secret = self.folder / "W1.webhook_secret"
        secret.chmod(0o644)
        refused(text, f"other.toml:{at + 1}: ", "600")
        secret.chmod(0o600)

    def close(self):
        for receiver in self.receivers.values():
            receiver.closing.set()
