"""A body and a live object in forms that are equal when they say the same; the tables are in ``rules.py``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.kinds import said
from skillforge_mon.backends.datadog.markers import unmarked
from skillforge_mon.backends.datadog.query.parser import normal_expression, normal_query
from skillforge_mon.backends.datadog.rules import Rules, rules_of


def comparable(kind: str, body: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Any, Any]:
    """``(live, wanted)``, two objects: equal when the live one says what ``body`` says, whoever owns it.

    What is empty or null counts as not there.
    """
    rules = rules_of(kind, body)
    wanted = normal(kind, body, rules)
    found: Any = normal(kind, live, rules)
    if kind == "synthetics":
        found = _without_attached(found, wanted)
    found = _without_news(found, wanted, rules, "")
    if kind == "downtime":
        found = _begun(found, wanted, str(said(kind, live).get("status")))
    return found, wanted


def normal(kind: str, body: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """What ``body`` says without markers, in the one form in which the same things are equal."""
    shape = _SHAPES.get(kind)
    fields = unmarked(kind, body)
    if fields.get("tags"):
        fields["tags"] = sorted({tag_text(str(tag)) for tag in fields["tags"]})
    found = _normal(shape(fields) if shape is not None else fields, "", rules)
    return found if isinstance(found, dict) else {}


def restorable(kind: str, live: Mapping[str, Any]) -> dict[str, Any]:
    """What makes the object again: all that it says, its marker too, without what only the server writes."""
    rules = rules_of(kind, said(kind, live))
    kept = {name: member for name, member in said(kind, live).items() if name in rules.known[""]}
    found = _written(kept, "", rules)
    assert isinstance(found, dict)  # noqa: S101 - it is made of one
    return found


def utc(text: str) -> str:
    """A moment in RFC 3339 as ``2026-11-21T06:42:07Z``, as it stands where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat().removesuffix("+00:00") + "Z"


def _normal(value: Any, path: str, rules: Rules) -> Any:
    """``value`` with nothing that is ignored, empty or a default; None where nothing is left."""
    if isinstance(value, Mapping):
        members = {}
        for name, member in value.items():
            place = f"{path}.{name}" if path else str(name)
            found = None if rules.is_ignored(place) else _normal(member, place, rules)
            if found is not None and not rules.means_none(place, found):
                members[name] = found
        return members or None
    if isinstance(value, str):
        return (value.strip() or None) if rules.is_text(path) else value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Sequence):
        found = [_normal(member, f"{path}[]", rules) for member in value]
        return (sorted(found, key=_text) if rules.is_unordered(path) else found) or None
    return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _without_news(found: Any, wanted: Any, rules: Rules, path: str) -> Any:
    """``found`` without what the server fills in, and without what we know nothing of, where ``wanted`` lacks it."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        known = rules.known.get(path)
        kept = {}
        for name, member in found.items():
            place = f"{path}.{name}" if path else name
            if name in wanted:
                kept[name] = _without_news(member, wanted[name], rules, place)
            elif not rules.is_optional(place) and (known is None or name in known):
                rest = _without_news(member, {}, rules, place)
                if rest or not isinstance(member, dict):
                    kept[name] = rest
        return kept
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        pairs = zip(found, wanted, strict=True)
        return [_without_news(member, other, rules, f"{path}[]") for member, other in pairs]
    return found


def _without_attached(found: Any, wanted: Any) -> Any:
    """A test without the global variables that the server attached because a text names them.

    Terraform's Datadog provider, issue 3675: ``{{ GLOBAL_VAR }}`` adds a member to ``config.configVariables``.
    """
    config = found.get("config", {})
    named = {each.get("name") for each in wanted.get("config", {}).get("configVariables", ())}
    own = [
        each
        for each in config.get("configVariables", ())
        if each.get("type") != "global" or each.get("name") in named
    ]  # fmt: skip
    rest = {name: member for name, member in config.items() if name != "configVariables"}
    config = {**rest, "configVariables": own} if own else rest
    return {**found, "config": config} if config else {key: each for key, each in found.items() if key != "config"}


def _begun(found: Any, wanted: Any, state: str) -> Any:
    """A downtime as if it had begun when it should: one made within its window begins when it is made."""
    begin, began = (each.get("schedule", {}).get("start") for each in (wanted, found))
    if state == "scheduled" or begin is None or began is None or began < begin:
        return found
    return {**found, "schedule": {**found["schedule"], "start": begin}}


def _written(value: Any, path: str, rules: Rules) -> Any:
    if isinstance(value, Mapping):
        members = ((name, f"{path}.{name}" if path else str(name), member) for name, member in value.items())
        return {
            name: _written(member, place, rules)
            for name, place, member in members
            if not rules.is_ignored(place) and place not in rules.untaken
        }
    if isinstance(value, list | tuple):
        return [_written(member, f"{path}[]", rules) for member in value]
    return value


def _monitor(fields: dict[str, Any]) -> dict[str, Any]:
    """The two types of monitors on metrics are one: the server writes the one that fits the query.

    The query is compared by what it says: white space, quotes and brackets without a meaning are no difference.
    """
    type_, query = str(fields.get("type")), fields.get("query")
    found = {**fields, "query": normal_query(type_, query)} if isinstance(query, str) else fields
    return {**found, "type": "query alert"} if type_ == "metric alert" else found


def _slo(fields: dict[str, Any]) -> dict[str, Any]:
    """The queries of a metric-based SLO by what they say."""
    query = fields.get("query")
    if not isinstance(query, Mapping):
        return fields
    found = {name: normal_expression(text) if isinstance(text, str) else text for name, text in query.items()}
    return {**fields, "query": found}


def _dashboard(fields: dict[str, Any]) -> dict[str, Any]:
    """Tabs name their widgets by position: a body says ``@1``, the server the identifier that it gave that widget."""
    places = {each.get("id"): f"@{number}" for number, each in enumerate(fields.get("widgets") or (), 1)}
    tabs = fields.get("tabs")
    if not tabs:
        return fields
    return {
        **fields,
        "tabs": [
            {**tab, "widget_ids": [places.get(each, each) for each in tab.get("widget_ids") or ()]} for tab in tabs
        ],
    }


def _synthetics(fields: dict[str, Any]) -> dict[str, Any]:
    """The pattern and the example of a secure variable are never told again."""
    config = fields.get("config")
    if not isinstance(config, Mapping):
        return fields
    secret = {"pattern", "example"}
    found = dict(config)
    for name in ("variables", "configVariables"):
        if config.get(name):
            found[name] = [
                {key: member for key, member in each.items() if not each.get("secure") or key not in secret}
                for each in config[name]
            ]
    return {**fields, "config": found}


def _downtime(fields: dict[str, Any]) -> dict[str, Any]:
    """Moments in one form; the server answers ``+00:00`` where ``Z`` was sent."""
    schedule = fields.get("schedule")
    if not isinstance(schedule, Mapping):
        return fields
    moments = {name: utc(schedule[name]) for name in ("start", "end") if isinstance(schedule.get(name), str)}
    return {**fields, "schedule": {**schedule, **moments}}


_SHAPES: Final[Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "monitor": _monitor,
    "slo": _slo,
    "dashboard": _dashboard,
    "synthetics": _synthetics,
    "downtime": _downtime,
}
