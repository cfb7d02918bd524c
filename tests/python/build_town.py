"""Cuts the old town out of the bundled region and compiles it, through the module itself. Then the bundled region, for
what users are shown."""
import json
import sys

import swiftlet
from town import BUNDLED, PATH, REGION, SOURCE, command

sys.path.insert(0, str(SOURCE / "tests/regions/old_town"))
import old_town  # noqa: E402

old_town.cut(SOURCE, REGION.parent)
airspace = swiftlet.Airspace.build(REGION, PATH)
assert airspace.info() | {"free_area": None} == json.loads(command("--json", "map", "info", PATH)), "as the command says"
for region, code, where in ((REGION.parent / "nowhere.toml", "file_not_found", "nowhere.toml"),
                            (REGION.parent / "pads.geojson", "config_invalid", "pads.geojson")):
    try:
        swiftlet.Airspace.build(region, PATH)
    except swiftlet.SwiftletError as error:
        assert error.code == code and where in error.where, error
    else:
        raise AssertionError(f"{region} was built")
print(airspace, airspace.obstacle_count, "obstacles,", len(airspace.pads), "pads")
print(swiftlet.Airspace.build(SOURCE / "maps/regions/harbour/region.toml", BUNDLED))
