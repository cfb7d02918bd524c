#!/usr/bin/python3
"""Real output against the schemas in planner/api and dispatch/api: routes, verdicts, and everything that passes between
the service, a merchant and the drones while an order is delivered. A field that no schema names is a failure too.

    schemas_e2e.py SWIFTLET SOURCE_DIR
"""
import collections
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import jsonschema
import zmq

from closed_schema import closed

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
HARBOUR = SOURCE / "maps/regions/harbour/region.toml"
FILES = ["planner/api/plan_request.schema.json", "planner/api/route.schema.json", "planner/api/verify.schema.json",
         "dispatch/api/merchant.schema.json", "dispatch/api/drone.schema.json"]


class Schemas:
    def __init__(self):
        self.open = {name: json.loads((SOURCE / name).read_text()) for name in FILES}
        for document in self.open.values():
            jsonschema.Draft202012Validator.check_schema(document)
        self.closed = {name: closed(copy.deepcopy(document)) for name, document in self.open.items()}
        self.store = {document["$id"]: document for document in self.closed.values()}
        self.seen = collections.Counter()

    def check(self, name, part, document):
        schema = self.closed[name]
        resolver = jsonschema.RefResolver(schema["$id"], schema, store=self.store)
        wanted = {"$ref": f"{schema['$id']}#/$defs/{part}"} if part else schema
        error = jsonschema.exceptions.best_match(
            jsonschema.Draft202012Validator(wanted, resolver=resolver).iter_errors(document))
        if error:
            raise SystemExit(f"FAILED: {name} {part or ''}: {list(error.absolute_path)}: {error.message[:600]}\n"
                             f"{json.dumps(document)[:2000]}")
        self.seen[f"{pathlib.Path(name).stem.removesuffix('.schema')} {part or ''}".strip()] += 1


def routes(schemas, directory):
    requests = [
        {"id": "ok", "from": {"pad": "H1"}, "to": {"pad": "K05"}, "depart": "2026-11-23T10:00:00Z"},
        {"id": "all", "from": {"pad": "K02"}, "to": {"pad": "K09", "slot": 0}, "depart": "2026-11-23T10:00:00+01:00",
         "objective": "energy", "vehicle": "courier-4", "payload_kg": 1.0, "battery_wh": 200.0,
         "wind": {"speed_m_s": 3.0, "from_deg": 90.0}, "policy": {"max_height_agl_m": 100.0}, "authorisations": ["X"]},
        {"id": "low", "from": {"pad": "H1"}, "to": {"pad": "K20"}, "battery_wh": 5.0,
         "depart": "2026-11-23T10:00:00Z"},
        {"id": "away", "from": {"lon": 0.0, "lat": 0.0}, "to": {"pad": "K20"}, "depart": "2026-11-23T10:00:00Z"},
        {"id": "late", "from": {"pad": "H1"}, "to": {"pad": "K05"}, "depart": "2026-11-23T10:00:00Z",
         "arrive_by": "2026-11-23T11:00:00Z"},
        {"id": "risk", "from": {"pad": "H1"}, "to": {"pad": "K05"}, "depart": "2026-11-23T10:00:00Z",
         "max_ground_risk": 0.001},
        {"id": "choice", "from": {"pad": "H1"}, "to": {"pad": "K05"}, "depart": "2026-11-23T10:00:00Z",
         "alternatives": 2, "explain": True},
        {"id": "shut", "from": {"pad": "H1"}, "to": {"pad": "K33"}, "depart": "2026-11-23T10:00:00Z", "explain": True,
         "policy": {"max_height_agl_m": 31.0}},
        {"id": "nowhere", "from": {"pad": "H1"}, "to": {"pad": "nowhere"}, "depart": "2026-11-23T10:00:00Z"},
    ]
    airspace = directory / "airspace"
    subprocess.run([SWIFTLET, "map", "build", HARBOUR, "--out", airspace], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    for request in requests:
        schemas.check("planner/api/plan_request.schema.json", None, request)
    lines = "".join(json.dumps(r) + "\n" for r in requests) + '{"id":"bad","from":1}\nnot json\n'
    planned = subprocess.run([SWIFTLET, "plan", "--airspace", airspace, "--requests", "-"], input=lines, text=True,
                             capture_output=True)
    answers = [json.loads(line) for line in planned.stdout.splitlines()]
    assert len(answers) == len(requests) + 2, planned
    for answer in answers:
        schemas.check("planner/api/route.schema.json", None, answer)
    by_id = {a["id"]: a for a in answers}
    assert "2026-11-23T10:5" in by_id["late"]["depart"], by_id["late"]["depart"]
    assert by_id["risk"]["error"]["code"] == "ground_risk_unknown", by_id["risk"]
    assert by_id["choice"]["alternatives"] and by_id["choice"]["explain"]["search"]["found_by"], by_id["choice"]
    assert all(a["differs"] and a["certificate"] for a in by_id["choice"]["alternatives"])
    assert "explain" in by_id["shut"] and "explain" not in by_id["ok"], by_id["shut"]
    assert by_id["ok"]["ground_risk"] is None
    assert by_id["bad"]["vehicle"] == "courier-4" and not by_id["bad"]["depart"].startswith("1970"), by_id["bad"]
    assert answers[-1]["depart"] is None, answers[-1]
    assert {a["status"] for a in answers} >= {"ok", "infeasible", "refused"}, [a["status"] for a in answers]
    fallen = json.loads(json.dumps(answers[0]))
    for waypoint in fallen["waypoints"]:
        waypoint["alt_msl_m"] -= 20.0
    judged = subprocess.run([SWIFTLET, "verify", "--region", HARBOUR, "-"], text=True, capture_output=True,
                            input="".join(json.dumps(a) + "\n" for a in [*answers[:3], fallen]) + "{}\n")
    verdicts = [json.loads(line) for line in judged.stdout.splitlines()]
    assert [v["ok"] for v in verdicts][3:] == [False, False] and verdicts[0]["ok"], judged
    for verdict in verdicts:
        schemas.check("planner/api/verify.schema.json", None, verdict)


class Recorder(threading.Thread):
    """Stands between the drones and the service, and keeps a copy of every frame."""

    def __init__(self, context, service):
        super().__init__(daemon=True)
        self.context, self.service = context, service
        self.front = context.socket(zmq.ROUTER)
        self.front.linger = 0
        self.port = self.front.bind_to_random_port("tcp://127.0.0.1")
        self.frames, self.ending = [], False

    def run(self):
        lines = {}
        poller = zmq.Poller()
        poller.register(self.front, zmq.POLLIN)
        while not self.ending:
            for socket, _ in poller.poll(200):
                if socket is self.front:
                    drone, frame = self.front.recv_multipart()
                    if drone not in lines:
                        lines[drone] = self.context.socket(zmq.DEALER)
                        lines[drone].linger = 0
                        lines[drone].connect(self.service)
                        poller.register(lines[drone], zmq.POLLIN)
                    lines[drone].send(frame)
                else:
                    drone = next(d for d, line in lines.items() if line is socket)
                    frame = socket.recv()
                    self.front.send_multipart([drone, frame])
                self.frames.append(frame)
        for socket in (*lines.values(), self.front):
            socket.close()


class Merchant:
    def __init__(self, context, endpoint, schemas):
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)
        self.schemas, self.number, self.asked, self.states = schemas, 0, {}, []

    def take(self, frame):
        kind = frame["type"]
        name = "dispatch/api/merchant.schema.json"
        if kind != "reply":
            self.schemas.check(name, kind, frame)
            if kind == "order.event":
                self.states.append(frame["body"]["state"])
        elif frame["ok"]:
            self.schemas.check(name, "reply." + self.asked[frame["re"]], frame)
        else:
            self.schemas.check(name, "refusal", frame)

    def ask(self, kind, body, valid=True):
        self.number += 1
        request = {"v": 1, "type": kind, "id": f"r{self.number}", "body": body}
        self.asked[request["id"]] = kind
        if valid:
            self.schemas.check("dispatch/api/merchant.schema.json", f"request.{kind}", request)
        self.socket.send_json(request)
        while self.socket.poll(20000):
            frame = self.socket.recv_json()
            self.take(frame)
            if frame.get("re") == request["id"]:
                return frame
        raise SystemExit(f"FAILED: no reply to {kind}")


def session(schemas, directory):
    config = directory / "serve.toml"
    config.write_text(f'[service]\nregion = "{directory}/airspace"\ndata_dir = "{directory}/data"\nspeed = 20.0\n'
                      '[merchants]\nbind = "tcp://127.0.0.1:*"\n[drones]\nbind = "tcp://127.0.0.1:*"\n'
                      '[security]\nmode = "none"\n'
                      + "".join(f'[[drone]]\nid = "D0{i}"\nhome_pad = "H{i}"\n' for i in (1, 2)))
    service = subprocess.Popen([SWIFTLET, "serve", "--config", config], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    fleet = None
    try:
        ready = json.loads(service.stdout.readline())
        context = zmq.Context()
        recorder = Recorder(context, ready["drones"])
        recorder.start()
        fleet = subprocess.Popen([SWIFTLET, "fly", "--connect", f"tcp://127.0.0.1:{recorder.port}", "--drones", "2"],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        fleet.stdout.readline()
        merchant = Merchant(context, ready["merchants"], schemas)
        merchant.ask("hello", {})
        merchant.ask("subscribe", {})
        pads = merchant.ask("pads.list", {"limit": 10})
        merchant.ask("pads.list", {"cursor": pads["body"]["next_cursor"]})
        wish = {"pickup": {"pad": "K02"}, "dropoff": {"pad": "K03"},
                "parcel": {"mass_kg": 0.5, "length_m": 0.3, "width_m": 0.2, "height_m": 0.1}}
        quote = merchant.ask("quote", wish)
        heavy = merchant.ask("quote", {**wish, "parcel": {"mass_kg": 500.0}})
        assert quote["body"]["serviceable"] and not heavy["body"]["serviceable"], (quote, heavy)
        created = merchant.ask("order.create", {"client_order_id": "a", "quote_id": quote["body"]["quote_id"], **wish,
                                                "priority": 7, "note": "second floor"})
        other = merchant.ask("order.create", {"client_order_id": "b", **wish})
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 600))
        merchant.ask("order.ready", {"order_id": other["body"]["order_id"], "ready_at": soon})
        merchant.ask("order.cancel", {"order_id": other["body"]["order_id"], "reason": "changed my mind"})
        merchant.ask("order.get", {"client_order_id": "a"})
        for kind, body in (("quote", {}), ("order.get", {"order_id": "O9"}), ("helo", {}), ("hello", {"x": 1})):
            merchant.ask(kind, body, valid=False)
        until = time.monotonic() + 120
        while "delivered" not in merchant.states and time.monotonic() < until:
            if merchant.socket.poll(1000):
                merchant.take(merchant.socket.recv_json())
        assert "delivered" in merchant.states, merchant.states
        merchant.ask("order.get", {"order_id": created["body"]["order_id"]})
        merchant.ask("order.list", {"states": ["delivered", "cancelled"], "limit": 5})
        while not any(b'"swapped"' in f for f in recorder.frames) and time.monotonic() < until:
            time.sleep(0.2)
        recorder.ending = True
        recorder.join()
        for frame in recorder.frames:
            message = json.loads(frame)
            kind = message["type"]
            part = kind if kind != "reply" else "reply.drone.hello" if message["ok"] else "refusal"
            schemas.check("dispatch/api/drone.schema.json", part, message)
    finally:
        if fleet:
            fleet.kill()
        service.terminate()
        service.wait(timeout=15)


if __name__ == "__main__":
    schemas = Schemas()
    with tempfile.TemporaryDirectory() as name:
        routes(schemas, pathlib.Path(name))
        session(schemas, pathlib.Path(name))
    for what, count in sorted(schemas.seen.items()):
        print(f"{count:6} {what}")
    wanted = {f"merchant {kind}.{name}" for kind in ("request", "reply") for name in
              ("hello", "pads.list", "quote", "order.create", "order.ready", "order.get", "order.list", "order.cancel",
               "subscribe")} | {"merchant order.event", "merchant eta", "merchant refusal", "drone mission",
                                "drone mission.ack", "drone telemetry", "drone event", "drone event.ack",
                                "drone drone.hello", "drone reply.drone.hello"}
    missing = wanted - set(schemas.seen)
    if missing:
        raise SystemExit(f"FAILED: never seen: {sorted(missing)}")
