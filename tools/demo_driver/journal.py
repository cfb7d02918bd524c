"""What the service wrote down: the orders it took, the routes that were sent to drones, how often it was started."""
import collections
import json
import pathlib
import shutil
import sqlite3
import tempfile


def _records(database: pathlib.Path, kind: str) -> list[dict]:
    """The records of a kind, in order. Reads a copy: a service that still runs holds its journal for itself alone."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            part = database.with_name(database.name + suffix)
            if part.exists():
                shutil.copy(part, folder)
        connection = sqlite3.connect(pathlib.Path(folder) / database.name)
        rows = connection.execute("SELECT body FROM journal WHERE kind = ? ORDER BY seq", (kind,)).fetchall()
        connection.close()
    return [json.loads(body) for (body,) in rows]


def issued_routes(database: pathlib.Path) -> list[dict]:
    """Every route that was sent to a drone, as swiftlet.route/1."""
    return [json.loads(record["route"]) for record in _records(database, "mission_issued")]


def accepted_orders(database: pathlib.Path) -> collections.Counter[str]:
    """How often each client_order_id was taken: once, or something is wrong."""
    return collections.Counter(record["client_order_id"] for record in _records(database, "order_accepted"))


def service_starts(database: pathlib.Path) -> int:
    return len(_records(database, "service_started"))


def referee_refusals(service_log: pathlib.Path) -> list[str]:
    """Lines of the service's log that tell of a route which the referee refused."""
    return [line for line in service_log.read_text(errors="replace").splitlines() if "referee_refused" in line]
