"""How an SLO is measured: from the queries of its spec to counted events, or to what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.lower.burn_text import length_text
from skillforge_mon.lower.codes_slo import BUCKET_MISSING, NOT_A_SELECTOR
from skillforge_mon.lower.slo_buckets import check_bucket, missing_bucket
from skillforge_mon.lower.slo_events import CountedEvents, NativeLatency, bucket_events, grouped
from skillforge_mon.lower.slo_slices import Combined, Events, GivenRatio, Scrapes, Slices
from skillforge_mon.model.conditions import threshold_number
from skillforge_mon.model.project import LatencySli, Query, Slo
from skillforge_mon.query.bucket_bounds import Version
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import Binary, Call, Matcher, NumberLiteral, Paren, ValueType, VectorSelector
from skillforge_mon.query.series import CLASSIC_HISTOGRAMS, MetricEntry
from skillforge_mon.query.types import infer
from skillforge_mon.spec.quantities import Duration


@dataclass(frozen=True, slots=True, eq=False)
class Measuring:
    """What decides how SLOs are measured.

    ``version`` is that of the Prometheus that stores the series, ``evaluation`` how often it evaluates rules.
    ``scrape`` says how often the series of an SLO are scraped, ``base`` over which window the events of an SLO of this
    name are counted, None when there is no such SLO.
    """

    catalogue: Catalogue
    version: Version
    evaluation: Duration
    scrape: Callable[[Slo], Duration]
    base: Callable[[str], Duration | None]
    report: Report


def events_of(slo: Slo, measuring: Measuring) -> Events | None:
    """What ``slo`` counts; None when that cannot be told.

    Reported are MON3102 and MON3109; what the resolver or the checks report already is not reported again.
    """
    catalogue, version, report = measuring.catalogue, measuring.version, measuring.report
    if slo.latency is not None:
        return _latency(slo, slo.latency, catalogue, version, report)
    if slo.spec.composite is not None:
        return _combined(slo, measuring)
    if slo.measured is not None:
        return _of_time(slo, slo.measured, measuring)
    part, field = (slo.good, "good") if slo.good is not None else (slo.bad, "bad")
    if part is None or slo.total is None:
        return None
    part_selector = _selector(slo, part, field, report)
    total_selector = _selector(slo, slo.total, "total", report)
    if part_selector is None or total_selector is None:
        return None
    for query, selector in ((part, part_selector), (slo.total, total_selector)):
        check_bucket(slo, query, selector, catalogue, report)
    return CountedEvents(total_selector, part_selector, part_is_good=field == "good", by=_by(slo))


def _by(slo: Slo) -> tuple[str, ...]:
    return tuple(slo.spec.group_by)


def _of_time(slo: Slo, query: Query, measuring: Measuring) -> Events | None:
    """Scrapes or evaluations. None too for an expression without series, which the checks report."""
    spec, by, every = slo.spec, _by(slo), measuring.evaluation
    if spec.available is not None:
        gauge = _selector(slo, query, "available", measuring.report)
        if gauge is None:
            return None
        if spec.available.counts == "scrapes":
            return Scrapes(gauge, measuring.scrape(slo), by)
        best = grouped("max" if spec.available.counts == "any" else "min", gauge, by)
        return Slices(best, ">", Decimal(0), every, by)
    if spec.fresh is not None:
        stamp = _selector(slo, query, "fresh.metric", measuring.report)
        if stamp is None:
            return None
        in_milliseconds = infer(stamp, measuring.catalogue).unit == "milliseconds"
        seconds = Binary("/", stamp, NumberLiteral(1000.0, "1000")) if in_milliseconds else stamp
        return Slices(Binary("-", Call("time", ()), seconds), "<=", Decimal(int(spec.fresh.within)) / 1000, every, by)
    expr = query.expr
    if expr is None or expr.type is not ValueType.VECTOR:
        return None
    if spec.slices is not None:
        threshold = spec.slices.good
        bound = threshold_number(threshold, infer(expr, measuring.catalogue).unit)
        return Slices(expr, threshold.op, bound, every, by)
    return GivenRatio(expr, every, by)


def _combined(slo: Slo, measuring: Measuring) -> Events | None:
    """The parts of a composite SLO, by their recorded series. Parts that do not exist have been reported."""
    composite = slo.spec.composite
    ratios = tuple(
        (error_ratio(name, base), weight)
        for name, weight in slo.parts.items()
        if name != slo.name and (base := measuring.base(name)) is not None
    )
    if composite is None or not ratios or not any(weight for _, weight in ratios):
        return None
    return Combined(ratios, bool(composite.all), measuring.evaluation, _by(slo))


def error_ratio(slo: str, window: Duration) -> VectorSelector:
    """The recorded share of bad events of an SLO over a window."""
    return VectorSelector(f"slo:error_ratio:rate{length_text(window)}", (Matcher("slo", "=", slo),))


_INSTEAD_OF_COUNTER = (
    'name the counter itself, such as `http_requests_total{status=~"5.."}`: '
    "monmc puts the rate and the window around it"
)
_OF_EXPRESSIONS = "to judge an expression, write `slices`"
_INSTEAD = {
    "available": f'name the gauge itself, such as `up{{job="web"}}`; {_OF_EXPRESSIONS}',
    "latency.metric": "name the histogram itself, such as `http_request_duration_seconds`: "
    "monmc puts the rate and the window around it",
    "fresh.metric": f"name the gauge itself, such as `backup_last_success_timestamp_seconds`; {_OF_EXPRESSIONS}",
}


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
            help=_INSTEAD.get(field, _INSTEAD_OF_COUNTER),
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
        return bucket_events(selector, bound, version, _by(slo))
    if entry.observed_unit == "milliseconds" and latency.below.base_unit == "seconds":
        bound *= 1000
    if entry.series == "native_histogram":
        return NativeLatency(selector, bound, _by(slo))
    if entry.type in CLASSIC_HISTOGRAMS and selector.name == entry.metric:
        if not entry.buckets or any(Decimal(str(bucket)) == bound for bucket in entry.buckets):
            return bucket_events(selector, bound, version, _by(slo))
        report.add(missing_bucket(slo.place.at("latency", "below"), bound, str(latency.below), entry))
        return None
    report.add(_no_histogram(slo, latency, selector.name, entry))
    return None


def _no_histogram(slo: Slo, latency: LatencySli, name: str, entry: MetricEntry) -> Diagnostic:
    part = entry.type in CLASSIC_HISTOGRAMS
    return BUCKET_MISSING.at(
        latency.metric.whole or slo.place.at("latency"),
        f"`{name}` is a part of a histogram" if part else f"`{name}` is a {entry.type}, not a histogram",
        help=f"write `{entry.metric}`, without a suffix" if part else "name a histogram",
    )
