"""The part of the Compose Specification that we write, closed: a key that is not here is a slip.

From compose-spec/compose-spec, ``05-services.md``, ``07-volumes.md``, ``09-secrets.md`` and ``schema/compose-spec.json``.
"""

from __future__ import annotations

from typing import Any

_NAME = {"type": "string", "pattern": "^[a-zA-Z0-9._-]+$"}
_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_DURATION = {"type": "string", "pattern": "^([0-9]+(ms|s|m|h))+$"}


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _map(of: Any) -> dict[str, Any]:
    return {"type": "object", "propertyNames": _NAME, "additionalProperties": of}


_MOUNT = {
    "oneOf": [
        _closed(
            ["type", "source", "target", "read_only"],
            type={"const": "bind"},
            source=_TEXT,
            target={"type": "string", "pattern": "^/"},
            read_only={"const": True},
            bind=_closed(["propagation"], propagation={"const": "rslave"}),
        ),
        _closed(
            ["type", "source", "target"],
            type={"const": "volume"},
            source=_NAME,
            target={"type": "string", "pattern": "^/"},
        ),
    ]
}
_SERVICE = _closed(
    ["image", "security_opt"],
    image={"type": "string", "pattern": "^[a-z0-9./_-]+:[A-Za-z0-9._-]+$", "not": {"pattern": ":latest$"}},
    entrypoint=_TEXTS,
    command=_TEXTS,
    environment={"type": "object", "additionalProperties": {"type": "string"}},
    ports={"type": "array", "items": {"type": "string", "pattern": r"^\S+:[0-9]+:[0-9]+$"}},
    volumes={"type": "array", "items": _MOUNT, "minItems": 1},
    secrets={"type": "array", "items": _closed(["source", "target"], source=_NAME, target=_TEXT)},
    healthcheck=_closed(
        ["test", "interval", "timeout", "retries", "start_period"],
        test={"type": "array", "prefixItems": [{"const": "CMD"}], "minItems": 2, "items": _TEXT},
        interval=_DURATION,
        timeout=_DURATION,
        retries={"type": "integer", "minimum": 1},
        start_period=_DURATION,
    ),
    depends_on=_map(
        _closed(
            ["condition"], condition={"enum": ["service_healthy", "service_started", "service_completed_successfully"]}
        )
    ),
    networks={"type": "array", "items": _NAME, "minItems": 1, "uniqueItems": True},
    pid={"const": "host"},
    user=_TEXT,
    network_mode={"type": "string", "pattern": "^(none|service:.+)$"},
    cap_drop={"const": ["ALL"]},
    cap_add={"const": ["CHOWN"]},
    security_opt={"const": ["no-new-privileges:true"]},
    restart={"const": "unless-stopped"},
)
SCHEMA = _closed(
    ["name", "services", "networks"],
    name={"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
    services=_map(_SERVICE),
    networks=_map({"oneOf": [{"const": {}}, {"const": {"external": True}}]}),
    volumes=_map({"const": {}}),
    secrets=_map({"oneOf": [_closed(["file"], file=_TEXT), _closed(["environment"], environment=_TEXT)]}),
)
