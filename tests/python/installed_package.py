"""What `cmake --install` puts under a prefix is all that is needed: the package, and the command that it calls."""
import os
import pathlib
import subprocess
import sys
import tempfile

from town import PATH

BUILD = sys.argv[1]
USE = """
import sys, swiftlet
airspace = swiftlet.Airspace.open(sys.argv[1])
route = swiftlet.plan(airspace, "H1", "K04", depart="2026-11-23T10:00:00Z")
assert route.ok and swiftlet.verify(airspace, route).ok
print(swiftlet.__file__, swiftlet._command.command())
"""

with tempfile.TemporaryDirectory() as folder:
    prefix = pathlib.Path(folder).resolve()
    subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
    (package,) = prefix.rglob("swiftlet/py.typed")
    world = {name: value for name, value in os.environ.items() if name != "SWIFTLET_COMMAND"}
    told = subprocess.run([sys.executable, "-c", USE, PATH], env=world | {"PYTHONPATH": str(package.parent.parent)},
                          check=True, capture_output=True, text=True).stdout
    print(told)
    for place in told.split():
        assert pathlib.Path(place).resolve().is_relative_to(prefix), place
