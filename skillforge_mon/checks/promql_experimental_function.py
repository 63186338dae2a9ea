"""MON2004: a query needs experimental functions, which the target does not say that it has."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.promql_newer_feature import target_version
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_EXPR = "mad_over_time(queue_messages[1h]) > 100"

CODE = Code(
    "MON2004",
    "experimental-function",
    Severity.ERROR,
    "A query uses an experimental function, and the target does not say that its server allows them.",
    "Prometheus refuses such a rule file, unless it runs with `--enable-feature=promql-experimental-functions`.",
    bad=alert_spec(_EXPR),
    good=alert_spec(_EXPR).replace("retention: 30d", "retention: 30d, experimental_functions: true"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every experimental function or aggregation, unless ``targets.prometheus.experimental_functions`` is true."""
    target, version = project.targets.prometheus, target_version(project)
    if target is None or version is None or target.experimental_functions:
        return
    for query in project_queries(project):
        for needed in query.requirements:
            if needed.experimental and needed.met_by(version):
                yield CODE.at(
                    query.query.span(*needed.span),
                    f"{needed.feature} is experimental",
                    notes=("the server must run with `--enable-feature=promql-experimental-functions`",),
                    help="if it does, set `targets.prometheus.experimental_functions: true`",
                )
