#!/usr/bin/python3
"""The TypeScript SDK, built as a user would, against the real service: what it refuses, and an order followed through a
killed service.

    typescript_sdk_e2e.py SWIFTLET SOURCE_DIR
"""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from sdk_world import World

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PACKAGE = SOURCE / "dispatch/clients/typescript"


def build():
    """What the lock file says is installed once; then the compiler, whose strictness is a test of its own."""
    if not (PACKAGE / "node_modules/zeromq").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PACKAGE, check=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=PACKAGE, check=True)


def refusals(world):
    subprocess.run([SWIFTLET, "keys", "create", "merchant", "M3", "--dir", world.folder], check=True,
                   stderr=subprocess.DEVNULL)
    (world.folder / "authorized/merchant/M3.key").unlink()
    time.sleep(2.0)
    checks = pathlib.Path(__file__).with_name("typescript_sdk_checks.mjs")
    subprocess.run(["node", checks, PACKAGE / "dist", world.ready["merchants"], world.folder], check=True, timeout=120)


def followed_through_a_killed_service(world):
    keys = {"SWIFTLET_SERVER_KEY": str(world.folder / "server.key"), "SWIFTLET_KEY": str(world.folder / "M2.key_secret")}
    follower = subprocess.Popen(["node", PACKAGE / "dist/examples/order-and-follow.js", world.ready["merchants"]],
                                env={**os.environ, **keys}, stdout=subprocess.PIPE, text=True)
    states, etas = [], 0
    for line in follower.stdout:
        etas += "s left" in line
        if "->" in line:
            states.append(line.split()[1])
            if states[-1] == "to_pickup":
                world.kill()
                world.serve()
    if follower.wait() != 0 or states[-1] != "delivered" or len(set(states)) != len(states) or etas == 0:
        raise SystemExit(f"FAILED: {follower.returncode}, {states}, {etas} ETAs")
    print(f"followed through {states} with {etas} ETAs")


if __name__ == "__main__":
    build()
    with tempfile.TemporaryDirectory() as name, contextlib.closing(World(SWIFTLET, SOURCE, pathlib.Path(name))) as world:
        refusals(world)
        followed_through_a_killed_service(world)
