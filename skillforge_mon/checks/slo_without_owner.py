"""MON3110: an SLO whose alerts nobody answers."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3110",
    "slo-without-owner",
    Severity.WARNING,
    "An SLO that alerts has no service with a team, no escalation policy, or no runbook, of its own or of its service.",
    "The page goes to whoever is left over, and says nothing of what to do.",
    bad=GOOD.replace("    service: web\n", ""),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """SLOs with alerts that lack an owner, a policy or a runbook. Names that do not resolve are reported elsewhere."""
    for slo in project.slos.values():
        if not slo.spec.alerting:
            continue
        service = slo.service
        missing = []
        if slo.spec.service is None or (service is not None and service.spec.team is None):
            missing.append(("a service with a `team`", "service"))
        if slo.escalation is None and slo.spec.escalation is None and not (service and service.spec.escalation):
            missing.append(("`escalation`", "escalation"))
        if slo.runbook is None and slo.spec.runbook is None and not (service and service.spec.runbook):
            missing.append(("`runbook`", "runbook"))
        if missing:
            names = [text for text, _ in missing]
            yield CODE.at(
                slo.place.span,
                f"the SLO `{slo.name}` alerts, but has not {_either(names)}",
                help=f"add {' and '.join(names)} here or to its service, or write `alerting: false`",
            )


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
