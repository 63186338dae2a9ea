"""MON3654: a metric of log lines that could mean two things, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import METRICS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.logs import LogMetric, LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.query.log_metrics import SERVICE_LABEL
from skillforge_mon.spec.suggest import nearest

CODE = Code(
    "MON3654",
    "log-metric-unclear",
    Severity.ERROR,
    "A metric of lines has a query and a choice of lines, a query that finds lines instead of a number, a field that "
    "the stream does not index, or the name of another metric.",
    "A ruler refuses lines, and two metrics of one name are one metric.",
    bad=METRICS.replace("error}, by: [method]", "error}, by: [methud]"),
    good=METRICS,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every metric of every stream."""
    streams: dict[str, str] = {}
    for stream in project.logs.values():
        for metric in stream.metrics:
            yield from _one(stream, metric)
            other = streams.setdefault(metric.name, stream.name)
            where = f"`logs.{other}`" if other != stream.name else "`metrics`"
            if other != stream.name or metric.name in project.spec.metrics:
                yield CODE.at(
                    stream.place.key_at("metrics", metric.name),
                    f"`{metric.name}` is a metric of {where} too",
                    help="give one of them another name",
                )


def _one(stream: LogStream, metric: LogMetric) -> Iterator[Diagnostic]:
    # Imported here: few specs have LogQL.
    from skillforge_mon.query.logql.tree import LogLines

    spec, place = metric.spec, stream.place
    if metric.query is None:
        known = [*stream.spec.index_by, *stream.spec.labels]
        for index, field in enumerate(spec.by):
            if field not in known:
                meant = nearest(field, known)
                yield CODE.at(
                    place.at("metrics", metric.name, "by", index),
                    f"`{stream.name}` does not index its lines by `{field}`",
                    notes=(f"it does by: {', '.join(known)}",) if known else (),
                    help=f"did you mean `{meant}`?" if meant else f"add `{field}` to `index_by` of the stream",
                )
    elif spec.lines is not None:
        yield CODE.at(
            place.key_at("metrics", metric.name, "lines"),
            f"`{metric.name}` has a query, which chooses its lines itself",
            help="leave out `lines`, or `query`",
        )
    elif isinstance(metric.query.tree, LogLines):
        yield CODE.at(
            place.at("metrics", metric.name),
            f"the query of `{metric.name}` finds lines, and a metric is a number",
            help=f"count them: `sum(count_over_time({metric.query.text.strip()} [1m]))`",
        )
    if SERVICE_LABEL in spec.by:
        yield CODE.at(
            place.at("metrics", metric.name, "by"),
            f"`{metric.name}` has the label `{SERVICE_LABEL}` in any case: it says whose lines they are",
            help=f"leave `{SERVICE_LABEL}` out",
        )
