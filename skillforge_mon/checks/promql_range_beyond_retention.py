"""MON2113: a query looks further back than samples are kept."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import samples_kept
from skillforge_mon.query.promql import Duration, Expr, MatrixSelector, Subquery, VectorSelector
from skillforge_mon.query.promql.duration import duration_text

CODE = Code(
    "MON2113",
    "range-beyond-retention",
    Severity.WARNING,
    "A range or an offset reaches further back than samples are kept (`retention.metrics`).",
    "What is older has been deleted: the result is that of a shorter range, or nothing at all.",
    bad=alert_spec("avg_over_time(queue_messages[60d]) > 100"),
    good=alert_spec("avg_over_time(queue_messages[14d]) > 100"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every selector; the ranges and offsets of subqueries around it are added to its own."""
    kept = samples_kept(project)
    if kept is None:
        return
    for query in project_queries(project):
        for selector, parents in query.selectors:
            if selector.at is not None:
                continue
            steps = _looking_back((*parents, selector))
            total = sum(step.milliseconds for step in steps)
            if total > kept.length:
                longest = max(steps, key=lambda step: step.milliseconds)
                yield CODE.at(
                    query.query.span(*longest.span),
                    f"the query looks back {duration_text(total)}, and samples are kept for {kept.length}",
                    secondary=(Label(kept.span, "kept this long"),) if kept.span is not None else (),
                    help="look back less far, or keep samples longer",
                )


def _looking_back(nodes: tuple[Expr, ...]) -> list[Duration]:
    """Every range and offset on the way to a selector."""
    steps: list[Duration | None] = []
    for node in nodes:
        match node:
            case Subquery():
                steps += [node.range, node.offset]
            case MatrixSelector():
                steps.append(node.range)
            case VectorSelector():
                steps.append(node.offset)
    return [step for step in steps if step is not None]
