"""MON3653: metrics of log lines that nobody makes, or nobody keeps."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import METRICS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3653",
    "log-metric-nowhere",
    Severity.ERROR,
    "Metrics are to be made of lines that Loki does not keep, or there is no Prometheus to write them to.",
    "Loki's ruler makes them, and Prometheus keeps them. Without either, alerts and panels on them would be empty.",
    bad=METRICS.replace("loki: {}, prometheus: {}", "loki: {}"),
    good=METRICS,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every stream of which metrics are made."""
    for stream in project.logs.values():
        if not stream.metrics:
            continue
        if "loki" not in stream.backends:
            yield CODE.at(
                stream.place.key_at("metrics"),
                f"Loki does not keep the lines of `{stream.name}`, so that no metrics are made of them",
                help="add `loki` under `targets`, and to `backends` of the stream if it has any",
            )
        elif project.targets.prometheus is None:
            yield CODE.at(
                stream.place.key_at("metrics"),
                f"nobody keeps the metrics of `{stream.name}`",
                help="add `prometheus` under `targets`",
            )
