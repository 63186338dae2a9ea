"""MON2112: a rate over a window in which there may be only one sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.adaptive_window import ADAPTIVE_WINDOW
from skillforge_mon.query.promql import Call, MatrixSelector, VectorSelector
from skillforge_mon.spec.quantities import Duration

CODE = Code(
    "MON2112",
    "window-shorter-than-two-scrapes",
    Severity.ERROR,
    "A rate or a difference is taken over less than two scrape intervals.",
    "It needs two samples, and often finds one: the result comes and goes, and `for` is never reached. Four intervals are usual.",
    bad=alert_spec("sum(rate(http_requests_total[20s])) > 100"),
    good=alert_spec("sum(rate(http_requests_total[1m])) > 100"),
)
_OF_TWO_SAMPLES = frozenset(("rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"))


def check(project: Project) -> Iterator[Diagnostic]:
    """Every such call on something that is scraped; recordings have an interval of their own."""
    if project.targets.prometheus is None:
        return
    intervals = _intervals(project, project.targets.prometheus.scrape_interval)
    for query in project_queries(project):
        for node, _ in query.nodes:
            if not isinstance(node, Call) or node.function not in _OF_TWO_SAMPLES:
                continue
            argument = node.args[0]
            if isinstance(argument, MatrixSelector) and argument.range.milliseconds != ADAPTIVE_WINDOW.milliseconds:
                interval = _scrape_interval(intervals, query, argument.vector)
                if interval is not None and argument.range.milliseconds < 2 * interval:
                    yield CODE.at(
                        query.query.span(*argument.range.span),
                        f"`{node.function}` over {argument.range}, and the metric is scraped every {interval}",
                        label="less than two scrapes",
                        help=f"take at least {Duration(4 * interval)}",
                    )


@dataclass(frozen=True, slots=True)
class _Intervals:
    """The shortest scrape interval of each job, of each service, and of all."""

    of_job: Mapping[str, Duration]
    of_service: Mapping[str, Duration]
    least: Duration


def _intervals(project: Project, usual: Duration) -> _Intervals:
    of_job: dict[str, Duration] = {}
    of_service: dict[str, Duration] = {}
    for name, service in project.spec.services.items():
        for scrape in service.scrape:
            interval, job = scrape.interval or usual, scrape.job or name
            of_job[job] = min(interval, of_job.get(job, interval))
            of_service[name] = min(interval, of_service.get(name, interval))
    return _Intervals(of_job, of_service, min((*of_service.values(), usual)))


def _scrape_interval(intervals: _Intervals, query: ProjectQuery, selector: VectorSelector) -> Duration | None:
    """How often what ``selector`` reads is scraped; the shortest interval where its service is not known."""
    entry = query.entry(selector)
    if entry is not None and entry.origin == "recording":
        return None
    jobs = {matcher.value for matcher in selector.matchers if matcher.label == "job" and matcher.op == "="}
    own = [intervals.of_job[job] for job in jobs if job in intervals.of_job]
    if entry is not None and not jobs and entry.service in intervals.of_service:
        own.append(intervals.of_service[entry.service])
    return min(own) if own else intervals.least
