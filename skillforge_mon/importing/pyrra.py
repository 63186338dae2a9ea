"""Specs of Pyrra: ``ServiceLevelObjective`` of ``pyrra.dev/v1alpha1``, after its CRD in pyrra-dev/pyrra."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Span
from skillforge_mon.importing.annotations import runbook_of
from skillforge_mon.importing.codes import INVALID
from skillforge_mon.importing.documents import SourceDocument
from skillforge_mon.importing.draft import Draft, Origin
from skillforge_mon.importing.fields import Fields
from skillforge_mon.importing.queries import RATIO_WINDOW, QueryError, latency_of, query_of
from skillforge_mon.query.promql import VectorSelector, print_expr
from skillforge_mon.spec.quantities import Duration, QuantityError, plain_number

KIND = ("pyrra.dev/v1alpha1", "ServiceLevelObjective")
_PREFIX = "pyrra.dev/"
_INDICATORS = ("ratio", "latency", "latencyNative", "bool_gauge")


def import_pyrra(document: SourceDocument, draft: Draft) -> None:
    """Add the SLO of a document to ``draft``."""
    root = Fields(document.root, document, draft.report, "the Pyrra objective")
    root.skip("apiVersion", "kind", "status")
    metadata, spec = root.map("metadata"), root.map("spec")
    for key in ("metadata", "spec"):
        if not root.has(key):
            root.missing(key)
    if metadata is None or spec is None:
        return
    name = metadata.needed("name")
    if name is not None:
        root.title = metadata.title = spec.title = f"the SLO `{name}`"
    labels = draft.labels(_labels(metadata))
    runbook = runbook_of(metadata, _annotations(metadata))
    metadata.skip(*metadata.node.entries)
    entry = _entry(spec)
    if runbook:
        entry["runbook"] = runbook
    if labels:
        entry["labels"] = labels
    measured = _measured(spec)
    if name is not None and measured is not None and "objective" in entry:
        draft.slo(name, entry | measured, Origin(metadata.place("name"), "Pyrra"))
    root.tell_unread()


def _labels(metadata: Fields) -> Iterator[tuple[str, str, Span]]:
    """Those that Pyrra puts on alerts; the others choose which Prometheus reads the object."""
    for name, value, span in metadata.pairs("labels"):
        if name.startswith(_PREFIX):
            yield name.removeprefix(_PREFIX), value, span
        else:
            metadata.different("labels", f"the label `{name}` of the Kubernetes object stays behind: it is on no alert")


def _annotations(metadata: Fields) -> Iterator[tuple[str, str, Span]]:
    """Those that Pyrra puts on alerts; the others are for Kubernetes and its programs."""
    for name, value, span in metadata.pairs("annotations"):
        if name.startswith(_PREFIX):
            yield name.removeprefix(_PREFIX), value, span


def _entry(spec: Fields) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    description = spec.text("description")
    if description:
        entry["description"] = description
    for key in ("target", "window"):
        if not spec.has(key):
            spec.missing(key)
    objective = spec.objective("target", percent=True, quoted=True)
    if objective is not None:
        entry["objective"] = objective
    window = spec.text("window")
    if window is not None:
        try:
            entry["window"] = str(Duration.parse(window))
        except QuantityError as error:
            spec.invalid("window", f"cannot be read: {error}")
    alerting = spec.map("alerting")
    if alerting is not None:
        alerting.title = spec.title
    told = _told(spec, alerting)
    if not told:
        entry["alerting"] = False
    else:
        spec.different("window", "its alerts fire at burn rates of 14, 7, 2 and 1, ours at those of the SRE workbook")
    return entry


def _told(spec: Fields, alerting: Fields | None) -> bool:
    if alerting is None:
        return True
    disabled = alerting.flag("disabled")
    burn, absent = alerting.flag("burnrates"), alerting.flag("absent")
    if alerting.text("name"):
        alerting.different("name", "its alerts are called as monmc calls them, and its name is their label `slo`")
    if disabled or burn is False:
        if burn is False and not disabled and absent is not False:
            alerting.lost("absent", "monmc tells of vanished metrics only together with the burn of the budget")
        return False
    if absent is False:
        alerting.lost("absent", f"monmc tells of vanished metrics of {spec.title} as well")
    return True


def _measured(spec: Fields) -> dict[str, Any] | None:
    indicator = spec.map("indicator")
    if indicator is None:
        if not spec.has("indicator"):
            spec.missing("indicator")
        return None
    indicator.title = spec.title
    given = [name for name in _INDICATORS if indicator.has(name)]
    if len(given) != 1:
        indicator.report.add(_one_of(indicator, given))
        return None
    body = indicator.map(given[0])
    if body is None:
        return None
    body.title = spec.title
    grouping = body.texts("grouping")
    match given[0]:
        case "ratio":
            measured = _pair(body, "errors", "bad")
        case "latency":
            measured = _pair(body, "success", "good")
        case "latencyNative":
            measured = _native(body, grouping)
        case _:
            gauge = _selector(body)
            measured = {"available": print_expr(gauge)} if gauge is not None else None
    if measured is not None and grouping:
        measured["group_by"] = grouping
    return measured


def _one_of(indicator: Fields, given: list[str]) -> Diagnostic:
    found = " and ".join(f"`{name}`" for name in given) or "none of them"
    names = ", ".join(f"`{name}`" for name in _INDICATORS)
    return INVALID.at(indicator.span, f"the indicator of {indicator.title} must be one of {names}, and has {found}")


def _pair(body: Fields, part: str, field: str) -> dict[str, Any] | None:
    counted, total = _metric(body, part), _metric(body, "total")
    if counted is None or total is None:
        return None
    if field == "good":
        latency = latency_of(counted, total)
        if latency is not None:
            return {"latency": latency}
    return {field: print_expr(counted), "total": print_expr(total)}


def _native(body: Fields, grouping: list[str]) -> dict[str, Any] | None:
    text, total = body.needed("latency"), _metric(body, "total")
    if text is None or total is None:
        return None
    try:
        seconds = Decimal(int(Duration.parse(text))) / 1000
    except QuantityError as error:
        body.invalid("latency", f"cannot be read: {error}")
        return None
    by = f" by ({', '.join(grouping)})" if grouping else ""
    rate = f"sum{by} (rate({print_expr(total)}[{RATIO_WINDOW}]))"
    body.different(
        "latency",
        f"its native histogram is not declared, so it is a ratio over {RATIO_WINDOW}, of which each moment counts the "
        "same; declare the metric as `native_histogram` and write `latency` to count observations",
    )
    ratio = query_of(f"1 - histogram_fraction(0, {plain_number(seconds)}, {rate})")
    return {"ratio": print_expr(ratio)}


def _metric(body: Fields, key: str) -> VectorSelector | None:
    inner = body.map(key)
    if inner is None:
        if not body.has(key):
            body.missing(key)
        return None
    inner.title = body.title
    return _selector(inner)


def _selector(fields: Fields) -> VectorSelector | None:
    text = fields.needed("metric")
    if text is None:
        return None
    try:
        found = query_of(text)
    except QueryError as error:
        fields.left_out("metric", str(error))
        return None
    if not isinstance(found, VectorSelector) or found.at is not None:
        fields.invalid("metric", "should be a selector")
        return None
    return found
