"""How an object in Sentry says whose it is, and which revision of ours it holds.

- A detector says it in the last line of its description: ``monmc shop/production alerts.HighErrorRate 1a2b3c4d5e6f``.
  An old metric alert rule has no other description than that line.
- A workflow has no text of its own. It gets one more group of filters, which asks for a tag ``monmc`` that no event has
  and which has no actions: nothing ever comes of it, and every listing shows it. [server]
  workflow_engine.endpoints.validators.base.workflow takes a group without actions.
- An old issue rule has no text either, and no second group: it gets a filter that lets every event through, because it
  asks for a tag not to be set, whose name is the marker: ``monmc:shop:production:HighErrorRate:1a2b3c4d5e6f``, in
  characters that a tag may have ([server] tagstore.base.TAG_KEY_RE). A server that turns old rules into workflows
  makes a condition of it, so that they are still known as ours. [server] workflow_engine.migration_helpers

A name alone is never taken for a marker: people name alerts as they like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.remote.live import Owner

TAG: Final = "monmc"
TAGGED_EVENT_FILTER: Final = "sentry.rules.filters.tagged_event.TaggedEventFilter"
_OBJECT: Final = (
    r"(?P<project>[^/\s]+)/(?P<environment>[^/\s]+) (?P<section>alerts|probes)\.(?P<name>\S+)"
    r"(?: (?P<revision>[0-9a-zA-Z]+))?"
)
PROBES: Final = "probes/"
"""What the keys of a probe's objects begin with; those of an alert's are its name."""
_VALUE: Final = re.compile(_OBJECT)
_KEY: Final = re.compile(
    rf"{TAG}:(?P<project>[^:]+):(?P<environment>[^:]+):(?P<name>[^:]+)(?::(?P<revision>[0-9a-zA-Z]+))?"
)
_LINE: Final = re.compile(rf"(?:\n\n|\A){TAG} {_OBJECT}\s*\Z")


def marked(kind: str, body: Mapping[str, Any], owner: Owner, revision: str) -> dict[str, Any]:
    """``body`` as ``owner``'s and of ``revision``, whatever marker it had."""
    fields = unmarked(kind, body)
    value = f"{owner.project}/{owner.environment} {object_id(_name(kind, owner.key))}"
    if revision:
        value += f" {revision}"
    match kind:
        case "workflow":
            condition = {"type": "tagged_event", "comparison": {"key": TAG, "match": "eq", "value": value}}
            group = {"logicType": "all", "conditions": [condition | {"conditionResult": True}], "actions": []}
            fields["actionFilters"] = [*fields.get("actionFilters", ()), group]
        case "issue_rule":
            parts = (TAG, owner.project, owner.environment, _name(kind, owner.key), revision)
            own = {"id": TAGGED_EVENT_FILTER, "key": ":".join(part for part in parts if part), "match": "ns"}
            fields["filters"] = [*fields.get("filters", ()), own]
        case _:
            text = fields.get("description") or ""
            fields["description"] = f"{text}\n\n{TAG} {value}" if text else f"{TAG} {value}"
    return fields


def unmarked(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What ``body`` says, without whose it is."""
    fields = dict(body)
    match kind:
        case "workflow":
            groups = [group for group in _list(body, "actionFilters") if _in_group(group) is None]
            fields["actionFilters"] = [
                {**group, "conditions": [each for each in _list(group, "conditions") if _in_condition(each) is None]}
                for group in groups
            ]
        case "issue_rule":
            fields["filters"] = [each for each in _list(body, "filters") if _in_filter(each) is None]
        case _:
            fields["description"] = _LINE.sub("", body.get("description") or "")
    return fields


def owner_of(kind: str, body: Mapping[str, Any]) -> tuple[Owner | None, str]:
    """Whose an object is, None where it is nobody's, and the revision that it holds, empty where it says none."""
    match kind:
        case "workflow":
            groups = _list(body, "actionFilters")
            migrated = (_in_condition(each) for group in groups for each in _list(group, "conditions"))
            found = _first(_in_group(group) for group in groups) or _first(migrated)
        case "issue_rule":
            found = _first(_in_filter(each) for each in _list(body, "filters"))
        case _:
            found = _LINE.search(body.get("description") or "")
    if found is None:
        return None, ""
    if kind == "issue_rule":
        key = f"{body['projects'][0]}/{found['name']}"
    else:
        key = PROBES + found["name"] if found.groupdict().get("section") == "probes" else found["name"]
    return Owner(found["project"], found["environment"], key), found["revision"] or ""


def _name(kind: str, key: str) -> str:
    return key.partition("/")[2] if kind == "issue_rule" else key


def object_id(key: str) -> str:
    """``probes.backup`` for the key ``probes/backup``, ``alerts.Slow`` for ``Slow``."""
    return f"probes.{key.removeprefix(PROBES)}" if key.startswith(PROBES) else f"alerts.{key}"


def _list(body: Mapping[str, Any], key: str) -> list[Any]:
    return list(body.get(key) or ())


def _first(matches: Any) -> re.Match[str] | None:
    return next((match for match in matches if match is not None), None)


def _in_group(group: Mapping[str, Any]) -> re.Match[str] | None:
    """The marker of a group of filters: the only condition of a group that does nothing."""
    conditions: list[Any] = list(group.get("conditions") or ())
    if group.get("actions") or len(conditions) != 1 or conditions[0].get("type") != "tagged_event":
        return None
    comparison = conditions[0]["comparison"]
    return _VALUE.fullmatch(str(comparison.get("value", ""))) if comparison.get("key") == TAG else None


def _in_filter(each: Mapping[str, Any]) -> re.Match[str] | None:
    return _in_key(each) if each.get("id") == TAGGED_EVENT_FILTER else None


def _in_condition(condition: Mapping[str, Any]) -> re.Match[str] | None:
    return _in_key(condition["comparison"]) if condition.get("type") == "tagged_event" else None


def _in_key(comparison: Mapping[str, Any]) -> re.Match[str] | None:
    """The marker of a filter that lets everything through."""
    return _KEY.fullmatch(str(comparison.get("key", ""))) if comparison.get("match") == "ns" else None
