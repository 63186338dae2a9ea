"""MON2136: a rule sorts what has no order."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Call

CODE = Code(
    "MON2136",
    "needless-sort",
    Severity.NOTE,
    "An alert or a recording sorts its result, or a query sorts what it then computes with.",
    "Rules and operators take series in any order: only tables show one.",
    bad=alert_spec("sort_desc(queue_messages) > 100"),
    good=alert_spec("queue_messages > 100"),
)
_SORTING = frozenset(("sort", "sort_desc", "sort_by_label", "sort_by_label_desc"))


def check(project: Project) -> Iterator[Diagnostic]:
    """Every such call in a rule, and in a panel any that is not the whole query."""
    for query in project_queries(project):
        for node, parents in query.nodes:
            if isinstance(node, Call) and node.function in _SORTING and (parents or query.role != "panel"):
                yield CODE.at(
                    query.query.span(*node.name_span),
                    f"`{node.function}` changes nothing here",
                    help="take what is sorted alone",
                )
