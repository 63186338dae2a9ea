"""OpenSLO ``v1alpha``: SLO and Service, whose metrics stand with each objective."""

from __future__ import annotations

from typing import Any

from skillforge_mon.importing.documents import SourceDocument
from skillforge_mon.importing.draft import Draft, Origin
from skillforge_mon.importing.fields import Fields
from skillforge_mon.importing.openslo_measure import (
    CALENDAR,
    METHODS,
    begins,
    measured_by_pair,
    measured_by_threshold,
    query_text,
    target,
)
from skillforge_mon.query.promql import Expr
from skillforge_mon.spec.quantities import Duration, QuantityError

API = "openslo/v1alpha"
KINDS = ("SLO", "Service")
_UNITS = {"Minute": "m", "Hour": "h", "Day": "d", "Week": "w", "Month": "M", "Quarter": "Q", "Year": "Y"}
_DAYS = {"M": 30, "Q": 90, "Y": 365}
_PROMETHEUS = "prometheus"


def import_openslo_v1alpha(document: SourceDocument, draft: Draft) -> None:
    """Add what one document says to ``draft``."""
    root = Fields(document.root, document, draft.report, "the OpenSLO document")
    root.skip("apiVersion")
    kind = root.needed("kind")
    metadata, spec = root.map("metadata"), root.map("spec")
    for key in ("metadata", "spec"):
        if not root.has(key) and not (key == "spec" and kind == "Service"):
            root.missing(key)
    name = metadata.needed("name") if metadata is not None else None
    if metadata is None or name is None:
        return
    display = metadata.text("displayName")
    metadata.skip("annotations")
    root.title = metadata.title = f"the {kind} `{name}`"
    if kind == "Service":
        description = spec.text("description") if spec is not None else None
        draft.service(name, metadata.place("name"), description or display)
    elif spec is not None:
        spec.title = root.title
        _slo(name, metadata, spec, display, draft)
    root.tell_unread()


def _slo(name: str, metadata: Fields, spec: Fields, display: str | None, draft: Draft) -> None:
    service = spec.needed("service")
    labels = draft.labels(metadata.pairs("labels"))
    window = _window(spec)
    method = spec.text("budgetingMethod") or "Occurrences"
    if method not in METHODS:
        spec.invalid("budgetingMethod", f"should be one of {', '.join(METHODS)}")
        spec.silence()
        return
    indicator = spec.map("indicator")
    objectives = spec.maps("objectives")
    if not objectives and not spec.has("objectives"):
        spec.missing("objectives")
    if service is None or window is None:
        spec.silence()
        return
    entry: dict[str, Any] = {"service": draft.service(service, spec.place("service"))}
    description = spec.text("description") or display
    if description:
        entry["description"] = description
    for number, objective in enumerate(objectives, start=1):
        own = f"{name}-{number}" if len(objectives) > 1 else name
        objective.title = f"the SLO `{own}`"
        share = target(objective)
        measured = _measured(indicator, objective, method)
        objective.skip("displayName", "op", "value", "timeSliceTarget", "timeSliceWindow")
        if share is None or measured is None:
            continue
        ours = {**entry, "objective": share, "window": window, **measured, "alerting": False}
        if labels:
            ours["labels"] = labels
        place = objective.span if len(objectives) > 1 else metadata.place("name")
        draft.slo(own, ours, Origin(place, "OpenSLO"))
    spec.different("objectives", "OpenSLO v1alpha says nothing of alerts, so it does not alert")


def _window(spec: Fields) -> str | None:
    windows = spec.maps("timeWindows")
    if not spec.has("timeWindows"):
        spec.different("timeWindows", "it says no window, and has one of 30d")
        return "30d"
    if len(windows) != 1:
        spec.invalid("timeWindows", "should hold exactly one window")
        return None
    fields = windows[0]
    fields.title = spec.title
    unit, count = fields.needed("unit"), fields.number("count")
    if count is None and not fields.has("count"):
        fields.missing("count")
    calendar, rolling = fields.map("calendar"), fields.flag("isRolling")
    if unit is None or count is None:
        return None
    letter = _UNITS.get(unit.removesuffix("s"))
    if letter is None or count != int(count) or count <= 0:
        fields.invalid("unit" if letter is None else "count", "is none that OpenSLO knows")
        return None
    if calendar is not None or rolling is False:
        if calendar is not None:
            calendar.title = spec.title
            begins(calendar)
        period = CALENDAR.get(f"{int(count)}{letter}")
        if period is None:
            fields.left_out("unit", f"monmc knows no period of the calendar of {count} {unit}")
        return period
    days = _DAYS.get(letter)
    try:
        length = Duration.parse(f"{int(count) * days}d" if days else f"{int(count)}{letter}")
    except (QuantityError, ValueError):
        fields.invalid("count", "is too long for a window")
        return None
    if days:
        fields.different("unit", f"a window of {count} {unit} that rolls is taken for {length}")
    return str(length)


def _measured(indicator: Fields | None, objective: Fields, method: str) -> dict[str, Any] | None:
    ratio = objective.map("ratioMetrics")
    if ratio is None:
        threshold = indicator.map("thresholdMetric") if indicator is not None else None
        if threshold is None:
            if not objective.has("ratioMetrics"):
                objective.missing("ratioMetrics")
            return None
        expr = _query(threshold, objective)
        return measured_by_threshold(expr, objective, method) if expr is not None else None
    ratio.title = objective.title
    counter = ratio.flag("counter")
    incremental = ratio.flag("incremental")
    parts = [key for key in ("good", "bad") if ratio.has(key)]
    if len(parts) != 1:
        if parts:
            ratio.invalid("bad", "stands beside `good`; only one of them is allowed")
        else:
            ratio.missing("good")
        return None
    part, total = _part(ratio, parts[0], objective), _part(ratio, "total", objective)
    if part is None or total is None:
        return None
    adds_up = counter is not False and incremental is not False
    return measured_by_pair(ratio, part, total, parts[0], objective, method, counter=adds_up)


def _part(ratio: Fields, key: str, objective: Fields) -> Expr | None:
    inner = ratio.map(key)
    if inner is None:
        if not ratio.has(key):
            ratio.missing(key)
        return None
    return _query(inner, objective)


def _query(metric: Fields, objective: Fields) -> Expr | None:
    metric.title = objective.title
    metric.skip("metadata")
    source, kind = metric.text("source"), metric.text("queryType")
    if source is not None and source.lower() != _PROMETHEUS and (kind or "").lower() != "promql":
        metric.skip("query")
        metric.left_out("source", f"its metrics are in {source}", "write it in PromQL, with `bad` and `total`")
        return None
    return query_text(metric)
