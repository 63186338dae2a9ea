"""Bodies as requests: what the API takes to make an object, or to change one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from skillforge_mon.backends.datadog.kinds import ENDPOINTS
from skillforge_mon.backends.datadog.normalise import comparable
from skillforge_mon.backends.datadog.scanner import scanner_body
from skillforge_mon.backends.datadog.starting import from_now
from skillforge_mon.remote.live import Live


def request_body(kind: str, fields: Mapping[str, Any], now: datetime, live: Live | None = None) -> dict[str, Any]:
    """What is sent at ``now`` to make an object of ``fields``, or to let ``live`` say them."""
    fields = plain(fields)
    if kind == "downtime":
        return {"data": _downtime(fields, now, live)}
    if ENDPOINTS[kind].type:
        return scanner_body(kind, fields, live)
    if live is None:
        return dict(fields)
    if kind == "dashboard":
        return {**fields, "widgets": _with_ids(fields.get("widgets") or (), live.body.get("widgets") or ())}
    if kind == "log_index":
        # [api] LogsIndexUpdateRequest has no name, and keeps the limit that there was unless it is told not to
        body = {name: member for name, member in fields.items() if name != "name"}
        return body if body.get("daily_limit") else {**body, "disable_daily_limit": True}
    return dict(fields)


def plain(value: Any) -> Any:
    """``value`` in numbers that JSON has."""
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return [plain(member) for member in value] if isinstance(value, list | tuple) else value


def _downtime(fields: Mapping[str, Any], now: datetime, live: Live | None) -> dict[str, Any]:
    """A schedule that stays is not sent again: what has begun cannot be told to begin."""
    sent = dict(fields)
    if live is not None:
        found, wanted = comparable("downtime", fields, live.body)
        if found.get("schedule") == wanted.get("schedule"):
            sent.pop("schedule", None)
    if "schedule" in sent:
        sent["schedule"] = from_now(sent["schedule"], now)
    return {"type": "downtime", **({"id": live.id} if live is not None else {}), "attributes": sent}


def _with_ids(widgets: Any, live: Any) -> list[Any]:
    """``widgets`` with the identifiers that the live ones have, so that links to a widget survive.

    A widget is known by its type and title, and by its turn among those that have the same.
    """
    waiting: dict[tuple[object, object], list[Any]] = {}
    for each in live:
        waiting.setdefault(_sort_of(each), []).append(each)
    found = []
    for widget in widgets:
        same = waiting.get(_sort_of(widget))
        if not same:
            found.append(widget)
            continue
        former = same.pop(0)
        definition = widget.get("definition", {})
        if "widgets" in definition:
            inner = _with_ids(definition["widgets"], former.get("definition", {}).get("widgets") or ())
            definition = {**definition, "widgets": inner}
        found.append({**widget, "definition": definition, **({"id": former["id"]} if "id" in former else {})})
    return found


def _sort_of(widget: Mapping[str, Any]) -> tuple[object, object]:
    definition = widget.get("definition", {})
    return definition.get("type"), definition.get("title")
