"""MON2102: rate of something that is not a counter."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Call, MatrixSelector

CODE = Code(
    "MON2102",
    "rate-of-gauge",
    Severity.ERROR,
    "`rate`, `irate` or `increase` is taken of a metric that is not a counter.",
    "They take every fall of the value for a restart at zero, so that a gauge that goes up and down seems to rise for ever.",
    bad=alert_spec("rate(queue_messages[5m]) > 1"),
    good=alert_spec("deriv(queue_messages[5m]) > 1"),
)
_INSTEAD = {"rate": "deriv", "irate": "idelta", "increase": "delta"}


def check(project: Project) -> Iterator[Diagnostic]:
    """Every such call whose metric is known not to count."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if isinstance(node, Call) and node.function in _INSTEAD:
                yield from _of_call(query, node)


def _of_call(query: ProjectQuery, call: Call) -> Iterator[Diagnostic]:
    argument = call.args[0]
    if not isinstance(argument, MatrixSelector):
        return  # what a subquery returns depends on what is inside
    entry = query.entry(argument.vector)
    if entry is None or entry.is_counter or entry.series == "native_histogram" or entry.origin == "recording":
        return
    kind = "summary" if entry.series == "quantile" else "gauge"
    name = _INSTEAD[call.function]
    helping = f"`{name}({entry.name}[{argument.range}])` says how a gauge changes"
    if kind == "summary":
        helping = "the quantiles of a summary are already values"
    yield CODE.at(
        query.query.span(*call.name_span),
        f"`{call.function}` of `{entry.name}`, which is a {kind}",
        label="only for counters",
        secondary=(Label(entry.place, "declared here"),) if entry.place is not None else (),
        help=helping,
    )
