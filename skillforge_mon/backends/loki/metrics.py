"""Metrics of log lines: recording rules of Loki's ruler, which writes what they say to Prometheus.

Sources: Loki, "Recording rules" (the ruler sends samples by remote write, and keeps what is not sent yet in a WAL);
pkg/ruler/config.go and pkg/ruler/storage/wal of Loki 3.5 (``remote_write.clients``, ``wal.dir``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.environment_variables import expanded
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.loki_streams import (
    UnreadableFieldError,
    counted_lines,
    group_labels,
    lines_of,
    service_of,
    streams_in_loki,
)
from skillforge_mon.model.logs import LogMetric, LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.query.log_metrics import SERVICE_LABEL
from skillforge_mon.query.logql import print_logql
from skillforge_mon.query.logql.tree import Binary, LogLines, MetricExpr, Vector

PROMETHEUS: Final = "http://prometheus:9090/api/v1/write"
"""Where Prometheus takes samples, unless the target says otherwise."""


def metric_groups(project: Project) -> Iterator[tuple[str, str, Plain]]:
    """The service, the stream and the group of rules of each stream of which metrics are made."""
    for stream in streams_in_loki(project):
        rules = [rule for metric in stream.metrics if (rule := _rule(project, stream, metric)) is not None]
        if rules and project.targets.prometheus is not None:
            yield service_of(stream), stream.id, {"name": f"metrics of {stream.name}", "rules": rules}


def unmade_metrics(project: Project, stream: LogStream) -> tuple[tuple[str, str], ...]:
    """The metrics that cannot be made of the lines of ``stream``, each with the field that these do not have."""
    found = []
    for metric in stream.metrics:
        try:
            _value(project, stream, metric)
        except UnreadableFieldError as error:
            found.append((metric.name, str(error.args[0])))
    return tuple(found)


def _rule(project: Project, stream: LogStream, metric: LogMetric) -> dict[str, Plain] | None:
    try:
        value = _value(project, stream, metric)
    except UnreadableFieldError:
        return None
    if value is None:
        return None
    return {"record": metric.name, "expr": print_logql(value), "labels": {SERVICE_LABEL: service_of(stream)}}


def _value(project: Project, stream: LogStream, metric: LogMetric) -> MetricExpr | None:
    """What is recorded. Without ``by`` it is 0 while no line fits: a series that comes and goes tells nobody much."""
    if metric.query is not None:
        tree = metric.query.tree
        return None if isinstance(tree, LogLines) else tree
    counted = counted_lines(lines_of(project, stream, metric.spec.lines), metric.spec.within, metric.spec.by)
    return counted if group_labels(metric.spec.by) else Binary("or", counted, Vector("0"))


def remote_write(project: Project) -> dict[str, Plain]:
    """The ruler's settings that bring what is recorded to Prometheus; empty where nothing is."""
    target = project.targets.loki
    if target is None or not any(metric_groups(project)):
        return {}
    written_to = expanded(target.metrics_to or PROMETHEUS)
    return {
        "wal": {"dir": f"{target.storage.path}/ruler-wal"},
        "remote_write": {"enabled": True, "clients": {"prometheus": {"url": written_to}}},
    }
