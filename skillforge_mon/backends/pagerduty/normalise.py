"""What PagerDuty adds to objects, defaults and rewrites, and the forms in which a live object and a document are equal.

Sources as in ``capabilities.py``.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from skillforge_mon.backends.pagerduty.markers import unmarked

Body = Mapping[str, Any]

WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    "team": ("type", "name", "description"),
    "schedule": ("type", "name", "description", "time_zone", "teams", "schedule_layers"),
    "escalation_policy": (
        "type", "name", "description", "num_loops", "on_call_handoff_notifications", "teams", "escalation_rules",
    ),
    "service": (
        "type", "name", "description", "auto_resolve_timeout", "acknowledgement_timeout", "alert_creation",
        "escalation_policy", "incident_urgency_rule", "support_hours", "scheduled_actions",
        "alert_grouping_parameters", "auto_pause_notifications_parameters",
    ),
    "integration": ("type", "name", "service"),
}  # fmt: skip
"""What makes an object. The rest is only told: ``id``, ``summary``, ``self``, ``html_url``, ``status``, ``created_at``,
``last_incident_timestamp``, ``services``, ``users``, ``final_schedule``, ``integration_key`` and the like. [api]"""

DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "team": {},
    "schedule": {"teams": []},
    "escalation_policy": {"num_loops": 0, "on_call_handoff_notifications": "if_has_services", "teams": []},
    "service": {
        "auto_resolve_timeout": 14400,
        "acknowledgement_timeout": 1800,
        "alert_creation": "create_alerts_and_incidents",
        "incident_urgency_rule": {"type": "constant", "urgency": "high"},
    },
    "integration": {},
}
"""What an object says that leaves it out. [api] Service, EscalationPolicy"""

_LAYER: Final = ("name", "start", "end", "rotation_virtual_start", "rotation_turn_length_seconds")


def said(kind: str, live: Body) -> dict[str, Any]:
    """What a live object says, as a document would: without markers and without what only the server writes."""
    found = {name: live[name] for name in WRITTEN[kind] if name in live}
    if isinstance(found.get("description"), str):
        found["description"] = unmarked(found["description"])
    for name in ("escalation_policy", "service"):
        if name in found:
            found[name] = _reference(found[name])
    if "teams" in found:
        found["teams"] = [_reference(team) for team in found["teams"]]
    if "escalation_rules" in found:
        found["escalation_rules"] = [
            {
                "escalation_delay_in_minutes": rule["escalation_delay_in_minutes"],
                "targets": [_reference(target) for target in rule["targets"]],
            }
            for rule in found["escalation_rules"]
        ]
    if "schedule_layers" in found:
        found["schedule_layers"] = [written_layer(layer) for layer in current_layers(live)]
    return found


def comparable(
    kind: str, body: Body, live: Body, addresses: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """``(live, wanted)``, equal when the live object says what ``body`` says.

    For people who read the difference, identifiers are replaced: by what ``addresses`` has for users, and else by the
    name that the live object has for what it refers to.
    """
    found = {**DEFAULTS[kind], **said(kind, live)}
    names = {**dict(_names(live)), **addresses}
    wanted = _canonical(body)
    return _named(_canonical({name: found[name] for name in body if name in found}), names), _named(wanted, names)


def _names(live: Any) -> Iterator[tuple[str, str]]:
    """Identifier and name of everything that ``live`` refers to; the name has the identifier too, which is unique."""
    if isinstance(live, Mapping):
        if str(live.get("type", "")).endswith("_reference") and live.get("summary"):
            yield str(live["id"]), f"{live['summary']} ({live['id']})"
        for member in live.values():
            yield from _names(member)
    elif isinstance(live, list):
        for member in live:
            yield from _names(member)


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        found = {name: _named(member, names) for name, member in value.items()}
        if str(value.get("type", "")).endswith("_reference") and isinstance(value.get("id"), str):
            found["id"] = names.get(value["id"], value["id"])
        return found
    return [_named(member, names) for member in value] if isinstance(value, list) else value


def same(kind: str, one: Body, other: Body) -> bool:
    """Whether two states of a live object say the same."""
    return _canonical(said(kind, one)) == _canonical(said(kind, other))


def current_layers(live: Body) -> list[dict[str, Any]]:
    """The layers of a live schedule that have not ended, in the order in which they were sent.

    A layer can be ended, never removed, and the answer has the uppermost, which is the last one, first. [terraform]
    schedule
    """
    now = datetime.datetime.now(datetime.UTC)
    layers = [dict(layer) for layer in live.get("schedule_layers", ())]
    return [layer for layer in reversed(layers) if not layer.get("end") or moment(layer["end"]) > now]


def moment(text: str) -> datetime.datetime:
    """The moment that a time in RFC 3339 names."""
    return datetime.datetime.fromisoformat(text)


def written_layer(layer: Body) -> dict[str, Any]:
    """What a live layer says, without its identifier."""
    return {
        **{name: layer[name] for name in _LAYER if layer.get(name) is not None},
        "users": [{"user": _reference(each["user"])} for each in layer["users"]],
        "restrictions": [dict(each) for each in layer.get("restrictions", ())],
    }


def _reference(of: Body) -> dict[str, Any]:
    """A reference without the name and the addresses that answers add: its type, with its ending, and its id."""
    kind = str(of["type"])
    return {"type": kind if kind.endswith("_reference") else f"{kind}_reference", "id": of["id"]}


def _canonical(body: Body) -> dict[str, Any]:
    """In one order where order means nothing, times as moments; an answer's start of a layer is when it was changed."""
    found = dict(body)
    if "teams" in found:
        found["teams"] = _sorted(found["teams"])
    if "escalation_rules" in found:
        found["escalation_rules"] = [
            {**rule, "targets": _sorted(rule["targets"])} for rule in found["escalation_rules"]
        ]
    if "schedule_layers" in found:
        found["schedule_layers"] = [
            {
                **{name: value for name, value in layer.items() if name != "start"},
                "rotation_virtual_start": moment(layer["rotation_virtual_start"])
                .astimezone(datetime.UTC)
                .strftime("%Y-%m-%dT%H:%M:%SZ"),
                "restrictions": _sorted(layer["restrictions"]),
            }
            for layer in found["schedule_layers"]
        ]
    return found


def _sorted(items: Sequence[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
