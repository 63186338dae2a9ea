"""Specs of Sloth: ``prometheus/v1``, and the Kubernetes kind ``PrometheusServiceLevel``.

After pkg/prometheus/api/v1 and pkg/kubernetes/api/sloth/v1 of slok/sloth. The two differ in how names are spelt:
``error_query`` in the one, ``errorQuery`` in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from skillforge_mon.importing.annotations import runbook_of
from skillforge_mon.importing.documents import SourceDocument
from skillforge_mon.importing.draft import Draft, Origin
from skillforge_mon.importing.fields import Fields
from skillforge_mon.importing.queries import (
    RATIO_WINDOW,
    QueryError,
    grouped_by,
    measured_by_events,
    measured_by_ratio,
    query_of,
    share_of_bad,
)
from skillforge_mon.lower.burn_rate import WORKBOOK_PAIRS
from skillforge_mon.query.promql import Binary, Expr, print_expr
from skillforge_mon.spec.quantities import plain_number

VERSION = "prometheus/v1"
KUBERNETES = ("sloth.slok.dev/v1", "PrometheusServiceLevel")


def import_sloth(document: SourceDocument, draft: Draft) -> None:
    """Add the SLOs of a document of either form to ``draft``."""
    root = Fields(document.root, document, draft.report, "the Sloth spec")
    body = root
    if root.has("kind"):
        root.skip("apiVersion", "kind", "metadata", "status")
        found = root.map("spec")
        if found is None:
            if not root.has("spec"):
                root.missing("spec")
            return
        body = found
    else:
        root.skip("version")
    _level(body, draft)
    root.tell_unread()


def _level(body: Fields, draft: Draft) -> None:
    service = body.needed("service")
    labels = draft.labels(body.pairs("labels"))
    plugins = _spelt(body, "slo_plugins")
    if body.has(plugins):
        body.skip(plugins)
        body.lost(plugins, "plugins are programs of Sloth's own")
    slos = body.maps("slos")
    if not slos and not body.has("slos"):
        body.missing("slos")
    if service is None:
        return
    ours = draft.service(service, body.place("service"))
    for fields in slos:
        name = fields.needed("name")
        if name is None:
            continue
        fields.title = f"the SLO `{name}`"
        entry = _entry(fields, ours, labels, draft)
        if entry is not None:
            draft.slo(f"{service}-{name}", entry, Origin(fields.place("name"), "Sloth"))


def _entry(fields: Fields, service: str, labels: dict[str, str], draft: Draft) -> dict[str, Any] | None:
    entry: dict[str, Any] = {"service": service}
    description = fields.text("description")
    if description:
        entry["description"] = description
    if not fields.has("objective"):
        fields.missing("objective")
    objective = fields.objective("objective", percent=True)
    measured = _measured(fields)
    labels = labels | draft.labels(fields.pairs("labels"))
    alerting = _alerting(fields, labels, draft)
    for key, why in (
        ("plugins", "plugins are programs of Sloth's own"),
        ("interval", "monmc sets the intervals of its rules by their windows"),
    ):
        if fields.has(key):
            fields.skip(key)
            fields.lost(key, why)
    if objective is None or measured is None:
        return None
    return entry | {"objective": objective} | measured | alerting


def _measured(fields: Fields) -> dict[str, Any] | None:
    sli = fields.map("sli")
    if sli is None:
        if not fields.has("sli"):
            fields.missing("sli")
        return None
    sli.title = fields.title
    if sli.has("plugin"):
        sli.skip("plugin")
        sli.left_out(
            "plugin", "its SLI is a plugin, a program that only Sloth runs", "write what the plugin counts by hand"
        )
        return None
    raw, events = sli.map("raw"), sli.map("events")
    if (raw is None) == (events is None):
        if not (sli.has("raw") or sli.has("events")):
            sli.missing("events")
        elif raw is not None:
            sli.invalid("raw", "stands beside `events`; only one of them is allowed")
        return None
    if raw is not None:
        return _raw(raw)
    return _events(events) if events is not None else None


def _raw(raw: Fields) -> dict[str, Any] | None:
    key = _spelt(raw, "error_ratio_query")
    ratio = _query(raw, key)
    if ratio is None:
        return None
    found = measured_by_ratio(ratio, good=False)
    return found if found is not None else _as_ratio(raw, key, print_expr(ratio)) | grouped_by(ratio)


def _events(events: Fields) -> dict[str, Any] | None:
    error, total = _spelt(events, "error_query"), _spelt(events, "total_query")
    bad, everything = _query(events, error), _query(events, total)
    if bad is None or everything is None:
        return None
    found = measured_by_events(bad, everything, good=False)
    if found is not None:
        return found
    groups = grouped_by(Binary("/", bad, everything))
    return _as_ratio(events, error, share_of_bad(bad, everything, good=False)) | groups


def _as_ratio(fields: Fields, key: str, ratio: str) -> dict[str, Any]:
    fields.different(
        key,
        f"its queries are no rates of counters, so they are kept as a ratio over {RATIO_WINDOW}, "
        "of which each moment counts the same",
    )
    return {"ratio": ratio}


def _query(fields: Fields, key: str) -> Expr | None:
    text = fields.needed(key)
    if text is None:
        return None
    try:
        return query_of(text)
    except QueryError as error:
        fields.left_out(key, str(error))
        return None


def _alerting(fields: Fields, labels: dict[str, str], draft: Draft) -> dict[str, Any]:
    """The labels, the runbook, and what is told at all."""
    entry: dict[str, Any] = {}
    alerting = fields.map("alerting")
    pages = tickets = True
    if alerting is not None:
        alerting.title = fields.title
        if alerting.text("name"):
            alerting.different("name", "its alerts are called as monmc calls them, and its name is their label `slo`")
        labels = labels | draft.labels(alerting.pairs("labels"))
        runbook = runbook_of(alerting, alerting.pairs("annotations"))
        if runbook:
            entry["runbook"] = runbook
        pages = _kind(alerting, "page_alert")
        tickets = _kind(alerting, "ticket_alert")
    if labels:
        entry["labels"] = labels
    if not pages and not tickets:
        entry["alerting"] = False
    elif not (pages and tickets):
        entry["burn"] = list(_pairs("critical" if pages else "warning"))
    return entry


def _kind(alerting: Fields, name: str) -> bool:
    """Whether the pages, or tickets, are told. What differs between the two by label goes by policy with us."""
    fields = alerting.map(_spelt(alerting, name))
    if fields is None:
        return True
    fields.title = alerting.title
    ours = "critical" if name == "page_alert" else "warning"
    for part in ("labels", "annotations"):
        for label, value, span in fields.pairs(part):
            if label != "severity":
                why = f"pages and tickets differ by `escalation` and `tickets` (it was `{value}`)"
                fields.lost(label, why, place=span)
            elif value != ours:
                fields.lost(label, f"it is always `{ours}` here (it was `{value}`)", place=span)
    return not fields.flag("disable")


def _pairs(severity: str) -> Iterator[dict[str, Any]]:
    """Sloth's windows for 30 days, which are the workbook's (internal/alert/windows/google-30d.yaml)."""
    for pair in WORKBOOK_PAIRS:
        if pair.severity == severity:
            yield {
                "short": str(pair.short),
                "long": str(pair.long),
                "budget": f"{plain_number(pair.budget * 100)}%",
                "severity": severity,
            }


def _spelt(fields: Fields, name: str) -> str:
    """``name``, or as Kubernetes spells it when the map does."""
    head, *rest = name.split("_")
    camel = head + "".join(word.capitalize() for word in rest)
    return camel if fields.has(camel) else name
