"""Which alerts, objectives and services send people to which runbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from skillforge_mon.model.project import Alert, Escalation, Project, Runbook, Service, Slo


@dataclass(frozen=True, slots=True, eq=False)
class Pointers:
    """Everything that points to ``runbook``, in the order of the spec."""

    runbook: Runbook
    alerts: list[Alert] = field(default_factory=list)
    slos: list[Slo] = field(default_factory=list)
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def policies(self) -> tuple[Escalation, ...]:
        """The policies of these alerts and objectives, each once."""
        found = {
            policy.name: policy
            for alert in self.alerts
            for severity in alert.severities
            if (policy := severity.escalation) is not None
        }
        found |= {
            policy.name: policy for slo in self.slos for policy in (slo.escalation, slo.tickets) if policy is not None
        }
        return tuple(found.values())


def pointers(project: Project) -> Mapping[str, Pointers]:
    """Every runbook by its name, those that are only an address included, with what points to it.

    Alerts that are switched off and objectives that do not alert point nowhere.
    """
    found = {name: Pointers(runbook) for name, runbook in project.runbooks.items()}

    def at(runbook: Runbook | None, service: Service | None) -> Pointers | None:
        if runbook is None:
            return None
        entry = found.setdefault(runbook.name, Pointers(runbook))
        if service is not None:
            entry.services.setdefault(service.name, service)
        return entry

    for service in project.services.values():
        at(service.runbook, service)
    for alert in project.alerts.values():
        if alert.spec.enabled and (entry := at(alert.runbook, alert.service)) is not None:
            entry.alerts.append(alert)
    for slo in project.slos.values():
        if slo.spec.alerting and (entry := at(slo.runbook, slo.service)) is not None:
            entry.slos.append(slo)
    return found
