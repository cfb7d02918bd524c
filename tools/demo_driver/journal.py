"""What the service wrote down: the routes that were flown. Read after the service has stopped (it locks its journal)."""
import json
import pathlib
import sqlite3


def issued_routes(database: pathlib.Path) -> list[dict]:
    """Every route that was sent to a drone, as swiftlet.route/1."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    rows = connection.execute("SELECT body FROM journal WHERE kind = 'mission_issued' ORDER BY seq")
    return [json.loads(json.loads(body)["route"]) for (body,) in rows]


def referee_refusals(service_log: pathlib.Path) -> list[str]:
    """Lines of the service's log that tell of a route which the referee refused."""
    return [line for line in service_log.read_text(errors="replace").splitlines() if "referee_refused" in line]
