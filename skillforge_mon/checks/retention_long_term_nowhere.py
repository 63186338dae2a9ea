"""MON3696: how long long-term stores keep samples, where there are none."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.retention_examples import RETENTION
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import retention_span

_LONG: tuple[str, str] = ("{metrics: 30d}", "{metrics: 30d, long_term: 365d}")
CODE = Code(
    "MON3696",
    "retention-long-term-nowhere",
    Severity.WARNING,
    "The spec says how long long-term stores keep samples, and Prometheus writes to none.",
    "Nobody keeps samples for so long, and yet dashboards with a range as long as that would be taken for good ones.",
    bad=RETENTION.replace(*_LONG),
    good=RETENTION.replace(*_LONG).replace(
        "prometheus: {}", "prometheus: {remote_write: {url: 'http://mimir/api/v1/push'}}"
    ),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """`retention.long_term`, where Prometheus is a target: elsewhere it may say what a server of others does."""
    prometheus = project.targets.prometheus
    if project.spec.retention.long_term is None or prometheus is None:
        return
    if not prometheus.remote_write and prometheus.thanos is None and project.targets.ruler is None:
        yield CODE.at(
            retention_span(project, "long_term"),
            "it is said how long long-term stores keep samples, and Prometheus writes to none",
            help="add `remote_write` or `thanos` to `targets.prometheus`, or leave this out",
        )
