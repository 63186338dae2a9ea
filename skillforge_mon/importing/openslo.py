"""OpenSLO ``v1``: SLO, SLI, Service, AlertPolicy, AlertCondition, AlertNotificationTarget and DataSource.

After the specification of OpenSLO/OpenSLO. Objects name each other, across documents and files, so all are collected
first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.importing.codes import INVALID
from skillforge_mon.importing.documents import SourceDocument
from skillforge_mon.importing.draft import Draft, Origin
from skillforge_mon.importing.fields import Fields
from skillforge_mon.importing.openslo_alerts import alerting
from skillforge_mon.importing.openslo_measure import (
    METHODS,
    measured_by_pair,
    measured_by_raw,
    measured_by_threshold,
    query_text,
    target,
    window,
)
from skillforge_mon.query.promql import Expr
from skillforge_mon.spec.quantities import Duration
from skillforge_mon.spec.suggest import suggestion

API = "openslo/v1"
KINDS = ("SLO", "SLI", "Service", "AlertPolicy", "AlertCondition", "AlertNotificationTarget", "DataSource")
DEFAULT_WINDOW = "30d"


@dataclass(slots=True, eq=False)
class Objects:
    """The documents of a run by kind and name; an inline one is read where it stands."""

    report: Report
    found: dict[tuple[str, str], Fields] = field(default_factory=dict)

    def named(self, kind: str, name: str, asking: Fields, key: str) -> Fields | None:
        """The ``spec`` of the object that ``key`` of ``asking`` names; one that is not there is reported."""
        root = self.found.get((kind, name))
        if root is None:
            names = [other for found, other in self.found if found == kind]
            help_ = suggestion(name, names) or "give the file that holds it to the same command"
            headline = f"there is no {kind} `{name}` for {asking.title}"
            self.report.add(INVALID.at(asking.place(key), headline, help=help_))
            return None
        return root.map("spec")


def import_openslo(documents: Sequence[SourceDocument], draft: Draft) -> None:
    """Add what the documents (all of OpenSLO v1) say to ``draft``."""
    objects = Objects(draft.report)
    roots: list[tuple[str, str, Fields, Fields]] = []
    for document in documents:
        root = Fields(document.root, document, draft.report, "the OpenSLO document")
        kind = root.needed("kind") or ""
        root.skip("apiVersion")
        metadata = root.map("metadata")
        if metadata is None:
            if not root.has("metadata"):
                root.missing("metadata")
            continue
        name = metadata.needed("name")
        if name is None:
            continue
        root.title = metadata.title = f"the {kind} `{name}`"
        if (kind, name) in objects.found:
            metadata.invalid("name", "is taken by an earlier document")
            continue
        objects.found[kind, name] = root
        roots.append((kind, name, root, metadata))
    for kind, name, root, metadata in roots:
        if kind == "Service":
            _service(name, root, metadata, draft)
    for kind, name, root, metadata in roots:
        if kind == "SLO":
            _slo(name, root, metadata, objects, draft)
    for kind, _, root, metadata in roots:
        _known_fields(kind, root)
        metadata.skip("displayName", "labels")
        if metadata.has("annotations"):
            metadata.skip("annotations")
            metadata.different("annotations", "its annotations stay behind: they are for other programs")
        root.skip("spec")
        root.tell_unread()


def _known_fields(kind: str, root: Fields) -> None:
    """How to connect to a data source is a matter of the target, and never of an SLO."""
    spec = root.map("spec") if kind == "DataSource" else None
    if spec is not None:
        spec.skip("type", "description", "connectionDetails")


def _service(name: str, root: Fields, metadata: Fields, draft: Draft) -> None:
    spec = root.map("spec")
    description = spec.text("description") if spec is not None else None
    draft.service(name, metadata.place("name"), description or metadata.text("displayName"))


def _slo(name: str, root: Fields, metadata: Fields, objects: Objects, draft: Draft) -> None:
    spec = root.map("spec")
    if spec is None:
        if not root.has("spec"):
            root.missing("spec")
        return
    spec.title = root.title
    service = spec.needed("service")
    indicator = _indicator(spec, objects)
    length = _window(spec)
    method = spec.text("budgetingMethod") or "Occurrences"
    if method not in METHODS:
        spec.invalid("budgetingMethod", f"should be one of {', '.join(METHODS)}")
        spec.silence()
        return
    objectives = spec.maps("objectives")
    if not objectives and not spec.has("objectives"):
        spec.missing("objectives")
    if service is None or indicator is None or length is None:
        spec.silence()
        return
    entry: dict[str, Any] = {"service": draft.service(service, spec.place("service"))}
    description = spec.text("description") or metadata.text("displayName")
    if description:
        entry["description"] = description
    labels = draft.labels(metadata.pairs("labels"))
    told = alerting(spec, length[1], objects.named, draft)
    for number, objective in enumerate(objectives, start=1):
        own = f"{name}-{number}" if len(objectives) > 1 else name
        objective.title = f"the SLO `{own}`"
        share = target(objective)
        measured = _measured(indicator, objective, method, objects)
        objective.skip("displayName", "op", "value", "timeSliceWindow", "timeSliceTarget")
        if share is None or measured is None:
            continue
        ours = {**entry, "objective": share, "window": length[0], **measured}
        if labels:
            ours["labels"] = labels
        draft.slo(
            own, ours | told, Origin(objective.span if len(objectives) > 1 else metadata.place("name"), "OpenSLO")
        )


def _indicator(spec: Fields, objects: Objects) -> Fields | None:
    reference = spec.text("indicatorRef")
    inline = spec.map("indicator")
    if reference is not None and inline is None:
        found = objects.named("SLI", reference, spec, "indicatorRef")
    elif inline is not None and reference is None:
        inline.skip("metadata", "kind", "apiVersion")
        found = inline.map("spec")
        if found is None and not inline.has("spec"):
            inline.missing("spec")
    elif inline is not None:
        spec.invalid("indicatorRef", "stands beside `indicator`; only one of them is allowed")
        return None
    else:
        if not (spec.has("indicator") or spec.has("indicatorRef")):
            spec.left_out("objectives", "it has no indicator of its own, as a composite of other indicators")
        return None
    if found is not None:
        found.title = spec.title
    return found


def _window(spec: Fields) -> tuple[str, Duration] | None:
    windows = spec.maps("timeWindow")
    if not spec.has("timeWindow"):
        spec.different("timeWindow", f"it says no window, and has one of {DEFAULT_WINDOW}")
        return DEFAULT_WINDOW, Duration.parse(DEFAULT_WINDOW)
    if len(windows) != 1:
        spec.invalid("timeWindow", "should hold exactly one window")
        return None
    return window(windows[0], spec.title)


def _measured(indicator: Fields, objective: Fields, method: str, objects: Objects) -> dict[str, Any] | None:
    indicator.title = objective.title
    indicator.skip("description")
    threshold, ratio = indicator.map("thresholdMetric"), indicator.map("ratioMetric")
    if (threshold is None) == (ratio is None):
        if threshold is not None:
            indicator.invalid("ratioMetric", "stands beside `thresholdMetric`; only one of them is allowed")
        elif not (indicator.has("thresholdMetric") or indicator.has("ratioMetric")):
            indicator.missing("ratioMetric")
        return None
    if threshold is not None:
        expr = _source(threshold, objective, objects)
        return measured_by_threshold(expr, objective, method) if expr is not None else None
    return _ratio(ratio, objective, method, objects) if ratio is not None else None


def _ratio(ratio: Fields, objective: Fields, method: str, objects: Objects) -> dict[str, Any] | None:
    ratio.title = objective.title
    counter = ratio.flag("counter")
    if ratio.has("raw"):
        kind = ratio.needed("rawType")
        raw = _named_source(ratio, "raw", objective, objects)
        if kind is not None and kind not in {"success", "failure"}:
            ratio.invalid("rawType", "should be `success` or `failure`")
            return None
        return measured_by_raw(raw, kind) if raw is not None and kind is not None else None
    parts = [key for key in ("good", "bad") if ratio.has(key)]
    if len(parts) != 1:
        if parts:
            ratio.invalid("bad", "stands beside `good`; only one of them is allowed")
        else:
            ratio.missing("good")
        return None
    part = _named_source(ratio, parts[0], objective, objects)
    total = _named_source(ratio, "total", objective, objects)
    if part is None or total is None:
        return None
    return measured_by_pair(ratio, part, total, parts[0], objective, method, counter=counter is not False)


def _named_source(ratio: Fields, key: str, objective: Fields, objects: Objects) -> Expr | None:
    inner = ratio.map(key)
    if inner is None:
        if not ratio.has(key):
            ratio.missing(key)
        return None
    return _source(inner, objective, objects)


def _source(metric: Fields, objective: Fields, objects: Objects) -> Expr | None:
    """The query of ``metricSource``, where it is one of Prometheus."""
    metric.title = objective.title
    source = metric.map("metricSource")
    if source is None:
        if not metric.has("metricSource"):
            metric.missing("metricSource")
        return None
    source.title = objective.title
    kind, reference = source.text("type"), source.text("metricSourceRef")
    if kind is None and reference is not None and ("DataSource", reference) in objects.found:
        found = objects.named("DataSource", reference, source, "metricSourceRef")
        kind = found.text("type") if found is not None else None
    body = source.map("spec")
    if body is None:
        if not source.has("spec"):
            source.missing("spec")
        return None
    body.title = objective.title
    if kind is not None and kind.lower() != "prometheus":
        body.skip(*body.node.entries)
        source.left_out("type" if source.has("type") else "metricSourceRef", f"its metrics are in {kind}", _IN_PROMQL)
        return None
    if not body.has("query"):
        body.skip(*body.node.entries)
        body.left_out("query", "its metric source has no `query`", _IN_PROMQL)
        return None
    return query_text(body)


_IN_PROMQL = "write it in PromQL, with `bad` and `total`"
