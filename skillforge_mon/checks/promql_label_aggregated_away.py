"""MON2107: a label is used that an aggregation has dropped."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.label_uses import LabelUse, dropped_by, is_grouped_inside, label_uses, words_for
from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Aggregate, Expr

_SUMMARY = "Errors with {{ labels.code }}"

CODE = Code(
    "MON2107",
    "label-aggregated-away",
    Severity.ERROR,
    "A label is used, in the query or in a message, that an aggregation further in has dropped.",
    "It is empty there: series that should be told apart are not, and the message has a gap.",
    bad=alert_spec("sum by (cache) (rate(http_requests_total[5m])) > 10", summary=_SUMMARY),
    good=alert_spec("sum by (code) (rate(http_requests_total[5m])) > 10", summary=_SUMMARY),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Uses within queries, and the placeholders of alerts."""
    for query in project_queries(project):
        for use in label_uses(query):
            if use.drops or query.type_of(use.inside).labels.may_have(use.label):
                continue
            dropper = dropped_by(query, use.inside, use.label)
            if dropper is not None and not is_grouped_inside(use.inside, use.label):
                yield _dropped(query, use, dropper)


def _dropped(query: ProjectQuery, use: LabelUse, dropper: Expr) -> Diagnostic:
    place = query.query.span(*dropper.span)
    words = words_for(dropper)
    return CODE.at(
        use.place,
        f"{use.where} names `{use.label}`, which `{words}` has dropped",
        label="empty here",
        secondary=(Label(place, f"`{words}` drops it"),) if place is not None else (),
        help=_kept(dropper, use.label),
    )


def _kept(dropper: Expr, label: str) -> str:
    if not isinstance(dropper, Aggregate):
        return ""
    if dropper.grouping is not None and dropper.grouping.without:
        return f"take `{label}` out of its `without`"
    labels = [name.name for name in dropper.grouping.labels] if dropper.grouping is not None else []
    return f"write `{dropper.op} by ({', '.join([*labels, label])})`"
