"""The bodies of requests to Elasticsearch as closed schemas: what is not named here is refused.

Source: elastic/elasticsearch-specification: ``indices/put_index_template``, ``cluster/put_component_template``,
``ilm/_types/Policy.ts``, ``ilm/_types/Phase.ts``, ``ingest/_types/Processors.ts``, ``_types/mapping``. Only what we
write is described, and of that only what Elasticsearch takes.
"""

from __future__ import annotations

from typing import Any

TIME = {"type": "string", "pattern": r"^(0ms|[1-9][0-9]*(d|h|m|s|ms))$"}
META = {
    "type": "object",
    "properties": {"managed_by": {"const": "monmc"}, "owner": {"type": "string"}},
    "required": ["managed_by", "owner"],
    "additionalProperties": False,
}


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


PROPERTY: dict[str, Any] = {
    "anyOf": [
        closed({"type": {"const": "keyword"}, "ignore_above": {"type": "integer"}}, "type"),
        closed({"type": {"enum": ["date", "match_only_text", "constant_keyword"]}}, "type"),
        closed({"type": {"const": "flattened"}, "ignore_above": {"type": "integer"}}, "type"),
        closed({"type": {"const": "alias"}, "path": {"type": "string"}}, "type", "path"),
        closed({"properties": {"$ref": "#/$defs/properties"}}, "properties"),
    ]
}
DEFS = {
    "property": PROPERTY,
    "properties": {
        "type": "object",
        "patternProperties": {r"^[^._][^.]*$": {"$ref": "#/$defs/property"}},
        "additionalProperties": False,
    },
}
MAPPINGS = closed(
    {
        "date_detection": {"type": "boolean"},
        "dynamic_templates": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": closed(
                    {"match_mapping_type": {"const": "string"}, "mapping": {"$ref": "#/$defs/property"}}, "mapping"
                ),
            },
        },
        "properties": {"$ref": "#/$defs/properties"},
    }
)
SETTINGS = closed(
    {
        "index": closed(
            {
                "number_of_replicas": {"type": "integer", "minimum": 0},
                "mapping": closed({"total_fields": closed({"ignore_dynamic_beyond_limit": {"type": "boolean"}})}),
                "default_pipeline": {"type": "string"},
                "lifecycle": closed({"name": {"type": "string"}, "prefer_ilm": {"type": "boolean"}}),
            }
        )
    }
)
TEMPLATE = closed({"settings": SETTINGS, "mappings": MAPPINGS, "lifecycle": closed({"data_retention": TIME})})
COMPONENT_TEMPLATE = {**closed({"template": TEMPLATE, "_meta": META}, "template"), "$defs": DEFS}
INDEX_TEMPLATE = {
    **closed(
        {
            "index_patterns": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "composed_of": {"type": "array", "items": {"type": "string"}},
            "priority": {"type": "integer", "exclusiveMinimum": 100},
            "data_stream": closed({}),
            "template": TEMPLATE,
            "_meta": META,
        },
        "index_patterns", "data_stream", "priority",
    ),
    "$defs": DEFS,
}  # fmt: skip
ILM_POLICY = closed(
    {
        "policy": closed(
            {
                "phases": closed(
                    {
                        "hot": closed(
                            {
                                "min_age": TIME,
                                "actions": closed(
                                    {
                                        "rollover": closed(
                                            {
                                                "max_age": TIME,
                                                "max_primary_shard_size": {"type": "string", "pattern": "^[0-9]+gb$"},
                                            }
                                        )
                                    }
                                ),
                            },
                            "actions",
                        ),
                        "delete": closed({"min_age": TIME, "actions": closed({"delete": closed({})}, "delete")}),
                    },
                    "hot",
                ),
                "_meta": META,
            },
            "phases",
        )
    },
    "policy",
)
_TEXT = {"type": "string", "minLength": 1}
_YES = {"type": "boolean"}
_BASE = {"if": _TEXT, "tag": _TEXT, "ignore_failure": _YES, "description": _TEXT,
         "on_failure": {"type": "array", "items": {"$ref": "#/$defs/processor"}}}  # fmt: skip


def _processor(required: tuple[str, ...], **settings: Any) -> dict[str, Any]:
    return closed({**_BASE, **settings}, *required)


_FIELD = {"field": _TEXT, "ignore_missing": _YES}
PROCESSORS = {
    "set": _processor(("field",), field=_TEXT, value={}, copy_from=_TEXT, override=_YES, ignore_empty_value=_YES),
    "gsub": _processor(("field", "pattern", "replacement"), **_FIELD, pattern=_TEXT, replacement={"type": "string"}),
    "json": _processor(("field",), field=_TEXT, target_field=_TEXT, allow_duplicate_keys=_YES),
    "dot_expander": _processor(("field",), field=_TEXT, path=_TEXT, override=_YES),
    "kv": _processor(
        ("field", "field_split", "value_split"), **_FIELD, target_field=_TEXT, field_split=_TEXT, value_split=_TEXT,
        trim_value=_TEXT,
    ),
    "grok": _processor(("field", "patterns"), **_FIELD, patterns={"type": "array", "items": _TEXT, "minItems": 1}),
    "rename": _processor(("field", "target_field"), **_FIELD, target_field=_TEXT),
    "convert": _processor(("field", "type"), **_FIELD, type={"enum": ["string"]}),
    "lowercase": _processor(("field",), **_FIELD),
    "date": _processor(("field", "formats"), field=_TEXT, formats={"type": "array", "items": _TEXT}),
    "remove": _processor(("field",), field={"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}, ignore_missing=_YES),
    "append": _processor(("field", "value"), field=_TEXT, value={"type": "array"}),
    "drop": _processor(()),
    "reroute": _processor((), dataset=_TEXT, namespace=_TEXT),
}  # fmt: skip
INGEST_PIPELINE = {
    **closed(
        {
            "description": _TEXT,
            "processors": {"type": "array", "items": {"$ref": "#/$defs/processor"}},
            "on_failure": {"type": "array", "items": {"$ref": "#/$defs/processor"}},
            "_meta": META,
        }
    ),
    "$defs": {"processor": {**closed(PROCESSORS), "minProperties": 1, "maxProperties": 1}},
}
AGENT_CONFIGURATION = closed(
    {
        "service": closed({"name": {"type": "string", "pattern": "^[a-zA-Z0-9 _-]+$"}, "environment": _TEXT}),
        "settings": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "service", "settings",
)  # fmt: skip
"""Kibana's API reference, "Create or update agent configuration"; the pattern is the agents' own of ``service_name``."""
OF_KINDS = {
    "apm_agent_configuration": AGENT_CONFIGURATION,
    "component_template": COMPONENT_TEMPLATE,
    "index_template": INDEX_TEMPLATE,
    "ilm_policy": ILM_POLICY,
    "ingest_pipeline": INGEST_PIPELINE,
}
