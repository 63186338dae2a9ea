"""MON2108: by, without, on or ignoring name a label that nothing inside has."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.label_uses import LabelUse, dropped_by, is_grouped_inside, label_uses, metrics_read
from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Severity, Span
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import walk
from skillforge_mon.spec.suggest import listed, nearest

CODE = Code(
    "MON2108",
    "unknown-grouping-label",
    Severity.ERROR,
    "`by`, `on`, `group_left`, a function or a message names a label that none of the metrics inside has (a warning for `without` and `ignoring`).",
    "Everything falls into one group, or nothing matches: the alert adds up what should be apart, or never fires.",
    bad=alert_spec("sum by (cod) (rate(http_requests_total[5m])) > 10"),
    good=alert_spec("sum by (code) (rate(http_requests_total[5m])) > 10"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every label that is named and that no metric below can have."""
    for query in project_queries(project):
        seen: set[Span | None] = set()
        for use in label_uses(query):
            if not _is_unknown(query, use):
                continue
            place = use.place
            if place not in seen:  # `on` names a label once, for both sides
                seen.add(place)
                yield _unknown(query, use, place)


def _is_unknown(query: ProjectQuery, use: LabelUse) -> bool:
    labels = query.type_of(use.inside).labels
    if labels.may_have(use.label):
        return False
    if use.drops:
        return not any(query.type_of(node).labels.may_have(use.label) for node in walk(use.inside))
    return dropped_by(query, use.inside, use.label) is None and not is_grouped_inside(use.inside, use.label)


def _unknown(query: ProjectQuery, use: LabelUse, place: Span | None) -> Diagnostic:
    names = metrics_read(query, use.inside)
    labels = query.type_of(use.inside).labels
    known = list(labels.values)
    if use.drops:
        entries = filter(None, map(query.catalogue.lookup, names))
        known = list(dict.fromkeys(label for entry in entries for label in entry.labels))
    meant = nearest(use.label, known)
    of = f"`{names[0]}`" if len(names) == 1 else "any metric inside" if names else "what is inside"
    return CODE.at(
        place,
        f"{use.where} names `{use.label}`: there is no such label on {of}",
        label="this label",
        notes=(f"there are: {listed(known)}",) if known else ("there are no labels left",),
        help=f"did you mean `{meant}`?" if meant else "",
        fix=Fix(place, meant, f"write `{meant}`", safe=False)
        if meant and place is not None and use.replaceable
        else None,
        severity=Severity.WARNING if use.drops else None,
    )
