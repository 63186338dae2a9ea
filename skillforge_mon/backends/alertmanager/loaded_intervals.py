"""Time intervals in one form: Alertmanager prints names where a build writes numbers, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.go_configuration import text_of

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_UTC: Final = ("", "UTC")


def interval_form(interval: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of a time interval: ranges as texts, months as numbers, no location where it is UTC."""
    found = []
    for entry in interval.get("time_intervals") or ():
        formed: dict[str, Any] = {}
        for key, value in entry.items():
            if key == "location":
                if text_of(value) not in _UTC:
                    formed[key] = value
            elif value:
                formed[key] = [_item(key, item) for item in value]
        found.append(formed)
    return found


def _item(key: str, item: Any) -> Any:
    if isinstance(item, Mapping):
        return {name: text_of(value) for name, value in item.items()}
    ends = [_month(end) if key == "months" else end for end in text_of(item).split(":")]
    return ends[0] if ends[0] == ends[-1] else ":".join(ends)


def _month(text: str) -> str:
    return str(_MONTHS.index(text.lower()) + 1) if text.lower() in _MONTHS else text
