#!/usr/bin/python3
"""Two vehicles on MAVLink, one as PX4 and one as ArduPilot, fly a merchant's orders under the real service.

    mavlink_e2e.py SWIFTLET SOURCE_DIR

The vehicles are tests/e2e/mavlink/vehicle.mjs: the public protocols on an independent codec, no autopilot. PX4's air loses,
doubles and reorders a fifth of all datagrams each way, and a pilot takes it in the air and gives it back. ArduPilot's frames
are signed, and its bridge is killed in the air and started again.
"""
import asyncio
import contextlib
import json
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path[:0] = [str(SOURCE / "dispatch/clients/python"), str(SOURCE / "tests/regions/old_town")]
import old_town  # noqa: E402
from swiftlet_merchant import MerchantClient, NotServiceable, OrderEvent, OrderState, Pad, Parcel  # noqa: E402

SPEED = 60.0
NODE = SOURCE / "tests/e2e/mavlink"
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"FAILED: {what}")


class Lines:
    """A program's lines of JSON as they come."""

    def __init__(self, arguments, **more):
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, **more)
        self.lines, self.seen = queue.Queue(), []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.seen.append(json.loads(line))
            self.lines.put(self.seen[-1])

    def wait_for(self, field, timeout_s=30.0):
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                line = self.lines.get(timeout=0.1)
                if field in line:
                    return line
        raise SystemExit(f"FAILED: no {field} in {timeout_s} s; {self.seen}")

    def tell(self, **what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()


class World:
    def __init__(self, directory):
        self.directory, self.folder = directory, directory / "keys"
        self.environment = {**os.environ, "SWIFTLET_VEHICLES": str(directory / "vehicles")}
        self.profile(directory / "vehicles")
        old_town.cut(SOURCE, directory / "town")
        for role, name in (("server", "server"), ("merchant", "M1"), ("drone", "D01"), ("drone", "D02")):
            subprocess.run([SWIFTLET, "keys", "create", role, name, "--dir", self.folder], check=True,
                           stderr=subprocess.DEVNULL)
        drones = "".join(f'[[drone]]\nid = "{name}"\nprofile = "hexa-parcel"\nhome_pad = "{pad}"\n'
                         for pad, name in (("H1", "D01"), ("H3", "D02")))
        config = directory / "serve.toml"
        config.write_text(
            f'[service]\nregion = "{directory}/town/region.toml"\ndata_dir = "{directory}/data"\n'
            f'speed = {SPEED}\n[merchants]\nbind = "tcp://127.0.0.1:*"\n[drones]\nbind = "tcp://127.0.0.1:*"\n'
            f'[http]\nbind = "127.0.0.1:0"\n[security]\nkeys_dir = "{self.folder}"\n{drones}')
        self.log = open(directory / "log", "w", encoding="utf-8")
        self.service = Lines([SWIFTLET, "serve", "--config", config], env=self.environment, stderr=self.log)
        self.ready = self.service.wait_for("ready", 60)
        self.processes = [self.service.process]

    @staticmethod
    def profile(folder):
        """The hexacopter of the flown missions, with room for a parcel."""
        shutil.copytree(SOURCE / "planner/vehicles", folder)
        text = (folder / "hexa-15.toml").read_text(encoding="utf-8")
        for old, new in (('"hexa-15"', '"hexa-parcel"'), ("max_payload_kg = 0.0", "max_payload_kg = 2.5"),
                         ("max_parcel_m = 0.0", "max_parcel_m = 0.4")):
            check(old in text, f"the profile has {old}")
            text = text.replace(old, new)
        (folder / "hexa-parcel.toml").write_text(text, encoding="utf-8")

    def bridge(self, drone, port, *more):
        log = open(self.directory / f"{drone}.log", "a", encoding="utf-8")
        bridge = Lines([SWIFTLET, "bridge", "mavlink", "--connect", self.ready["drones"], "--server-key",
                        self.folder / "server.key", "--key", self.folder / f"{drone}.key_secret", "--listen",
                        f"udp://127.0.0.1:{port}", "--profile", "hexa-parcel", "--state",
                        self.directory / f"{drone}.json", *more], env=self.environment, stderr=log)
        self.processes.append(bridge.process)
        return bridge

    def vehicle(self, **wanted):
        vehicle = Lines(["node", NODE / "vehicle.mjs", json.dumps({"times": SPEED, **wanted})], stdin=subprocess.PIPE)
        self.processes.append(vehicle.process)
        return vehicle

    def logs(self):
        return "\n".join(f"{file.name}:\n{file.read_text(encoding='utf-8')[-4000:]}"
                         for file in (self.directory / "log", self.directory / "D01.log", self.directory / "D02.log"))

    def wait_for_log(self, drone, what, timeout_s=60.0):
        until = time.monotonic() + timeout_s
        while what not in (self.directory / f"{drone}.log").read_text(encoding="utf-8"):
            check(time.monotonic() < until, f"{drone} does not say \"{what}\"")
            time.sleep(0.05)

    def wait_for_service_log(self, what, timeout_s=20.0):
        until = time.monotonic() + timeout_s
        while what not in (self.directory / "log").read_text(encoding="utf-8"):
            check(time.monotonic() < until, f"the service does not say \"{what}\"")
            time.sleep(0.05)

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


class Delivery:
    """One drone's order, from being placed to its end; what is done on the way is in `on_state`."""

    def __init__(self, world, pickup, dropoff, on_state=lambda drone, state: None):
        self.world, self.pickup, self.dropoff, self.on_state = world, Pad(pickup), Pad(dropoff), on_state
        self.drone, self.states, self.order = None, [], None

    async def place(self, client):
        parcel = Parcel(mass_kg=0.7)
        while isinstance(quote := await client.quote(self.pickup, self.dropoff, parcel), NotServiceable):
            check(quote.code == "no_drone_in_time", f"until the drones have said hello: {quote}")
            await asyncio.sleep(0.1)
        self.order = await client.create_order(self.pickup, self.dropoff, parcel)

    def hear(self, event):
        self.states.append(event.state)
        self.drone = event.drone or self.drone
        self.on_state(self.drone, event.state)

    @property
    def is_over(self):
        return bool(self.states) and self.states[-1].terminal


async def follow(world, deliveries):
    async with MerchantClient(world.ready["merchants"], server_key=str(world.folder / "server.key"),
                              key=str(world.folder / "M1.key_secret")) as client:
        for delivery in deliveries:
            await delivery.place(client)
        async for update in client.updates(from_seq=1):
            if isinstance(update, OrderEvent):
                for delivery in deliveries:
                    if delivery.order.order_id == update.order_id:
                        delivery.hear(update)
            if all(delivery.is_over for delivery in deliveries):
                return [await client.order(delivery.order.order_id) for delivery in deliveries]


def homes(world):
    features = json.loads((world.directory / "town/pads.geojson").read_text(encoding="utf-8"))["features"]
    slots = {f["properties"]["id"]: f["properties"].get("slot_positions") for f in features}
    return {pad: dict(zip(("lon", "lat"), slots[pad][0])) for pad in ("H1", "H3")}


def run(world):
    home = homes(world)
    px4_bridge = world.bridge("D01", 0, "--loaded-after", "5", "--released-after", "3")
    key = os.urandom(32).hex()
    (world.directory / "signing_key").write_text(key, encoding="utf-8")
    (world.directory / "signing_key").chmod(0o600)
    as_ardupilot = ("--release", "gripper", "--signing-key", world.directory / "signing_key")
    bridge = world.bridge("D02", 0, *as_ardupilot)
    px4 = world.vehicle(autopilot="px4", to=px4_bridge.wait_for("listening")["udp_port"], loss=0.2, seed=7, **home["H1"])
    port = bridge.wait_for("listening")["udp_port"]
    ardupilot = world.vehicle(autopilot="ardupilot", to=port, key=key, **home["H3"])

    def pilot():
        """Takes PX4's vehicle once it is above the roofs, and gives it back to the mission after a while."""
        flown = [at for at, line in enumerate(px4.seen) if "takeoff" in line][-1]
        while not any(line.get("item", 0) >= 2 and line["up_m"] > 20 for line in px4.seen[flown:]):
            time.sleep(0.02)
        px4.tell(mode="pilot")
        world.wait_for_service_log("drone D01 is off the service's control")
        before = len([line for line in px4.seen if "mission" in line or "mode" in line])
        time.sleep(2.0)
        after = [line for line in px4.seen if "mission" in line or "mode" in line][before:]
        px4.tell(mode="mission")
        pilots.append(after)

    pilots = []
    hands = threading.Thread(target=pilot, daemon=True)

    def handle(drone, state):
        """What the people on the pads and a bad day do with the vehicles."""
        if drone == "D01" and state == OrderState.AIRBORNE and not hands.ident:
            hands.start()
        if drone != "D02":
            return
        if state == OrderState.LOADING:
            ardupilot.tell(pad=[1, 0.8])
        if state == OrderState.AIRBORNE and bridge.process.poll() is None:
            bridge.process.send_signal(signal.SIGKILL)
            bridge.process.wait()
            world.bridge("D02", port, *as_ardupilot)

    deliveries = [Delivery(world, "K14", "K17", handle), Delivery(world, "K18", "K26", handle)]
    orders = asyncio.run(asyncio.wait_for(follow(world, deliveries), 120))
    check({d.drone for d in deliveries} == {"D01", "D02"}, f"each vehicle had one: {[d.drone for d in deliveries]}")
    for delivery, order in zip(deliveries, orders):
        check(order.state == OrderState.DELIVERED, f"{delivery.drone}: {order}")
        check(order.proof["pad"] == order.dropoff.pad and order.proof["kind"] == "release_sensed", f"{order.proof}")
        weighed = {"D01": -0.7, "D02": -0.8}[delivery.drone]
        check(abs(order.proof["weight_change_kg"] - weighed) < 1e-3, f"{delivery.drone}: {order.proof}")
        check(delivery.states.count(OrderState.AIRBORNE) == 1, f"flown once: {delivery.states}")
    for drone in ("D01", "D02"):
        world.wait_for_log(drone, "swapped")  # home again, with a full battery
    for vehicle in (px4, ardupilot):
        missions = [line for line in vehicle.seen if "mission" in line]
        # One upload a leg, whatever was lost or killed, and the way on from where the pilot left it.
        check(len(missions) == (4 if vehicle is px4 else 3), f"{missions}")
        check(len([line for line in vehicle.seen if "fence" in line]) == len(missions), f"a fence each: {vehicle.seen}")
        check(not any("fault" in line for line in vehicle.seen), f"{vehicle.seen}")
        # It has landed where it began, whatever sea level it believes in.
        last = [line for line in vehicle.seen if "landed" in line][-1]
        check(abs(last["up"]) < 0.1, f"{last}")
    check(pilots == [[]], f"left alone in the pilot's hands: {pilots}")
    world.wait_for_service_log("drone D01 is given back to the service")
    check({"released": True} in [{k: v for k, v in line.items() if k != "at_s"} for line in ardupilot.seen], "gripper")

    px4_bridge.process.send_signal(signal.SIGINT)
    check(px4_bridge.process.wait(10) == 130, "Ctrl-C ends a bridge")
    px4.process.stdin.close()
    air = px4.wait_for("air")["air"]
    check(min(air["lost"], air["doubled"], air["overtaken"]) > 20, f"{air}")
    return air


def refusals(directory):
    """What a bridge cannot be started with, and what it says."""
    state = directory / "state.json"
    table = [(["--profile", "nothing", "--state", state], 3, "not_found"),
             (["--profile", "courier-4", "--state", state], 2, "--drone"),
             (["--profile", "courier-4", "--state", state, "--drone", "D01", "--listen", "0.0.0.0:1"], 2, "udp://"),
             (["--profile", "courier-4", "--state", state, "--drone", "D01", "--vehicle", "udp://127.0.0.1:0"], 2, "port"),
             (["--profile", "courier-4", "--state", state, "--drone", "D01", "--release", "rope"], 2, "gripper"),
             (["--profile", "courier-4", "--state", directory / "no/where", "--drone", "D01"], 3, "output_refused"),
             (["--profile", "courier-4", "--state", state, "--drone", "D01", "--system", "7", "--own-system", "7"], 2,
              "--own-system"),
             (["--profile", "courier-4", "--state", state, "--key", "a.key_secret"], 2, "--server-key"),
             (["--profile", "courier-4", "--state", state, "--drone", "D01", "--connect", "nowhere", "--listen",
               "udp://127.0.0.1:0"], 2, "--connect")]
    for arguments, status, says in table:
        ended = subprocess.run([SWIFTLET, "bridge", "mavlink", *arguments], capture_output=True, text=True, timeout=20)
        check(ended.returncode == status and says in ended.stderr, f"{arguments}: {ended}")
    state.write_text("{}", encoding="utf-8")
    ended = subprocess.run([SWIFTLET, "bridge", "mavlink", "--profile", "courier-4", "--state", state, "--drone", "D01"],
                           capture_output=True, text=True, timeout=20)
    check(ended.returncode == 3 and str(state) in ended.stderr and state.read_text() == "{}", f"{ended}")


if __name__ == "__main__":
    if not (NODE / "node_modules/node-mavlink").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=NODE, check=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        refusals(pathlib.Path(name))
        with contextlib.closing(World(pathlib.Path(name))) as world:
            try:
                air = run(world)
            except BaseException:
                print(world.logs(), file=sys.stderr)
                raise
    print(f"{checks} checks hold in {time.monotonic() - began:.1f} s; PX4's datagrams: {air}")
