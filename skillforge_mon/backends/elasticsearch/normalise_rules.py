"""What Kibana adds to rules, or writes otherwise than it was told.

[kbn] Kibana API reference, "Alerting": create, get and update a rule; [src] elastic/kibana,
``x-pack/platform/plugins/shared/alerting/server/routes/rule/apis`` and, for the parameters,
``x-pack/platform/plugins/shared/stack_alerts/server/rule_types/es_query/rule_type_params.ts``.

- Of a rule's answer only what a request may say counts: the rest (``execution_status``, ``last_run``, ``revision``,
  ``api_key_owner``, ``mute_all``, …) is Kibana's own.
- An action has a ``uuid`` and the ``connector_type_id`` of its connector, which follow from the others.
- Parameters are kept with the defaults of their schema.
- Null is what is not said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from skillforge_mon.backends.elasticsearch.ownership import without_tags_of_owner

ID: Final = "id"
FIXED: Final = ("rule_type_id", "consumer")
"""What is said once, when a rule is made. [kbn] "Update a rule" has no such fields."""
ENABLED: Final = "enabled"
"""Said when a rule is made; after that ``_enable`` and ``_disable`` change it."""
CHANGEABLE: Final = (
    "name", "tags", "schedule", "throttle", "params", "actions", "notify_when", "alert_delay", "flapping",
)  # fmt: skip
_OF_ACTION: Final = ("group", "id", "params", "frequency", "alerts_filter")
_PARAMS: Final[Mapping[str, Any]] = {
    "aggType": "count",
    "groupBy": "all",
    "searchType": "esQuery",
    "excludeHitsFromPreviousRun": True,
    "sourceFields": [],
}


def sendable(body: Mapping[str, Any]) -> dict[str, Any]:
    """What of ``body`` a request that makes a rule may say."""
    sent = {name: body[name] for name in (*CHANGEABLE, *FIXED, ENABLED) if body.get(name) is not None}
    sent["actions"] = [_action(action) for action in body.get("actions") or ()]
    return sent


def normal(body: Mapping[str, Any]) -> dict[str, Any]:
    """What ``body`` says without its mark, in the one form in which the same things are equal."""
    found = sendable(body)
    found["tags"] = sorted(set(without_tags_of_owner(found.get("tags") or ())))
    found["params"] = {**_PARAMS, **found.get("params", {})}
    said = _without_nulls(found)
    assert isinstance(said, dict)  # noqa: S101 - it is made of one
    return said


def _action(action: Mapping[str, Any]) -> dict[str, Any]:
    return {name: action[name] for name in _OF_ACTION if action.get(name) is not None}


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(member) for key, member in value.items() if member is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without_nulls(member) for member in value]
    return value
