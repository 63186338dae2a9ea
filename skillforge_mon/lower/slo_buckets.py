"""The buckets of histograms that SLOs count, and those that are not there."""

from __future__ import annotations

from decimal import Decimal

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Report, Span
from skillforge_mon.lower.codes_slo import BUCKET_MISSING
from skillforge_mon.model.project import Query, Slo
from skillforge_mon.query.bucket_bounds import bound_of
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.promql import VectorSelector
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


def check_bucket(slo: Slo, query: Query, selector: VectorSelector, catalogue: Catalogue, report: Report) -> None:
    """Report MON3102 where ``selector``, the whole of ``query``, asks for one bucket (``le="0.5"``) that there is not.

    A pattern (``le=~"1|1.0"``) may be meant for several spellings, and is left alone.
    """
    matcher = next((each for each in selector.matchers if each.label == "le" and each.op == "="), None)
    bound = bound_of(matcher.value) if matcher is not None and (selector.name or "").endswith("_bucket") else None
    entry = catalogue.lookup(selector.name or "")
    if matcher is None or bound is None or entry is None or not entry.buckets:
        return
    if all(Decimal(str(each)) != bound for each in entry.buckets):
        place = query.span(*matcher.span) or query.whole or slo.place.span
        report.add(missing_bucket(place, bound, matcher.value, entry))
