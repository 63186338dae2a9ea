"""The scrape of what the collector counts from spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.prometheus.capabilities import Version
from skillforge_mon.backends.prometheus.limits import job_limits
from skillforge_mon.backends.prometheus.scrape_jobs import Job, TargetGroup
from skillforge_mon.model.project import Project
from skillforge_mon.query.span_metrics import counted
from skillforge_mon.spec.models.targets import PrometheusTarget

NAME: Final = "span-metrics"
PORT: Final = 8889
"""Where the collector's exporter ``prometheus`` listens."""
EXEMPLARS: Final = "--enable-feature=exemplar-storage"
"""Without it, the samples that name a trace are dropped (Prometheus, "Feature flags")."""


def span_metrics_jobs(project: Project, target: PrometheusTarget, version: Version) -> Iterator[Job]:
    """The job, where spans are counted. ``job`` and ``instance`` of the page are those of the service, and stay."""
    collector = project.targets.collector
    if collector is not None and counted(project.spec) is not None:
        settings = {"honor_labels": True, **job_limits(target, version)}
        yield Job(NAME, settings, [TargetGroup([f"{collector.address}:{PORT}"], {})], False, ["targets.collector"])
