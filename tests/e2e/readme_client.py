#!/usr/bin/python3
"""The client that the README shows is the one that the end-to-end test runs, and it is about thirty lines."""
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
client = (root / "dispatch/clients/python/examples/follow_order.py").read_text(encoding="utf-8")
if f"```python\n{client}```" not in (root / "README.md").read_text(encoding="utf-8"):
    sys.exit("README.md does not show dispatch/clients/python/examples/follow_order.py as it is")
if len(client.splitlines()) > 34:
    sys.exit(f"the client has {len(client.splitlines())} lines; the README promises about thirty")
