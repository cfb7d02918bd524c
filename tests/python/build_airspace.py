"""Compiles the bundled region for the tests that follow, through the module itself."""
import json

import swiftlet
from yanwan import PATH, REGION, command

airspace = swiftlet.Airspace.build(REGION, PATH)
assert airspace.info() | {"free_area": None} == json.loads(command("--json", "map", "info", PATH)), "as the command says"
for region, code, where in ((REGION.parent / "nowhere.toml", "file_not_found", "nowhere.toml"),
                            (REGION.parent / "zones.json", "config_invalid", "zones.json")):
    try:
        swiftlet.Airspace.build(region, PATH)
    except swiftlet.SwiftletError as error:
        assert error.code == code and where in error.where, error
    else:
        raise AssertionError(f"{region} was built")
print(airspace)
