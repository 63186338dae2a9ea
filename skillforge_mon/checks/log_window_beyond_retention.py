"""MON3694: lines are counted of a longer time than they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.logs import LogFilter
from skillforge_mon.spec.models.retention import LOG_LEVELS
from skillforge_mon.spec.quantities import Duration

_METRIC = (
    LOGS.replace("{loki: {}}", "{loki: {}, prometheus: {}}").replace("logs: 30d", "logs: 7d")
    + "    metrics:\n      web_lines: {within: 14d}\n"
)
CODE = Code(
    "MON3694",
    "log-window-beyond-retention",
    Severity.WARNING,
    "An alert or a metric counts the lines of a longer time than they are kept.",
    "The older ones are gone: the number is always that of the time for which they are kept, and never what it says.",
    bad=_METRIC,
    good=_METRIC.replace("14d", "1d"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every alert that counts lines, and every metric of them."""
    for alert in project.alerts.values():
        if alert.lines is not None:
            spec, stream = alert.lines.spec, alert.lines.stream
            yield from _one(alert.name, stream, spec.lines, spec.within, alert.place.at("logs", "within"))
    for stream in project.logs.values():
        for metric in stream.metrics:
            if metric.query is None:
                place = stream.place.at("metrics", metric.name, "within")
                yield from _one(metric.name, stream, metric.spec.lines, metric.spec.within, place)


def _one(name: str, stream: LogStream, lines: LogFilter | None, within: Duration, place: Span) -> Iterator[Diagnostic]:
    levels = lines.level if lines is not None and lines.level else LOG_LEVELS
    kept = [length for level in levels if (length := stream.kept(level)) is not None]
    if kept and within > min(kept):
        some = "some of them " if len(set(kept)) > 1 else "them "
        yield CODE.at(
            place,
            f"`{name}` counts lines of the last {within}, and `{stream.name}` keeps {some}for {min(kept)}",
            help=f"count those of {min(kept)} at the most, or keep them for longer",
        )
