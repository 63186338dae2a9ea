"""MON2104: a matcher names a label that the metric does not have."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from skillforge_mon.model.project import Project, Query
from skillforge_mon.query.labels import known_on
from skillforge_mon.query.promql import Matcher
from skillforge_mon.query.series import MetricEntry
from skillforge_mon.spec.suggest import listed, nearest

CODE = Code(
    "MON2104",
    "unknown-label",
    Severity.ERROR,
    "A matcher names a label that the metric does not have.",
    "Such a matcher lets nothing through, or everything: the alert never fires, or fires for the wrong series.",
    bad=alert_spec('sum(rate(http_requests_total{coode=~"5.."}[5m])) > 100'),
    good=alert_spec('sum(rate(http_requests_total{code=~"5.."}[5m])) > 100'),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every matcher, except ``label=""``, which asks for series that are without the label."""
    for query in project_queries(project):
        for selector, _ in query.selectors:
            entry = query.entry(selector)
            if entry is None:
                continue
            for matcher in selector.matchers:
                asks_for_none = matcher.op == "=" and not matcher.value
                if not asks_for_none and not known_on(entry, matcher.label):
                    yield _unknown(query.query, matcher, entry)


def _unknown(query: Query, matcher: Matcher, entry: MetricEntry) -> Diagnostic:
    span = query.span(*matcher.label_span)
    meant = nearest(matcher.label, entry.labels)
    place = (Label(entry.place, "the metric is declared here"),) if entry.place is not None else ()
    return CODE.at(
        span,
        f"label `{matcher.label}` is not on metric `{entry.name}`",
        label="this label",
        secondary=place,
        notes=(f"the metric has: {listed(entry.labels)}",),
        help=f"did you mean `{meant}`?" if meant else "",
        fix=Fix(span, meant, f"write `{meant}`", safe=False) if meant and span is not None else None,
    )
