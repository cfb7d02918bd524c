"""Schemas read more strictly than clients have to."""


def closed(schema):
    """The same schema with no room for fields that it does not name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and out["properties"]:
        out.setdefault("additionalProperties", False)
    return out
