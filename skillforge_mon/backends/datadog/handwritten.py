"""Monitor queries that a user wrote: taken as they are, after a look at what Datadog would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.backends.datadog import capabilities, codes
from skillforge_mon.backends.datadog.differences import BACKEND
from skillforge_mon.backends.datadog.options import optional_thresholds
from skillforge_mon.backends.datadog.query import codes as query_codes
from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError, DatadogTypeError
from skillforge_mon.backends.datadog.query.limits import problems, runs_of
from skillforge_mon.backends.datadog.query.metric_limits import alert_window
from skillforge_mon.backends.datadog.query.parser import parse_monitor
from skillforge_mon.backends.datadog.query.problem import Problem
from skillforge_mon.backends.datadog.query.tree import (
    AnyQuery,
    CheckQuery,
    CompositeQuery,
    FormulaQuery,
    QueryName,
    SloQuery,
    grouping,
    limit_of,
    monitors,
    nodes,
)
from skillforge_mon.diagnostics.diagnostic import Report, Severity, Span
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.spec.quantities import plain_number
from skillforge_mon.spec.suggest import nearest
from skillforge_mon.spec.yaml.nodes import ScalarNode


@dataclass(frozen=True, slots=True)
class Written:
    """A query of the user's own. ``op`` and ``number`` are what it ends with, None for types that do not compare.

    ``number`` is None too where the query compares with a query of ``options``.
    """

    type: str
    query: str
    op: str | None
    number: Decimal | None
    by: tuple[str, ...]


def written_query(project: Project, alert: Alert, report: Report) -> Written | None:
    """The query that ``alert`` has for Datadog; None when Datadog would refuse it, which has been reported."""
    spec = alert.spec.datadog
    assert spec is not None  # noqa: S101 - only called for alerts with a query of their own
    assert spec.query is not None  # noqa: S101
    type_ = spec.type or capabilities.MONITOR_TYPE
    reporter = _Reporter(alert, spec.query, report)
    try:
        query = parse_monitor(type_, spec.query)
    except DatadogTypeError as error:
        reporter.add(Problem(query_codes.QUERY_OF_ANOTHER_TYPE, error.message, (error.start, error.end), error.help))
        return None
    except DatadogSyntaxError as error:
        reporter.add(Problem(codes.MALFORMED_QUERY, error.message, (error.start, error.end), error.help))
        return None
    for found in (
        problems(type_, query),
        _formula_names(alert, query),
        _too_few_runs(alert, query),
        _references(project, query),
    ):
        for problem in found:
            reporter.add(problem)
    agrees = _anomaly_windows(alert, query, report)
    if reporter.refused or not agrees:
        return None
    limit = limit_of(query)
    return Written(
        type_,
        spec.query.strip(),
        limit.op if limit is not None else None,
        limit.number if limit is not None else None,
        grouping(query),
    )


class _Reporter:
    """Puts problems under the part of the query that they are about, in the user's own text."""

    def __init__(self, alert: Alert, text: str, report: Report) -> None:
        self.alert = alert
        self.report = report
        self.refused = False
        node = alert.place.find("datadog", "query") or alert.place.find("datadog")
        self.scalar = node if isinstance(node, ScalarNode) and node.text == text else None

    def add(self, problem: Problem) -> None:
        """Report ``problem``."""
        self.refused = self.refused or problem.code.severity is Severity.ERROR
        self.report.add(
            problem.code.at(
                self._span(*problem.place),
                f"the Datadog query of `{self.alert.name}`: {problem.message}",
                label="here",
                help=problem.help,
            )
        )

    def _span(self, start: int, end: int) -> Span:
        if self.scalar is None:
            return self.alert.place.at("datadog", "query")
        return self.scalar.text_span(start, end)


def _formula_names(alert: Alert, query: AnyQuery) -> Iterator[Problem]:
    """The names in a formula that no query of ``options.variables`` has."""
    if not isinstance(query, FormulaQuery):
        return
    spec = alert.spec.datadog
    variables = spec.options.get("variables") if spec is not None else None
    known = [str(each.get("name")) for each in variables or () if isinstance(each, dict)]
    for node in nodes(query.expression):
        if isinstance(node, QueryName) and node.name not in known:
            meant = nearest(node.name, known)
            help_ = f"did you mean `{meant}`?" if meant else "add it to `options.variables`"
            message = f"`options.variables` has no query `{node.name}`"
            yield Problem(query_codes.OPTIONS_MISMATCH, message, node.place, help_)


def _too_few_runs(alert: Alert, query: AnyQuery) -> Iterator[Problem]:
    """A service check that looks at fewer runs than a threshold counts.

    [api] Monitor.query, Service Check Query: the count is at least the highest threshold. Shares of all checks
    (``pct_by_status``) are no counts.
    """
    if not isinstance(query, CheckQuery) or any(method.name == "pct_by_status" for method in query.methods):
        return
    thresholds = optional_thresholds(alert)
    for severity in alert.severities[:2]:
        if severity.threshold is not None:
            thresholds.setdefault(severity.severity, severity.threshold.quantity.base)
    for runs in runs_of(query):
        for name, value in thresholds.items():
            if value > runs.value:
                message = f"it looks at {plain_number(runs.value)} runs, and is {name} after {plain_number(value)}"
                yield Problem(
                    query_codes.CHECK_COUNT, message, runs.place, f"write `.last({plain_number(value)})` or more"
                )


def _references(project: Project, query: AnyQuery) -> Iterator[Problem]:
    """``%{monitor:alerts.Down}`` and ``%{slo:slos.api}`` that name nothing which the spec has in Datadog."""
    if isinstance(query, CompositeQuery):
        named = [(monitor.id, monitor.place) for monitor in monitors(query.condition)]
        known = {f"%{{monitor:{each.id}}}" for each in project.alerts.values() if BACKEND in each.backends}
    elif isinstance(query, SloQuery):
        named = [(query.slo, query.place)]
        known = {f"%{{slo:{each.id}}}" for each in project.slos.values() if BACKEND in each.backends}
    else:
        return
    for reference, place in named:
        if reference.startswith("%{") and reference not in known:
            meant = nearest(reference, known)
            help_ = f"did you mean `{meant}`?" if meant else "write its identifier in Datadog"
            yield Problem(query_codes.UNKNOWN_REFERENCE, f"the spec has no `{reference}` in Datadog", place, help_)


def _anomaly_windows(alert: Alert, query: AnyQuery, report: Report) -> bool:
    """False, and a report, for an anomaly monitor whose windows are missing or do not agree."""
    spec = alert.spec.datadog
    assert spec is not None  # noqa: S101
    found = alert_window(query)
    if found is None:
        return True
    windows, inside = spec.threshold_windows, found[1]
    if not {"trigger_window", "recovery_window"} <= set(windows):
        text = "is an anomaly monitor, and has no `threshold_windows`"
        help_ = "add `threshold_windows: {trigger_window: last_15m, recovery_window: last_15m}`"
    elif inside is not None and inside.value != windows["trigger_window"]:
        text = f"is triggered by `{windows['trigger_window']}`, and its query looks at `{inside.value}`"
        help_ = "give both the same window"
    else:
        return True
    report.add(
        codes.ANOMALY_WINDOWS.at(alert.place.at("datadog", "threshold_windows"), f"`{alert.name}` {text}", help=help_)
    )
    return False
