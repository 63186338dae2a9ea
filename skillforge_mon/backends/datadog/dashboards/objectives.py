"""``use: slo``: SLOs as Datadog itself shows them, and how their budgets went.

docs.datadoghq.com, "SLO Widget"; [api] SLOWidgetDefinition, FormulaAndFunctionSLOQueryDefinition.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from skillforge_mon.backends.datadog.dashboards.grid import COLUMNS, Extent
from skillforge_mon.backends.datadog.dashboards.placed import Widget
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import text_reference
from skillforge_mon.model.project import Slo

_BESIDE = 3
"""How many SLOs stand beside each other."""
_HEIGHT = 4
_GRAPHS = (
    ("Error budget left over time", "error_budget_remaining"),
    ("Burn rate over time", "burn_rate"),
)


def slo_widgets(slos: Sequence[Slo], payloads: Mapping[str, Mapping[str, Any]]) -> list[Widget]:
    """A widget for each of ``slos``, and two graphs of them all. ``payloads`` are the SLOs as Datadog has them."""
    width = COLUMNS // min(_BESIDE, len(slos))
    found = [
        Widget(_one(slo, payloads[slo.name]), Extent(width, _HEIGHT, first=index == 0))
        for index, slo in enumerate(slos)
    ]
    for index, (title, measure) in enumerate(_GRAPHS):
        found.append(Widget(_graph(title, measure, slos, payloads), Extent(COLUMNS // 2, 3, first=index == 0)))
    return found


def _one(slo: Slo, payload: Mapping[str, Any]) -> dict[str, Plain]:
    made: dict[str, Plain] = {
        "type": "slo",
        "title": slo.name,
        "slo_id": text_reference("slo", slo.id),
        "view_type": "detail",
        "view_mode": "both" if slo.spec.group_by else "overall",
        "time_windows": [each["timeframe"] for each in payload["thresholds"]],
        "show_error_budget": True,
    }
    return made | ({"description": slo.spec.description} if slo.spec.description else {})


def _graph(
    title: str, measure: str, slos: Sequence[Slo], payloads: Mapping[str, Mapping[str, Any]]
) -> dict[str, Plain]:
    names = ["".join(letters) for letters in product(("", *string.ascii_lowercase), string.ascii_lowercase)]
    queries: list[Plain] = [
        {
            "data_source": "slo",
            "name": name,
            "slo_id": text_reference("slo", slo.id),
            "slo_query_type": payloads[slo.name]["type"],
            "measure": measure,
            "group_mode": "overall",
        }
        for name, slo in zip(names, slos, strict=False)
    ]
    formulas: list[Plain] = [{"formula": name, "alias": slo.name} for name, slo in zip(names, slos, strict=False)]
    requests: list[Plain] = [
        {"response_format": "timeseries", "queries": queries, "formulas": formulas, "display_type": "line"}
    ]
    return {
        "type": "timeseries",
        "title": title,
        "show_legend": True,
        "legend_layout": "auto",
        "legend_columns": ["avg", "max", "value"],
        "requests": requests,
    }
