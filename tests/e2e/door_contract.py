"""The OpenAPI document of the merchants' HTTP door, as something that real traffic is held to."""
import json
import urllib.parse

import jsonschema

from closed_schema import closed

MESSAGES = "dispatch/api/merchant.schema.json"


class DoorContract:
    def __init__(self, source):
        messages = closed(json.loads((source / MESSAGES).read_text()))
        self.document = closed(json.loads((source / "dispatch/api/merchant.openapi.json").read_text()))
        self.base = messages["$id"].replace("schema", "openapi")
        self.store = {messages["$id"]: messages, self.base: self.document}
        self.seen, self.checks = set(), 0

    def check(self, holds, what):
        self.checks += 1
        if not holds:
            raise SystemExit(f"FAILED: {what() if callable(what) else what}")

    def holds(self, schema, value, what):
        self.checks += 1
        resolver = jsonschema.RefResolver(self.base, self.document, store=self.store)
        error = jsonschema.exceptions.best_match(
            jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(value))
        if error:
            raise SystemExit(f"FAILED: {what}: {list(error.absolute_path)}: {error.message[:400]}\n{json.dumps(value)[:1500]}")

    def operation(self, method, target):
        path = target.split("?")[0].split("/")
        for template, operations in self.document["paths"].items():
            wanted = template.split("/")
            if len(wanted) == len(path) and all(w.startswith("{") or w == p for w, p in zip(wanted, path)):
                if method.lower() in operations:
                    return operations[method.lower()]
        return None

    def request(self, method, target, body):
        operation = self.operation(method, target)
        known = {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}
        for name, text in urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query):
            schema = known[name]["schema"]
            value = int(text) if schema.get("type") == "integer" else text.split(",") if schema.get("type") == "array" else text
            self.holds(schema, value, f"{target}: {name}")
        if "requestBody" in operation:
            self.holds(operation["requestBody"]["content"]["application/json"]["schema"], body, f"body of {method} {target}")

    def reply(self, method, target, status, body, headers):
        operation = self.operation(method, target)
        if operation is None:
            return
        what = f"{status} of {method} {target}"
        if str(status) not in operation["responses"]:
            raise SystemExit(f"FAILED: {what} is not in the document: {body}")
        response = operation["responses"][str(status)]
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        if headers["Content-Type"] not in response["content"]:
            raise SystemExit(f"FAILED: {what} is {headers['Content-Type']}")
        self.holds(response["content"][headers["Content-Type"]]["schema"], body, what)
        self.seen.add((operation["operationId"], status < 400))

    def frame(self, kind, frame):
        self.holds({"$ref": f"merchant.schema.json#/$defs/{kind}"}, frame, kind)

    def webhook(self, headers, body):
        posted = self.document["webhooks"]["order.event"]["post"]
        for parameter in posted["parameters"]:
            text = headers[parameter["name"]]
            self.holds(parameter["schema"], int(text) if parameter["schema"]["type"] == "integer" else text, parameter["name"])
        self.holds(posted["requestBody"]["content"]["application/json"]["schema"], body, "a webhook's body")

    def unseen(self):
        """Operations that were never answered well."""
        all_of_them = {o["operationId"] for operations in self.document["paths"].values() for o in operations.values()}
        return sorted(all_of_them - {name for name, well in self.seen if well})
