"""OpenSLO v1 as a JSON schema that allows nothing more, after the specification's "Object Types"."""

from __future__ import annotations

from typing import Any

_NAME = {"type": "string", "pattern": r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"}
_DURATION = {"type": "string", "pattern": r"^[1-9][0-9]*[mhdwMQY]$"}
_DESCRIPTION = {"type": "string", "maxLength": 1050}


def _map(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


_METADATA = _map(
    "name", name=_NAME, displayName={"type": "string"}, labels={"additionalProperties": {"type": "string"}}
)
_SOURCE = _map(
    "metricSource",
    metricSource=_map(
        "type spec", type={"const": "Prometheus"}, spec=_map("query", query={"type": "string", "minLength": 1})
    ),
)
_RATIO = {
    "oneOf": [
        _map("counter good total", counter={"type": "boolean"}, good=_SOURCE, total=_SOURCE),
        _map("counter bad total", counter={"type": "boolean"}, bad=_SOURCE, total=_SOURCE),
        _map("rawType raw", rawType={"enum": ["success", "failure"]}, raw=_SOURCE),
    ]
}
_SLI = {"oneOf": [_map("ratioMetric", ratioMetric=_RATIO), _map("thresholdMetric", thresholdMetric=_SOURCE)]}
_PERCENT = {"type": "number", "minimum": 0, "exclusiveMaximum": 100}
_WINDOW = {
    "oneOf": [
        _map("duration isRolling", duration=_DURATION, isRolling={"const": True}),
        _map(
            "duration isRolling calendar",
            duration=_DURATION,
            isRolling={"const": False},
            calendar=_map(
                "startTime timeZone",
                startTime={"type": "string", "pattern": r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"},
                timeZone={"type": "string"},
            ),
        ),
    ]
}
_SLO = _map(
    "service indicator timeWindow budgetingMethod objectives",
    description=_DESCRIPTION,
    service=_NAME,
    indicator=_map("metadata spec", metadata=_METADATA, spec=_SLI),
    timeWindow={"type": "array", "items": _WINDOW, "minItems": 1, "maxItems": 1},
    budgetingMethod={"enum": ["Occurrences"]},
    objectives={
        "type": "array",
        "minItems": 1,
        "maxItems": 1,
        "items": _map(
            "targetPercent",
            op={"enum": ["lt", "lte", "gt", "gte"]},
            value={"type": "number"},
            targetPercent=_PERCENT,
        ),
    },
    alertPolicies={"type": "array", "items": _map("alertPolicyRef", alertPolicyRef=_NAME)},
)
_CONDITION = _map(
    "kind metadata spec",
    kind={"const": "AlertCondition"},
    metadata=_METADATA,
    spec=_map(
        "severity condition",
        severity={"type": "string", "minLength": 1},
        condition=_map(
            "kind op threshold lookbackWindow alertAfter",
            kind={"const": "burnrate"},
            op={"enum": ["lt", "lte", "gt", "gte"]},
            threshold={"type": "number"},
            lookbackWindow=_DURATION,
            alertAfter={"type": "string", "pattern": r"^[0-9]+[mhdwMQY]$"},
        ),
    ),
)
_POLICY = _map(
    "alertWhenNoData alertWhenResolved alertWhenBreaching conditions notificationTargets",
    alertWhenNoData={"type": "boolean"},
    alertWhenResolved={"type": "boolean"},
    alertWhenBreaching={"type": "boolean"},
    conditions={"type": "array", "items": _CONDITION, "minItems": 1, "maxItems": 1},
    notificationTargets={"type": "array", "items": _map("targetRef", targetRef=_NAME)},
)
_SPECS = {
    "Service": _map("", description=_DESCRIPTION),
    "SLO": _SLO,
    "AlertPolicy": _POLICY,
    "AlertNotificationTarget": _map("target", target={"type": "string", "minLength": 1}),
}
SCHEMA = {
    "oneOf": [
        _map("apiVersion kind metadata spec", apiVersion={"const": "openslo/v1"}, kind={"const": kind}, metadata=_METADATA, spec=spec)
        for kind, spec in _SPECS.items()
    ]
}  # fmt: skip
