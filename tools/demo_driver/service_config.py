"""The service configuration of the demo, made from the pads of a compiled airspace."""
import json
import pathlib
import sqlite3


def slots_by_hub(airspace_dir: pathlib.Path) -> dict[str, int]:
    """How many slots each hub of the airspace has; every pad's where there is no hub."""
    database = sqlite3.connect(f"file:{airspace_dir / 'airspace.gpkg'}?mode=ro", uri=True)
    rows = database.execute("SELECT id, kind, count(*) FROM pads GROUP BY id ORDER BY id").fetchall()
    hubs = {pad: slots for pad, kind, slots in rows if kind == "hub"}
    return hubs or {pad: slots for pad, _, slots in rows}


def homes(slots: dict[str, int], drones: int) -> list[str]:
    """A home pad for each drone: the hubs in turn, and a slot of every hub left free for parcels where it can be."""
    room = {pad: max(1, count - 1) for pad, count in slots.items()}
    chosen: list[str] = []
    while len(chosen) < drones:
        before = len(chosen)
        for pad in slots:
            if room[pad] > 0 and len(chosen) < drones:
                room[pad] -= 1
                chosen.append(pad)
        if len(chosen) == before:
            raise SystemExit(f"demo: the region's hubs have room for {before} drones, not {drones}")
    return chosen


def mean_wind(airspace_dir: pathlib.Path) -> str:
    """The region's wind as SPEED,FROM: what the plans expect, and so what the fleet is flown in."""
    manifest = json.loads((airspace_dir / "manifest.json").read_text())
    wind = manifest.get("wind") or {}
    return f"{wind.get('speed_m_s', 0.0):g},{wind.get('from_deg', 0.0):g}"


def service_toml(airspace_dir: pathlib.Path, data_dir: pathlib.Path, speed: float, ports: dict[str, str],
                 drones: int, keys_dir: pathlib.Path, accounts: pathlib.Path) -> str:
    """`ports`: 'merchants', 'drones' and 'http' -> port, or '*' for any that is free."""
    text = f"""# Written by tools/demo.
[service]
region = {json.dumps(str(airspace_dir))}
data_dir = {json.dumps(str(data_dir))}
speed = {speed!r}
[merchants]
bind = "tcp://127.0.0.1:{ports['merchants']}"
[drones]
bind = "tcp://127.0.0.1:{ports['drones']}"
[http]
bind = "127.0.0.1:{ports['http']}"
accounts = {json.dumps(str(accounts))}
[security]
mode = "curve"
keys_dir = {json.dumps(str(keys_dir))}
"""
    for number, pad in enumerate(homes(slots_by_hub(airspace_dir), drones), 1):
        text += f'[[drone]]\nid = "D{number:02}"\nprofile = "courier-4"\nhome_pad = {json.dumps(pad)}\n'
    return text
