"""The queries of a panel as Grafana's targets, and the data sources that answer them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.layout import ShownPanel, ShownQuery
from skillforge_mon.query.adaptive_window import ADAPTIVE_WINDOW
from skillforge_mon.query.promql import print_expr
from skillforge_mon.query.span_metrics import has_exemplars

PROMETHEUS: dict[str, Plain] = {"type": "prometheus", "uid": "${datasource}"}
LOKI: dict[str, Plain] = {"type": "loki", "uid": "${loki}"}
ONE_MOMENT = frozenset(("table", "gauge", "bargauge", "piechart"))
"""Panels that show one number per series, so that no range is asked for."""

_LETTERS = 26
_LABEL = re.compile(r"\{\{\s*labels\.([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}")


def data_source(panel: ShownPanel) -> dict[str, Plain] | None:
    """Which data source answers the panel's queries; None for panels without any."""
    if panel.type in {"text", "alertlist"}:
        return None
    return LOKI if panel.of_logs else PROMETHEUS


def targets(panel: ShownPanel) -> list[Plain]:
    """The targets of the panel, called A, B, … Z, AA."""
    make = _loki_target if panel.of_logs else _prometheus_target
    return [make(panel, query, ref_id) for query, ref_id in zip(panel.queries, _ref_ids(), strict=False)]


def query_text(query: ShownQuery) -> str:
    """The user's text as it is; in ready-made queries the window of rates is Grafana's ``$__rate_interval``.

    That is at least four scrapes long, and as long as what one pixel covers (Grafana, "Prometheus template variables").
    """
    if query.text or query.expr is None:
        return query.text
    return print_expr(query.expr).replace(f"[{ADAPTIVE_WINDOW}]", "[$__rate_interval]")


def legend_format(legend: str) -> str:
    """``{{ labels.service }}`` as ``{{service}}``; Grafana's own choice when nothing is said."""
    return _LABEL.sub(r"{{\1}}", legend) or "__auto"


def _prometheus_target(panel: ShownPanel, query: ShownQuery, ref_id: str) -> Plain:
    once = panel.type in ONE_MOMENT
    target: dict[str, Plain] = {
        "datasource": PROMETHEUS,
        "editorMode": "code",
        "exemplar": query.expr is not None and not once and has_exemplars(query.expr),
        "expr": query_text(query),
        "format": {"table": "table", "heatmap": "heatmap"}.get(panel.type, "time_series"),
        "instant": once,
        "legendFormat": "{{le}}" if panel.type == "heatmap" and not query.legend else legend_format(query.legend),
        "range": not once,
        "refId": ref_id,
    }
    return target


def _loki_target(panel: ShownPanel, query: ShownQuery, ref_id: str) -> Plain:
    target: dict[str, Plain] = {
        "datasource": LOKI,
        "direction": "backward",
        "editorMode": "code",
        "expr": query_text(query),
    }
    if panel.type != "logs":
        target["legendFormat"] = legend_format(query.legend)
    return target | {"queryType": "range", "refId": ref_id}


def _ref_ids() -> Iterator[str]:
    number = 0
    while True:
        text, rest = "", number
        while rest >= 0:
            text = chr(ord("A") + rest % _LETTERS) + text
            rest = rest // _LETTERS - 1
        yield text
        number += 1
