"""MON2101: a query reads a metric that the catalogue does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Severity, Span
from skillforge_mon.model.project import Project, Query, Slo
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.packaged import packaged_with
from skillforge_mon.query.promql import VectorSelector, metric_name
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL
from skillforge_mon.query.series import series_of
from skillforge_mon.spec.suggest import nearest

CODE = Code(
    "MON2101",
    "unknown-metric",
    Severity.ERROR,
    "A query reads a metric that is neither under `metrics`, nor in a packaged catalogue that `use` names, nor a recording.",
    "The query returns nothing: the alert never fires, the panel stays empty, and neither says why.",
    bad=alert_spec("sum(rate(http_request_total[5m])) > 100"),
    good=alert_spec("sum(rate(http_requests_total[5m])) > 100"),
)
_LENGTHS_APART = 6
_ENDS = 4


def check(project: Project) -> Iterator[Diagnostic]:
    """Every selector of one metric. Without any metrics in the spec, nothing is known and nothing is said.

    What an SLO reads of a probe is nobody's writing: that Prometheus does not ask the probe is said as MON3611 or MON3602.
    """
    catalogue = project.catalogue
    if not catalogue.complete:
        return
    advice: dict[str, _Advice] = {}
    for query in project_queries(project):
        if isinstance(query.owner, Slo) and query.query is query.owner.measured and _of_probe(query.owner):
            continue
        for selector, _ in query.selectors:
            name = metric_name(selector)
            if name is not None and query.entry(selector) is None:
                if name not in advice:
                    advice[name] = _advice(name, catalogue)
                yield _unknown(name_place(query.query, selector), advice[name])


def _of_probe(slo: Slo) -> bool:
    return slo.spec.available is not None and slo.spec.available.probe is not None


def name_place(query: Query, selector: VectorSelector) -> Span | None:
    """Where ``selector`` names its metric: before the braces, or as the value of ``__name__``."""
    if selector.name is not None:
        return query.span(*selector.name_span)
    matchers = (matcher.value_span for matcher in selector.matchers if matcher.label == METRIC_NAME_LABEL)
    return query.span(*next(matchers, selector.span))


@dataclass(frozen=True, slots=True)
class _Advice:
    """What may be meant by a name: the series ``meant``, or what ``help`` says."""

    meant: str
    help: str
    headline: str
    notes: tuple[str, ...] = ()


def _advice(name: str, catalogue: Catalogue) -> _Advice:
    whole = catalogue.metric(name)
    if whole is not None:
        *most, last = (f"`{part}`" for part in series_of(name, whole.type))
        headline = f"no series is called `{name}`: it is a {whole.type}"
        return _Advice("", "read the part that you mean", headline, (f"its series are {', '.join(most)} and {last}",))
    headline = f"there is no metric `{name}`"
    meant = nearest(name, (known for known in catalogue.names if _may_be_near(name, known)))
    if meant:
        return _Advice(meant, f"did you mean `{meant}`?", headline)
    packaged = packaged_with(name)
    if packaged:
        return _Advice("", f"it is in the packaged catalogue `{packaged}`: add it to `use`", headline)
    return _Advice("", "declare it under `metrics`", headline)


def _may_be_near(name: str, known: str) -> bool:
    """A quick look before the thorough comparison, which takes too long for thousands of names."""
    return abs(len(name) - len(known)) <= _LENGTHS_APART and (
        name[:_ENDS] == known[:_ENDS] or name[-_ENDS:] == known[-_ENDS:]
    )


def _unknown(span: Span | None, advice: _Advice) -> Diagnostic:
    meant = advice.meant
    return CODE.at(
        span,
        advice.headline,
        label="not in the catalogue",
        notes=advice.notes,
        help=advice.help,
        fix=Fix(span, meant, f"write `{meant}`", safe=False) if meant and span is not None else None,
    )
