"""What a system that asks by itself tells of a probe, as an alert: whose it is, how bad, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skillforge_mon.model.expansion.names import sentence
from skillforge_mon.model.message import Message
from skillforge_mon.model.project import Alert, AlertSeverity, Probe
from skillforge_mon.spec.models.alerts import Alert as AlertSpec
from skillforge_mon.spec.quantities import Duration

PRIORITIES: Final = {"critical": 1, "warning": 2, "info": 3}


@dataclass(frozen=True, slots=True, eq=False)
class ProbeAlert(Alert):
    """What one object of a system tells of ``probe``; ``key`` is that of its resource."""

    key: str
    probe: Probe

    @property
    def id(self) -> str:
        return self.probe.id


def failing_alert(probe: Probe, backend: str, key: str, times: int, every: Duration) -> ProbeAlert:
    """The alert that the probe fails ``times`` times in a row, asked ``every`` so often by the system itself."""
    row = f"It has failed {times} times in a row, every {every}." if times > 1 else ""
    description = " ".join(filter(None, (_said(probe), row)))
    return _alert(probe, backend, key, probe.name, probe.spec.severity, f"{probe.name} fails", description)


def missed_alert(probe: Probe, backend: str, key: str) -> ProbeAlert:
    """The alert that the job of the probe has not run, has failed, or has taken too long."""
    return _alert(
        probe, backend, key, probe.name, probe.spec.severity, f"{probe.name} has not run as it should", _said(probe)
    )


def certificate_alert(probe: Probe, severity: str, before: Duration, backend: str, key: str) -> ProbeAlert:
    """The alert that the certificate of what is asked ends within ``before``."""
    return _alert(
        probe,
        backend,
        key,
        f"{probe.name} certificate ({severity})",
        severity,
        f"The certificate of {probe.name} ends within {before}",
        " ".join(filter(None, (_said(probe), "Renew it: when it has ended, nobody can connect any more."))),
    )


def _said(probe: Probe) -> str:
    return sentence(probe.spec.description) if probe.spec.description else ""


def _alert(
    probe: Probe, backend: str, key: str, name: str, severity: str, summary: str, description: str
) -> ProbeAlert:
    spec = AlertSpec.model_validate({"severity": severity, "labels": {**probe.spec.labels, "probe": probe.name}})
    told = AlertSeverity(
        severity=severity,
        spec=spec.severity[severity],  # type: ignore[index]
        threshold=None,
        hold=Duration(0),
        escalation=probe.escalation,
        priority=PRIORITIES[severity],
    )
    return ProbeAlert(
        name=name,
        spec=spec,
        place=probe.place,
        service=probe.service,
        runbook=probe.runbook,
        query=None,
        lines=None,
        log_query=None,
        severities=(told,),
        summary=Message((summary,)),
        description=Message((description,) if description else ()),
        backends=(backend,),
        key=key,
        probe=probe,
    )
