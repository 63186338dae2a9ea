"""MON2105: a function for gauges is called on a counter."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Call, MatrixSelector

CODE = Code(
    "MON2105",
    "difference-of-counter",
    Severity.ERROR,
    "`delta`, `idelta`, `deriv` or `predict_linear` is taken of a counter.",
    "They do not know that a counter starts at zero again, so that every restart looks like a deep fall.",
    bad=alert_spec("deriv(http_requests_total[5m]) > 100"),
    good=alert_spec("rate(http_requests_total[5m]) > 100"),
)
_INSTEAD = {"delta": "increase", "idelta": "irate", "deriv": "rate", "predict_linear": ""}


def check(project: Project) -> Iterator[Diagnostic]:
    """Every such call on a metric that is known to count."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if not isinstance(node, Call) or node.function not in _INSTEAD:
                continue
            argument = node.args[0]
            if not isinstance(argument, MatrixSelector):
                continue
            entry = query.entry(argument.vector)
            if entry is None or not entry.is_counter or entry.origin == "recording":
                continue
            span = query.query.span(*node.name_span)
            instead = _INSTEAD[node.function]
            yield CODE.at(
                span,
                f"`{node.function}` of `{entry.name}`, which is a counter",
                label="only for gauges",
                secondary=(Label(entry.place, "declared here"),) if entry.place is not None else (),
                help=f"use `{instead}`" if instead else "predict the rate instead, from a recording of it",
                fix=Fix(span, instead, f"write `{instead}`", safe=False) if instead and span is not None else None,
            )
