"""MON2109: a matcher asks for a value that the label never has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from skillforge_mon.model.project import Project, Query
from skillforge_mon.query.labels import literal_values, values_matched
from skillforge_mon.query.promql import Matcher
from skillforge_mon.query.promql.regex import matches_empty
from skillforge_mon.query.series import MetricEntry
from skillforge_mon.spec.models.metrics import LabelValues
from skillforge_mon.spec.suggest import listed, nearest

CODE = Code(
    "MON2109",
    "impossible-label-value",
    Severity.ERROR,
    "A matcher asks for a value that is not among those that the metric's declaration lists.",
    "It lets nothing through, so the alert never fires.",
    bad=alert_spec('sum(rate(http_requests_total{cache="mis"}[5m])) > 100'),
    good=alert_spec('sum(rate(http_requests_total{cache="miss"}[5m])) > 100'),
)
_VARIABLE = "$"


def check(project: Project) -> Iterator[Diagnostic]:
    """Every matcher on a label whose values are listed. Values with a dashboard's variables are not looked at."""
    for query in project_queries(project):
        for selector, _ in query.selectors:
            entry = query.entry(selector)
            if entry is None:
                continue
            for matcher in selector.matchers:
                values = entry.labels.get(matcher.label)
                if values is not None and values.cardinality == "enum" and _VARIABLE not in matcher.value:
                    yield from _of_matcher(query.query, matcher, values, entry)


def _of_matcher(query: Query, matcher: Matcher, values: LabelValues, entry: MetricEntry) -> Iterator[Diagnostic]:
    literals = literal_values(matcher if matcher.op in {"=", "=~"} else _positive(matcher))
    if literals is not None:
        wrong = [value for value in literals if value and value not in values.values]
    elif matcher.op == "=~" and not matches_empty(matcher.value) and not values_matched(matcher, values.values):
        wrong = [matcher.value]
    else:
        wrong = []
    if not wrong:
        return
    meant = nearest(wrong[0], values.values) if len(wrong) == 1 else ""
    yield CODE.at(
        query.span(*matcher.value_span),
        f"label `{matcher.label}` of `{entry.name}` is never `{wrong[0]}`",
        secondary=(Label(entry.place, "its values are listed here"),) if entry.place is not None else (),
        notes=(f"it is one of: {listed(values.values)}",),
        help=f"did you mean `{meant}`?" if meant else "",
        fix=_fix(query, matcher, [meant if value in wrong else value for value in literals or wrong])
        if meant
        else None,
    )


def _fix(query: Query, matcher: Matcher, values: list[str]) -> Fix | None:
    """The text between the quotes replaced, where neither has anything that quotes or YAML would escape."""
    start, end = matcher.value_span
    text = "|".join(values)
    span = query.span(start + 1, end - 1)
    if span is None or not re.fullmatch(r"[\w ./:|-]+", text) or query.text[start + 1 : end - 1] != matcher.value:
        return None
    return Fix(span, text, f"write `{text}`", safe=False)


def _positive(matcher: Matcher) -> Matcher:
    return Matcher(matcher.label, "=" if matcher.op == "!=" else "=~", matcher.value)
