"""MON2112: a rate over a window in which there may be only one sample."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
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
    for query in project_queries(project):
        for node, _ in query.nodes:
            if not isinstance(node, Call) or node.function not in _OF_TWO_SAMPLES:
                continue
            argument = node.args[0]
            if isinstance(argument, MatrixSelector):
                interval = _scrape_interval(project, query, argument.vector)
                if interval is not None and argument.range.milliseconds < 2 * interval:
                    yield CODE.at(
                        query.query.span(*argument.range.span),
                        f"`{node.function}` over {argument.range}, and the metric is scraped every {interval}",
                        label="less than two scrapes",
                        help=f"take at least {Duration(4 * interval)}",
                    )


def _scrape_interval(project: Project, query: ProjectQuery, selector: VectorSelector) -> Duration | None:
    """How often what ``selector`` reads is scraped; the shortest interval where its service is not known."""
    target = project.targets.prometheus
    entry = query.entry(selector)
    if target is None or (entry is not None and entry.origin == "recording"):
        return None
    jobs = {matcher.value for matcher in selector.matchers if matcher.label == "job" and matcher.op == "="}
    intervals = {
        (name, scrape.job or name): scrape.interval or target.scrape_interval
        for name, service in project.spec.services.items()
        for scrape in service.scrape
    }
    own = [
        interval
        for (name, job), interval in intervals.items()
        if (job in jobs) or (entry is not None and entry.service == name and not jobs)
    ]
    return min(own) if own else min((*intervals.values(), target.scrape_interval))
