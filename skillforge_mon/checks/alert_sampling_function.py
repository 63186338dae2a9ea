"""MON3012: irate, topk and the like in an alert."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Aggregate, Call
from skillforge_mon.query.promql.walk import walk

CODE = Code(
    "MON3012",
    "fragile-function-in-alert",
    Severity.WARNING,
    "An alert uses a function that looks at two samples only (`irate`, `idelta`) or at a changing choice of series (`topk`, `bottomk`, `limitk`).",
    "Its result jumps between evaluations, so that `for` starts again and the alert comes late or never.",
    bad=changed(("sum by (queue) (queue_length)", "topk(3, queue_length)")),
    good=GOOD,
)
_TWO_SAMPLES = {"irate": "rate", "idelta": "delta"}
_CHOICES = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})


def check(project: Project) -> Iterator[Diagnostic]:
    """The queries of alerts; on a dashboard these functions are fine."""
    for alert in project.alerts.values():
        query = alert.query
        if query is None or query.expr is None:
            continue
        for node in walk(query.expr):
            if isinstance(node, Call) and node.function in _TWO_SAMPLES:
                yield CODE.at(
                    query.span(*node.name_span),
                    f"`{node.function}` looks at two samples only",
                    help=f"use `{_TWO_SAMPLES[node.function]}`",
                )
            elif isinstance(node, Aggregate) and node.op in _CHOICES:
                yield CODE.at(
                    query.span(*node.op_span),
                    f"`{node.op}` chooses other series at each evaluation",
                    help="compare all of them",
                )
