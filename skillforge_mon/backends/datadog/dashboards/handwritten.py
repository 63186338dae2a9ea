"""What the user wrote for a panel in Datadog's own words."""

from __future__ import annotations

import re

from skillforge_mon.backends.datadog.dashboards.drawing import Aggregator, Drawn, NamedQuery
from skillforge_mon.spec.models.dashboards import DatadogPanel
from skillforge_mon.spec.quantities import Duration

_ONLY = "a"
_PERCENTILE = re.compile(r"\bp\d+(?:\.\d+)?:")


def written_by_hand(words: DatadogPanel, *, scalar: bool) -> Drawn:
    """The queries and formulas of ``words``, which the checks have found to be whole."""
    texts = words.queries or {_ONLY: words.query or ""}
    queries = tuple(NamedQuery(name, text, _aggregator(text) if scalar else None) for name, text in texts.items())
    formulas = tuple(each.formula for each in words.formulas) or tuple(texts)
    legends = tuple(each.legend or "" for each in words.formulas) or (None if not words.queries else tuple(texts))
    grouped = any(re.search(r"\bby\s*\{[^*}]", text) for text in texts.values())
    return Drawn(queries, formulas, (grouped,) * len(formulas), None, Duration(words.over or 0), legends)


def _aggregator(text: str) -> Aggregator:
    """How points become a number: counts are added up, percentiles are measured, of anything else the last counts."""
    if ".as_count()" in text:
        return "sum"
    return "percentile" if _PERCENTILE.search(text) else "last"
