#!/usr/bin/python3
"""kill −9 of the service at random instants under load, again and again: nothing that was acknowledged is lost or doubled,
events have no gap, and the service is up again soon. `--cycles 500` is the campaign.

    kill_cycles_dispatch.py SWIFTLET SOURCE_DIR [--cycles N] [--seed S] [--up-within SECONDS]
"""
import argparse
import json
import pathlib
import random
import socket as net
import subprocess
import tempfile
import time

import zmq

import history_checker

parser = argparse.ArgumentParser()
parser.add_argument("swiftlet")
parser.add_argument("source", type=pathlib.Path)
parser.add_argument("--cycles", type=int, default=8)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--up-within", type=float, help="fail where it takes longer; only told if left out")
options = parser.parse_args()
draw = random.Random(options.seed)
context = zmq.Context.instance()


def free_port():
    with net.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Merchant:
    def __init__(self, endpoint):
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)
        self.number, self.replies, self.events = 0, {}, []

    def send(self, kind, body):
        self.number += 1
        self.socket.send_json({"v": 1, "type": kind, "id": f"r{self.number}", "body": body})
        return f"r{self.number}"

    def listen(self, seconds):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.socket.poll(max(1, int(left * 1000))):
                frame = self.socket.recv_json()
                if frame["type"] == "reply":
                    self.replies[frame["re"]] = frame
                elif frame["type"] == "order.event":
                    self.events.append(frame)

    def ask(self, kind, body, seconds=60):
        me = self.send(kind, body)
        until = time.monotonic() + seconds
        while me not in self.replies:
            if time.monotonic() > until:
                raise SystemExit(f"FAILED: no answer to {kind}")
            self.listen(0.02)
        return self.replies.pop(me)


def body_of(number):
    pads = draw.sample(range(1, 21), 2)
    return {"client_order_id": f"k{number}", "pickup": {"pad": f"K{pads[0]:02}"}, "dropoff": {"pad": f"K{pads[1]:02}"},
            "parcel": {"mass_kg": 0.5}}


def run(directory):
    ports = free_port(), free_port()
    config = directory / "serve.toml"
    config.write_text(
        f'[service]\nregion = "{options.source}/maps/regions/harbour/region.toml"\ndata_dir = "{directory}/data"\n'
        f'speed = 20.0\n[merchants]\nbind = "tcp://127.0.0.1:{ports[0]}"\nrate_per_s = 10000\nburst = 10000\n'
        f'[drones]\nbind = "tcp://127.0.0.1:{ports[1]}"\n[http]\nbind = "127.0.0.1:{free_port()}"\n'
        '[security]\nmode = "none"\n'
        + "".join(f'[[drone]]\nid = "D{i:02}"\nhome_pad = "H{1 + i % 3}"\n' for i in range(1, 7)))
    endpoint = f"tcp://127.0.0.1:{ports[0]}"
    fleet = subprocess.Popen([options.swiftlet, "fly", "--connect", f"tcp://127.0.0.1:{ports[1]}", "--drones", "6"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bodies, acknowledged, up_s = {}, {}, []
    service = None
    try:
        for cycle in range(options.cycles + 1):
            began = time.monotonic()
            service = subprocess.Popen([options.swiftlet, "serve", "--config", config, "--log-level", "error"],
                                       stdout=subprocess.PIPE, text=True)
            if not json.loads(service.stdout.readline() or "{}").get("ready"):
                raise SystemExit(f"FAILED: not up again after {cycle} kills")
            merchant = Merchant(endpoint)
            merchant.ask("hello", {})
            up_s.append(time.monotonic() - began)
            if cycle == 0:
                time.sleep(3)  # the fleet says hello
            # What was never answered is asked again: with the same key, so that it is there once.
            for number in [n for n in bodies if f"k{n}" not in acknowledged]:
                reply = merchant.ask("order.create", bodies[number])
                if reply["ok"]:
                    acknowledged[f"k{number}"] = reply["body"]["order_id"]
            if cycle == options.cycles:
                break
            sent = {}
            until = time.monotonic() + draw.uniform(0.1, 2.5)
            while time.monotonic() < until:
                number = len(bodies) + 1
                bodies[number] = body_of(number)
                sent[merchant.send("order.create", bodies[number])] = number
                merchant.listen(draw.uniform(0.0, 0.05))
            service.kill()
            service.wait()
            merchant.listen(0.05)
            for re, number in sent.items():
                reply = merchant.replies.get(re)
                if reply and reply["ok"]:
                    acknowledged[f"k{number}"] = reply["body"]["order_id"]
        merchant.events.clear()
        merchant.ask("subscribe", {"from_seq": 1})
        merchant.listen(2)
        listed, cursor = [], None
        while True:
            page = merchant.ask("order.list", {"cursor": cursor} if cursor else {})["body"]
            listed += page["orders"]
            cursor = page["next_cursor"]
            if not cursor:
                break
        for fault in history_checker.faults(merchant.events, listed, acknowledged):
            raise SystemExit(f"FAILED: {fault}")
        if len(acknowledged) < options.cycles:
            raise SystemExit("FAILED: hardly an order was acknowledged: this proves nothing")
        worst = max(up_s[1:])
        print(json.dumps({"cycles": options.cycles, "seed": options.seed, "acknowledged": len(acknowledged), "lost": 0,
                          "doubled": 0, "events": len(merchant.events), "up_again_worst_s": round(worst, 2),
                          "up_again_median_s": round(sorted(up_s[1:])[len(up_s[1:]) // 2], 2)}))
        if options.up_within and worst > options.up_within:
            raise SystemExit(f"FAILED: up again only after {worst:.2f} s")
    finally:
        fleet.kill()
        if service:
            service.kill()


with tempfile.TemporaryDirectory() as scratch:
    run(pathlib.Path(scratch))
