"""What the service wrote down: the routes that were sent to drones."""
import json
import pathlib
import shutil
import sqlite3
import tempfile


def issued_routes(database: pathlib.Path) -> list[dict]:
    """Every route that was sent to a drone, as swiftlet.route/1.

    Reads a copy: a service that still runs holds its journal for itself alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            part = database.with_name(database.name + suffix)
            if part.exists():
                shutil.copy(part, folder)
        connection = sqlite3.connect(pathlib.Path(folder) / database.name)
        rows = connection.execute("SELECT body FROM journal WHERE kind = 'mission_issued' ORDER BY seq").fetchall()
        connection.close()
    return [json.loads(json.loads(body)["route"]) for (body,) in rows]


def referee_refusals(service_log: pathlib.Path) -> list[str]:
    """Lines of the service's log that tell of a route which the referee refused."""
    return [line for line in service_log.read_text(errors="replace").splitlines() if "referee_refused" in line]
