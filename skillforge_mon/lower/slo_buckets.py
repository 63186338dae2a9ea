"""The buckets of histograms that SLOs count: those that are not there, and those that are stored spelt otherwise."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Report, Span
from skillforge_mon.lower.codes_slo import BUCKET_MISSING, BUCKET_SPELT_OTHERWISE
from skillforge_mon.lower.slo_events import NORMALISED_BUCKETS, Version, normalised_bound
from skillforge_mon.model.project import Query, Slo
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import Matcher, VectorSelector
from skillforge_mon.query.series import MetricEntry
from skillforge_mon.spec.quantities import plain_number
from skillforge_mon.spec.suggest import listed


def missing_bucket(place: Span, bound: Decimal, text: str, entry: MetricEntry) -> Diagnostic:
    """MON3102 at ``place`` for a ``bound`` (in the unit of the histogram) that is written as ``text``."""
    buckets = sorted(Decimal(str(bucket)) for bucket in entry.buckets)
    below = [bucket for bucket in buckets if bucket < bound][-1:]
    above = [bucket for bucket in buckets if bucket > bound][:1]
    unit = {"seconds": "s", "milliseconds": "ms"}.get(entry.observed_unit, "")
    known = listed([plain_number(bucket) + unit for bucket in buckets], len(buckets))
    near = " or ".join(f"`{plain_number(bucket)}{unit}`" for bucket in (*below, *above))
    return BUCKET_MISSING.at(
        place,
        f"`{text}` is not a bucket of `{entry.metric}`",
        label="between two buckets" if below and above else "outside all buckets",
        secondary=(Label(entry.place, "the histogram is declared here"),) if entry.place else (),
        notes=(f"its buckets are: {known}",),
        help=f"the nearest {'are' if below and above else 'is'} {near}",
    )


def check_bucket(
    slo: Slo, query: Query, selector: VectorSelector, catalogue: Catalogue, version: Version, report: Report
) -> None:
    """Report what is wrong with the one bucket (``le="0.5"``) that ``selector``, the whole of ``query``, asks for.

    MON3102 where the histogram does not have it, MON3191 where Prometheus ``version`` writes the bound of what it
    scrapes otherwise. A pattern (``le=~"1|1.0"``) may be meant for several spellings, and is left alone.
    """
    matcher = next((each for each in selector.matchers if each.label == "le" and each.op == "="), None)
    bound = _bound(matcher) if matcher is not None and (selector.name or "").endswith("_bucket") else None
    if matcher is None or bound is None:
        return
    place = query.span(*matcher.span) or query.whole or slo.place.span
    entry = catalogue.lookup(selector.name or "")
    if entry is not None and entry.buckets and all(Decimal(str(each)) != bound for each in entry.buckets):
        report.add(missing_bucket(place, bound, matcher.value, entry))
        return
    stored = normalised_bound(bound)
    if version >= NORMALISED_BUCKETS and stored != matcher.value:
        report.add(
            BUCKET_SPELT_OTHERWISE.at(
                place,
                f"Prometheus {version[0]}.{version[1]} stores this bucket as `{stored}`, in the SLO `{slo.name}`",
                label="matches no series that is scraped",
                help=f'write `le=~"{stored}|{matcher.value}"`, or `latency:`, which finds every spelling by itself',
            )
        )


def _bound(matcher: Matcher) -> Decimal | None:
    try:
        bound = Decimal(matcher.value)
    except InvalidOperation:
        return None
    return bound if bound.is_finite() else None
