#!/usr/bin/python3
"""A follower of the merchants' HTTP door whose machine is gone, without a word: its stream is given up in half a minute.

    half_open_stream.py SWIFTLET SOURCE_DIR      in a network of its own, whose only link is taken down

Ends with 77 where this machine lets nobody have one.
"""
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])


def link(state):
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


def established(port):
    """How many connections to that port this machine believes in, from the service's side."""
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "01" for line in lines)


def follow(port):
    connection = http.client.HTTPConnection(f"127.0.0.1:{port}", timeout=10)
    connection.request("GET", "/v1/stream")
    reply = connection.getresponse()
    assert reply.status == 200, reply.status
    return connection, reply


def run(directory):
    config = directory / "serve.toml"
    config.write_text(
        f'[service]\nregion = "{SOURCE}/maps/regions/harbour/region.toml"\ndata_dir = "{directory}/data"\n'
        '[merchants]\nbind = "tcp://127.0.0.1:*"\n[drones]\nbind = "tcp://127.0.0.1:*"\n[http]\nbind = "127.0.0.1:0"\n'
        '[merchant_http]\nbind = "127.0.0.1:*"\n[security]\nmode = "none"\n[[drone]]\nid = "D01"\nhome_pad = "H1"\n')
    service = subprocess.Popen([SWIFTLET, "serve", "--config", config], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = int(json.loads(service.stdout.readline())["merchant_http"].rsplit(":", 1)[1])
        quiet, reply = follow(port)
        # Beside the ETA frames a comment comes every 15 s.
        began = time.monotonic()
        while reply.readline().rstrip(b"\n") != b":":
            assert time.monotonic() < began + 20, "no comment within 20 s"
        assert established(port) == 1
        began = time.monotonic()
        link("down")
        while established(port) > 0:
            assert time.monotonic() < began + 50, "half open after 50 s"
            time.sleep(0.5)
        took_s = time.monotonic() - began
        link("up")
        # The service is none the worse for it.
        again, reply = follow(port)
        assert reply.readline(), "nothing comes"
        again.close()
        quiet.close()
    finally:
        service.terminate()
        service.wait()
    print(f"given up after {took_s:.0f} s")


if __name__ == "__main__":
    if "--inside" not in sys.argv:
        if subprocess.run(["unshare", "-rn", "true"], stderr=subprocess.DEVNULL).returncode != 0:
            print("this machine lets nobody have a network of his own")
            sys.exit(77)
        os.execvp("unshare", ["unshare", "-rn", sys.executable, *sys.argv, "--inside"])
    link("up")
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name))
