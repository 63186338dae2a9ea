"""Changes that Datadog does not make in place: the object is made anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skillforge_mon.backends.datadog.normalise import comparable
from skillforge_mon.backends.datadog.objects import OVER
from skillforge_mon.remote.live import Live


def must_replace(kind: str, body: Mapping[str, Any], live: Live) -> str:
    """Why ``live`` cannot become ``body`` in place; empty when it can.

    Datadog's Terraform provider makes a new monitor for a new type, except between the two on metrics, and a new SLO
    for a new type; kennel a new dashboard for a new ``layout_type``. An index is its name.
    """
    wanted, found = comparable(kind, body, live.body)[1], live.body
    fixed = {"monitor": ("type",), "slo": ("type",), "dashboard": ("layout_type",), "log_index": ("name",),
             "synthetics": ("type", "subtype")}.get(kind, ())  # fmt: skip
    for name in fixed:
        was = "query alert" if found.get(name) == "metric alert" else found.get(name)
        if name in wanted and wanted[name] != was:
            return f"its {name.replace('_', ' ')} cannot change from {was} to {wanted[name]}"
    return _downtime_stays(body, live) if kind == "downtime" else ""


def _downtime_stays(body: Mapping[str, Any], live: Live) -> str:
    """[T] issue 2798: ``Start times of downtimes in progress cannot be changed``."""
    state = live.body["attributes"].get("status")
    if state == OVER:
        return "it is over"
    found, wanted = comparable("downtime", body, live.body)
    old, new = found.get("schedule", {}), wanted.get("schedule", {})
    moved = old.get("start") != new.get("start") and "start" in new
    if ("recurrences" in old) != ("recurrences" in new):
        return "it cannot change between once and again and again"
    return "its start cannot change while it is in progress" if moved and state == "active" else ""
