"""MON3644: an alert on lines that groups by what the stream does not index."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.log_examples import LOGS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.suggest import nearest

_SPEC = (
    LOGS
    + """\
runbooks:
  busy: {resolve: [Add a worker.]}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
alerts:
  ManyErrors:
    service: web
    severity: {critical: "> 10"}
    logs: {of: web, lines: {level: error}, by: [method]}
    for: 5m
    summary: Many errors are logged
    runbook: busy
    escalation: page
"""
).replace("services: {web: {}}", "services: {web: {team: shop}}")
CODE = Code(
    "MON3644",
    "log-alert-by-unknown-field",
    Severity.ERROR,
    "An alert counts lines by a field that the stream does not index.",
    "Every value of the field would be an alert of its own: that is meant for the few values of `index_by`.",
    bad=_SPEC.replace(", by: [method]", ", by: [methud]"),
    good=_SPEC,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every alert that counts lines."""
    for alert in project.alerts.values():
        if alert.lines is None:
            continue
        stream = alert.lines.stream
        known = [*stream.spec.index_by, *stream.spec.labels]
        for index, field in enumerate(alert.lines.spec.by):
            if field not in known:
                meant = nearest(field, known)
                yield CODE.at(
                    alert.place.at("logs", "by", index),
                    f"`{stream.name}` does not index its lines by `{field}`",
                    notes=(f"it does by: {', '.join(known)}",) if known else (),
                    help=f"did you mean `{meant}`?" if meant else f"add `{field}` to `index_by` of the stream",
                )
