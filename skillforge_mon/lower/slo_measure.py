"""How an SLO is measured: from the selectors of its spec to counted events, or to what stands in the way."""

from __future__ import annotations

from decimal import Decimal

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Report
from skillforge_mon.lower.codes_slo import BUCKET_MISSING, NOT_A_SELECTOR
from skillforge_mon.lower.slo_events import CountedEvents, Events, NativeLatency, Version, bucket_events
from skillforge_mon.model.project import LatencySli, Query, Slo
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import Paren, VectorSelector
from skillforge_mon.query.series import CLASSIC_HISTOGRAMS, MetricEntry
from skillforge_mon.spec.quantities import plain_number
from skillforge_mon.spec.suggest import listed


def events_of(slo: Slo, catalogue: Catalogue, version: Version, report: Report) -> Events | None:
    """What ``slo`` counts; None when that cannot be told.

    ``version`` is that of the Prometheus that stores the series. Reported are MON3102 and MON3109; what the resolver
    has reported already is not reported again.
    """
    if slo.latency is not None:
        return _latency(slo, slo.latency, catalogue, version, report)
    part, field = (slo.good, "good") if slo.good is not None else (slo.bad, "bad")
    if part is None or slo.total is None:
        return None
    part_selector = _selector(slo, part, field, report)
    total_selector = _selector(slo, slo.total, "total", report)
    if part_selector is None or total_selector is None:
        return None
    return CountedEvents(total_selector, part_selector, part_is_good=field == "good")


def _selector(slo: Slo, query: Query, field: str, report: Report) -> VectorSelector | None:
    """The selector that ``query`` is; anything else is reported. None too when the query does not parse."""
    expr = query.expr
    while isinstance(expr, Paren):
        expr = expr.expr
    if expr is None:
        return None
    if isinstance(expr, VectorSelector) and expr.at is None:
        return expr
    stands = "a selector at a fixed time" if isinstance(expr, VectorSelector) else "an expression"
    report.add(
        NOT_A_SELECTOR.at(
            query.whole or slo.place.span,
            f"`{field}` of the SLO `{slo.name}` is {stands}, and should be a plain selector",
            label="not a plain selector",
            help='name the counter itself, such as `http_requests_total{status=~"5.."}`: '
            "monmc puts the rate and the window around it",
        )
    )
    return None


def _latency(slo: Slo, latency: LatencySli, catalogue: Catalogue, version: Version, report: Report) -> Events | None:
    selector = _selector(slo, latency.metric, "latency.metric", report)
    if selector is None:
        return None
    if selector.name is None:
        report.add(
            NOT_A_SELECTOR.at(
                latency.metric.whole or slo.place.span,
                f"`latency.metric` of the SLO `{slo.name}` does not name a histogram",
                help="begin it with the histogram's name",
            )
        )
        return None
    entry = catalogue.metric(selector.name)
    bound = latency.below.base
    if entry is None:
        return bucket_events(selector, bound, version)
    if entry.observed_unit == "milliseconds" and latency.below.base_unit == "seconds":
        bound *= 1000
    if entry.series == "native_histogram":
        return NativeLatency(selector, bound)
    if entry.type in CLASSIC_HISTOGRAMS and selector.name == entry.metric:
        if not entry.buckets or any(Decimal(str(bucket)) == bound for bucket in entry.buckets):
            return bucket_events(selector, bound, version)
        report.add(_missing_bucket(slo, latency, entry, bound))
        return None
    report.add(_no_histogram(slo, latency, selector.name, entry))
    return None


def _missing_bucket(slo: Slo, latency: LatencySli, entry: MetricEntry, bound: Decimal) -> Diagnostic:
    buckets = sorted(Decimal(str(bucket)) for bucket in entry.buckets)
    below = [bucket for bucket in buckets if bucket < bound][-1:]
    above = [bucket for bucket in buckets if bucket > bound][:1]
    unit = {"seconds": "s", "milliseconds": "ms"}.get(entry.observed_unit, "")
    known = listed([plain_number(bucket) + unit for bucket in buckets], len(buckets))
    near = " or ".join(f"`{plain_number(bucket)}{unit}`" for bucket in (*below, *above))
    return BUCKET_MISSING.at(
        slo.place.at("latency", "below"),
        f"`{latency.below}` is not a bucket of `{entry.metric}`",
        label="between two buckets" if below and above else "outside all buckets",
        secondary=(Label(entry.place, "the histogram is declared here"),) if entry.place else (),
        notes=(f"its buckets are: {known}",),
        help=f"the nearest {'are' if below and above else 'is'} {near}",
    )


def _no_histogram(slo: Slo, latency: LatencySli, name: str, entry: MetricEntry) -> Diagnostic:
    part = entry.type in CLASSIC_HISTOGRAMS
    return BUCKET_MISSING.at(
        latency.metric.whole or slo.place.at("latency"),
        f"`{name}` is a part of a histogram" if part else f"`{name}` is a {entry.type}, not a histogram",
        help=f"write `{entry.metric}`, without a suffix" if part else "name a histogram",
    )
