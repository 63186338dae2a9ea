"""MON2002: a query needs a newer Prometheus than the target is."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_NATIVE = "  job_seconds: {type: native_histogram, help: Time of a job}\n"

CODE = Code(
    "MON2002",
    "feature-of-newer-prometheus",
    Severity.ERROR,
    "A query uses something that the target's version of Prometheus does not have.",
    "That server would refuse the whole rule file, and go on with the old one.",
    bad=alert_spec("histogram_avg(rate(job_seconds[5m])) > 1", version="2.45", metrics=_NATIVE),
    good=alert_spec("histogram_avg(rate(job_seconds[5m])) > 1", version="3.5", metrics=_NATIVE),
)


def target_version(project: Project) -> tuple[int, int] | None:
    """Major and minor version of the project's Prometheus, None when it has none."""
    target = project.targets.prometheus
    if target is None:
        return None
    major, minor, *_ = target.version.split(".")
    return int(major), int(minor)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every feature of a query that came after ``targets.prometheus.version``."""
    version = target_version(project)
    if version is None:
        return
    for query in project_queries(project):
        for needed in query.requirements:
            if needed.printed and needed.since > version:
                since = ".".join(map(str, needed.since))
                yield CODE.at(
                    query.query.span(*needed.span),
                    f"{needed.feature} needs Prometheus {since}, and the target is {version[0]}.{version[1]}",
                    help=f'write it otherwise, or set `targets.prometheus.version: "{since}"`',
                )
