"""MON3113 and MON3114: labels under ``group_by`` of an SLO that cannot tell groups apart, or tell too many."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.alert_reserved_label import RESERVED
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.checks.slo_example import AVAILABILITY, GOOD, HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.project import Project, Slo
from skillforge_mon.query.containment import bare
from skillforge_mon.query.labels import LabelSet, of_selector
from skillforge_mon.query.promql import Matcher, VectorSelector, metric_name
from skillforge_mon.spec.suggest import listed, suggestion

UNUSABLE = Code(
    "MON3113",
    "slo-group-label-unusable",
    Severity.ERROR,
    "An SLO is grouped by a label that its series do not have, that monmc sets itself, or that tells its bad events from the good ones.",
    "All groups would be one, the alerts of two groups could not be told apart, or each group would be all good or all bad.",
    bad=GOOD + "    group_by: [pth]\n",
    good=GOOD + "    group_by: [path]\n",
)
UNBOUNDED = Code(
    "MON3114",
    "slo-grouped-by-unbounded-label",
    Severity.ERROR,
    "An SLO is grouped by a label that the catalogue calls `unbounded`.",
    "Each value has some fifteen recorded series and its own page: thousands of users would be thousands of pages at once.",
    bad=HEAD.replace("path: bounded", "path: unbounded") + AVAILABILITY + "    group_by: [path]\n",
    good=HEAD + AVAILABILITY + "    group_by: [path]\n",
)
CODES = (UNUSABLE, UNBOUNDED)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every label under ``group_by``, against each query of its SLO; each label is reported once."""
    queries: dict[str, list[ProjectQuery]] = {}
    for query in project_queries(project):
        if isinstance(query.owner, Slo) and query.owner.spec.group_by:
            queries.setdefault(query.owner.name, []).append(query)
    for slo in project.slos.values():
        own = {**(slo.service.spec.labels if slo.service is not None else {}), **slo.spec.labels}
        for index, label in enumerate(slo.spec.group_by):
            place = slo.place.at("group_by", index)
            if label in slo.spec.group_by[:index]:
                yield UNUSABLE.at(place, f"`{slo.name}` is grouped by `{label}` twice", help="leave one of them out")
            elif label in RESERVED or label in own:
                setter = "monmc sets itself" if label in RESERVED else "the spec sets on its alerts"
                yield UNUSABLE.at(
                    place,
                    f"`{slo.name}` is grouped by `{label}`, which {setter}",
                    help="group by another label of its series",
                )
            elif (matcher := _deciding(slo, label)) is not None:
                part = "bad" if slo.good is None else "good"
                yield UNUSABLE.at(
                    place,
                    f"`{slo.name}` is grouped by `{label}`, which decides what is {part}",
                    label="each group would be all good or all bad",
                    notes=(f'its {part} events are those with `{label}{matcher.op}"{matcher.value}"`',),
                    help="group by another label of its series",
                )
            else:
                yield from _against_series(slo, label, place, queries.get(slo.name, []))


def _deciding(slo: Slo, label: str) -> Matcher | None:
    """The matcher on ``label`` by which the good, or bad, events are chosen from all events of the same metric."""
    part = slo.good if slo.good is not None else slo.bad
    inner = bare(part.expr) if part is not None and part.expr is not None else None
    outer = bare(slo.total.expr) if slo.total is not None and slo.total.expr is not None else None
    if not isinstance(inner, VectorSelector) or not isinstance(outer, VectorSelector):
        return None
    if metric_name(inner) is None or metric_name(inner) != metric_name(outer):
        return None
    return next((each for each in inner.matchers if each.label == label and each not in outer.matchers), None)


def _against_series(slo: Slo, label: str, place: Span, queries: list[ProjectQuery]) -> Iterator[Diagnostic]:
    for query in queries:
        found = _labels(query)
        if not found.may_have(label):
            yield UNUSABLE.at(
                place,
                f"the series of `{slo.name}` have no label `{label}` to be grouped by",
                label="not on the series",
                notes=(f"they have: {listed(sorted(found.names - {'le'}))}",) if found.names else (),
                help=suggestion(label, found.names) or "group by one of them",
            )
            return
        values = found.values.get(label)
        if values is not None and values.cardinality == "unbounded":
            yield UNBOUNDED.at(
                place,
                f"`{slo.name}` has a budget for each value of `{label}`, whose values have no bound",
                label="unbounded",
                help=f"group by another label, or declare `{label}` `bounded` if it is",
            )
            return


def _labels(query: ProjectQuery) -> LabelSet:
    if isinstance(query.expr, VectorSelector):
        return of_selector(query.expr, query.entry(query.expr))
    return query.type_of(query.expr).labels
