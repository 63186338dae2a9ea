"""The vendors' own schemas of custom resources, closed: the API server drops fields that it does not know in silence.

Rules in CEL (``x-kubernetes-validations``) are not evaluated.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

_ANY_CASE = "(?i)"
FILE = Path(__file__).with_name("schemas.json.gz")


@cache
def _schemas() -> dict[str, Any]:
    return {name: closed(schema) for name, schema in json.loads(gzip.decompress(FILE.read_bytes())).items()}


def closed(schema: Any) -> Any:
    """``schema`` as JSON Schema, in which an object has no other fields than those that are named."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        found["properties"] = {name: closed(each) for name, each in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            found["additionalProperties"] = False
    if isinstance(schema.get("pattern"), str) and _ANY_CASE in schema["pattern"]:
        # Go takes the flag within the pattern, Python at its start.
        found["pattern"] = _ANY_CASE + schema["pattern"].replace(_ANY_CASE, "")
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        found["type"] = [schema["type"], "null"]
    return found


def kinds() -> list[str]:
    """``GROUP/VERSION/KIND`` of every resource whose schema is there."""
    return sorted(_schemas())


def is_known(resource: Any) -> bool:
    """Whether ``resource`` is a custom resource whose schema is there."""
    return _name(resource) in _schemas()


def hold(resource: Any) -> None:
    """Raise ValidationError where the operator would drop or refuse something of ``resource``."""
    whole = _schemas()[_name(resource)]
    jsonschema.Draft202012Validator(whole).validate(resource)
    if resource["kind"] == "AlertmanagerConfig":
        # Routes below the first are not described, because a schema of Kubernetes cannot refer to itself.
        for route in _below(resource["spec"]["route"]):
            jsonschema.Draft202012Validator(whole["properties"]["spec"]["properties"]["route"]).validate(route)


def _below(route: Any) -> list[Any]:
    return [each for child in route.get("routes", ()) for each in (child, *_below(child))]


def _name(resource: Any) -> str:
    return f"{resource['apiVersion']}/{resource['kind']}"
