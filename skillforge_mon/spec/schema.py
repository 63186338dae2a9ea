"""The JSON schema of the language, made from the models and put into the form that editors understand best.

Editors suggest ``null`` for every ``anyOf`` with it, so those branches go; ``defaults`` and ``environments`` are the
same objects with nothing required and ``null`` allowed, because an overlay deletes with it.
"""

from __future__ import annotations

import copy
from typing import Any

from skillforge_mon.spec.models.spec import COLLECTIONS, Spec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PARTIAL = "Partial"
_CHANGED = "Changed"
BROUGHT_AND_CHANGED = ("metrics", "recordings", "slos", "alerts", "dashboards", "runbooks")
"""Sections whose objects may be a part of what a pack brings, so that no key is required there."""
LAID_OVER = ("probes",)
"""Sections of which some objects are made by others: a spec may say a part of one, or null to leave it out."""


def language_schema() -> dict[str, Any]:
    """The schema of a file of a spec, JSON Schema draft 2020-12.

    Nothing is required at the top: a project may be split into files, and only one of them has ``version``.
    """
    schema = Spec.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = schema.pop("$defs")
    for definition in definitions.values():
        _tidy(definition)
        _allow_short_forms(definition)
    _tidy(schema)
    partial = {f"{_PARTIAL}{name}": _partial(definition) for name, definition in definitions.items()}
    whole = {key: _partial(value) for key, value in schema["properties"].items() if key not in {"version", "project"}}
    defaults = {
        name: {"$ref": f"#/$defs/{_PARTIAL}{model.__name__}", "description": f"Laid under every object of `{name}`."}
        for name, model in COLLECTIONS.items()
    }
    _allow_changes_of_packs(schema["properties"], partial)
    for name in LAID_OVER:
        model = COLLECTIONS[name].__name__
        named = schema["properties"][name]["patternProperties"]
        partly: dict[str, Any] = {"anyOf": [{"$ref": f"#/$defs/{_PARTIAL}{model}"}, {"type": "null"}]}
        schema["properties"][name]["patternProperties"] = dict.fromkeys(named, partly)
    schema["properties"]["defaults"] = {
        "type": "object",
        "description": "Laid under every object of a section; the object's own values win.",
        "properties": defaults,
        "additionalProperties": False,
    }
    schema["properties"]["environments"] = {
        "type": "object",
        "description": "Parts of a spec, each laid over the rest when `--env` names it; null deletes.",
        "additionalProperties": {"type": "object", "properties": whole, "additionalProperties": False},
    }
    return {
        "$schema": DIALECT,
        "title": "monmc spec",
        "description": schema.pop("description", ""),
        **{key: value for key, value in schema.items() if key not in {"title", "required"}},
        "$defs": {**definitions, **partial},
    }


def _tidy(node: Any) -> None:
    """Take out what helps nobody: titles that repeat the key, and branches that allow null."""
    if isinstance(node, list):
        for item in node:
            _tidy(item)
        return
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        del node["title"]
    if "anyOf" in node:
        branches = [branch for branch in node["anyOf"] if branch != {"type": "null"}]
        if len(branches) == 1:
            del node["anyOf"]
            for key, value in branches[0].items():
                node.setdefault(key, value)
        else:
            node["anyOf"] = branches
        if node.get("default", 0) is None:
            del node["default"]
    for value in list(node.values()):
        _tidy(value)


def _allow_short_forms(model: dict[str, Any]) -> None:
    """Fields whose validators take a bare value too say so in ``shorthand``: the schema of that value."""
    for whole in model.get("anyOf", ()):
        _allow_short_forms(whole)
    properties = model.get("properties", {})
    for name, field in properties.items():
        if "shorthand" in field:
            description, shorthand = field.pop("description"), field.pop("shorthand")
            properties[name] = {"description": description, "anyOf": [shorthand, field]}


def _allow_changes_of_packs(properties: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Objects that packs bring are changed by a part of one, and deleted by null, where the spec's own ones stand."""
    for section in BROUGHT_AND_CHANGED:
        model = COLLECTIONS[section].__name__
        definitions[f"{_CHANGED}{model}"] = {**definitions[f"{_PARTIAL}{model}"], "type": ["object", "null"]}
        patterns = properties[section]["patternProperties"]
        for pattern in patterns:
            patterns[pattern] = {"$ref": f"#/$defs/{_CHANGED}{model}"}


def _partial(node: Any) -> Any:
    """The same schema with nothing required, and null wherever a value may stand."""
    if isinstance(node, list):
        return [_partial(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: value for key, value in copy.copy(node).items() if key not in {"required", "default"}}
    for key, value in result.items():
        if key == "$ref":
            result[key] = value.replace("#/$defs/", f"#/$defs/{_PARTIAL}")
        elif key in {"properties", "patternProperties"}:
            result[key] = {name: _nullable(_partial(field)) for name, field in value.items()}
        elif key == "additionalProperties" and isinstance(value, dict):
            result[key] = _nullable(_partial(value))
        elif isinstance(value, dict | list):
            result[key] = _partial(value)
    return result


def _nullable(field: dict[str, Any]) -> dict[str, Any]:
    description = field.get("description")
    inner = {key: value for key, value in field.items() if key != "description"}
    nullable: dict[str, Any] = {"anyOf": [inner, {"type": "null"}]}
    return {"description": description, **nullable} if description else nullable
