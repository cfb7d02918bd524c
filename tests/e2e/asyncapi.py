#!/usr/bin/python3
"""The AsyncAPI document names every message of the schemas, nothing else, and each reference leads somewhere.

    asyncapi.py SOURCE_DIR
"""
import json
import pathlib
import sys

API = pathlib.Path(sys.argv[1]) / "dispatch/api"
document = json.loads((API / "asyncapi.json").read_text())
schemas = {name: json.loads((API / name).read_text()) for name in ("merchant.schema.json", "drone.schema.json")}


def follow(root, pointer):
    for part in pointer.lstrip("/").split("/"):
        root = root[part.replace("~1", "/").replace("~0", "~")]
    return root


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


count = 0
for reference in references(document):
    file, pointer = reference.split("#")
    follow(document if not file else schemas[file.removeprefix("./")], pointer)
    count += 1

named = {message["payload"]["$ref"] for message in document["components"]["messages"].values()}
for file, schema in schemas.items():
    for name, definition in schema["$defs"].items():
        is_message = "type" in definition.get("properties", {}) and "v" in definition["properties"]
        if is_message and f"./{file}#/$defs/{name}" not in named:
            raise SystemExit(f"FAILED: {file} has a message {name} that the document does not name")
for name, operation in document["operations"].items():
    if operation["action"] not in ("send", "receive") or not operation["messages"]:
        raise SystemExit(f"FAILED: operation {name}")
print(f"{count} references, {len(named)} messages, {len(document['operations'])} operations")
