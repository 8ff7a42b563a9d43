"""Checks real answers against the API's own description: as much of JSON Schema as schemas.json uses."""
import re

KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_kind(value, kind):
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, KINDS[kind])


class Schemas:
    def __init__(self, openapi):
        self.openapi = openapi
        self.schemas = openapi["components"]["schemas"]

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def problems(self, schema, value, place="$"):
        """What does not fit, as sentences; empty when all is well."""
        schema = self.resolve(schema)
        unknown = set(schema) - {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf",
                                 "pattern"}
        if unknown:
            return [f"{place}: schema words nobody checks: {unknown}"]
        if "anyOf" in schema:
            tries = [self.problems(choice, value, place) for choice in schema["anyOf"]]
            return [] if any(not found for found in tries) else min(tries, key=len)
        if "type" in schema and not is_kind(value, schema["type"]):
            return [f"{place}: {value!r} is not {schema['type']}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{place}: {value!r} is not one of {schema['enum']}"]
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return [f"{place}: {value!r} does not match {schema['pattern']}"]
        if isinstance(value, dict):
            return self.object_problems(schema, value, place)
        if isinstance(value, list):
            return [p for i, item in enumerate(value) for p in self.problems(schema.get("items", {}), item, f"{place}[{i}]")]
        return []

    def object_problems(self, schema, value, place):
        found = [f"{place}.{name} is missing" for name in schema.get("required", []) if name not in value]
        known = schema.get("properties", {})
        for name, item in value.items():
            if name in known:
                found += self.problems(known[name], item, f"{place}.{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{place}.{name} is not in the description")
        return found

    def operation(self, method, path):
        """The operation and its path template for a real path such as /api/v1/units/7."""
        path = path.split("?")[0]
        best = None
        for template, operations in self.openapi["paths"].items():
            pattern = re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                if best is None or template.count("{") < best[0].count("{"):
                    best = (template, operations[method.lower()])
        return best

    def answer_problems(self, method, path, status, value):
        found = self.operation(method, path)
        if found is None:
            return [f"{method} {path} is not described"]
        responses = found[1]["responses"]
        response = responses.get(str(status), responses["default"] if status >= 400 else None)
        if response is None:
            return [f"{method} {path} answered {status}, which is not described"]
        content = response.get("content")
        if content is None:
            return [] if value is None else [f"{method} {path}: a body that is not described"]
        if "application/json" not in content:
            return []
        return self.problems(content["application/json"]["schema"], value)
