"""What the README shows of the module runs as it stands there."""
import os
import re

import swiftlet
from town import BUNDLED, SOURCE

text = (SOURCE / "README.md").read_text(encoding="utf-8")
(example,) = (block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "import swiftlet\n" in block)
assert example.count('"build/yanwan"') == 1, "the example opens what the README builds"
os.chdir(SOURCE)
names: dict[str, object] = {}
exec(compile(example.replace("build/yanwan", str(BUNDLED)), "README.md", "exec"), names)
routes = [it for it in names.values() if isinstance(it, swiftlet.Route)]
assert routes and all(route.ok for route in routes), routes
print(f"{len(example.splitlines())} lines")
