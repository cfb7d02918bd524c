"""Place the pads of the plan where they keep every rule."""
import dataclasses

import pad_rules
import pad_search

from . import files, plan

SLOT_STEP_M = 8.0
LATERAL_SLACK_M = 3.0  # the whole 2 m cell around a slot is free too


def write_pads(folder):
    """Needs region.toml and all other files in the folder; checks what it wrote from the files themselves."""
    path = folder / "pads.geojson"
    path.unlink(missing_ok=True)
    region = pad_rules.Region(folder / "region.toml")
    region.rules = dataclasses.replace(region.rules, lateral_slack_m=LATERAL_SLACK_M)
    taken, features = [], []
    kiosks = [(f"K{n:02d}", *kiosk) for n, kiosk in enumerate(plan.KIOSKS, 1)]
    for pad, name, u, v, count, place in plan.HUBS + kiosks:
        slots = pad_search.find(region, plan.EAST_0 + u, plan.NORTH_0 + v, count, place, taken, slot_step_m=SLOT_STEP_M)
        if slots is None:
            raise SystemExit(f"{pad} {name}: no spot near {u}, {v}")
        taken += slots
        features.append(pad_search.feature(region, pad, name, slots))
    files.write_features(path, {"description": "Pads of Yanwan, an invented district"}, features)
    problems = pad_rules.region_problems(pad_rules.Region(folder / "region.toml"))
    if problems:
        raise SystemExit("\n".join(problems))
