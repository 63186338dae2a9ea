"""Probes: the health endpoints of services as probes, and what Prometheus asks as alerts.

For a probe `api-health` that three times in a row must fail:

ApiHealthFails                 probe_success is 0 from the first to the third failure
ApiHealthIsSlow                where `slow` says what is too slow
ApiHealthCertificateExpires    where `certificate` says how long before its end it is told
ApiProbesMissing               one alert for all probes of a service that nobody asks: the exporter is down, or
                               Prometheus has an old configuration; one more for those that are asked seldom

For a job `backup` whose last success is in a metric: BackupMissed, and BackupUnknown where there is no such metric.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from skillforge_mon.model import probing
from skillforge_mon.model.cron import CronError, parse_schedule
from skillforge_mon.model.expansion.made import Fragment, Made
from skillforge_mon.model.expansion.names import sentence, spoken
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.models.probes import CronProbe, Probe
from skillforge_mon.spec.models.services import HealthPath, Service
from skillforge_mon.spec.quantities import Duration

_MISSING_FOR: Final = Duration.of(minutes=10)
"""How long a probe may not be asked: a restart of the exporter, or of Prometheus, takes less."""
_CERTIFICATE_FOR: Final = "10m"
"""Certificates end by the day: this only keeps one that is being replaced from being told."""
HEALTH: Final = {
    "live": ("critical", "its process works"),
    "ready": ("warning", "it can serve"),
    "full": ("warning", "what it depends on works"),
}
"""Endpoint -> severity of its probe, and what it makes sure of. A service that is down fails all three: only the first
one calls somebody."""


def health_fragment(name: str, service: Service) -> Fragment:
    """A probe for each health endpoint of the service ``name``."""
    health = service.health
    if health is None:
        return {}
    probes: dict[str, Made] = {}
    for endpoint, (severity, what) in HEALTH.items():
        path: HealthPath | None = getattr(health, endpoint)
        if path is None:
            continue
        probe: dict[str, Made] = {
            "service": name,
            "description": f"{name} says that {what}",
            "http": {"url": health.at(path)},
            "severity": severity,
        }
        if path.every is not None:
            probe["every"] = str(path.every)
        if path.timeout is not None:
            probe["timeout"] = str(path.timeout)
        if path.failures is not None:
            probe["failures"] = path.failures
        probes[f"{name}-{endpoint}"] = probe
    return {"probes": probes}


def is_told(probe: Probe, targets: Collection[str]) -> bool:
    """Whether Prometheus tells of the probe: it asks, or reads the metric of a job, and somebody is to hear."""
    if len(probe.kinds) != 1 or not probe.alerting or "prometheus" not in probing.asking(probe, targets):
        return False
    return probing.can_ask("prometheus", probe, targets)


def probe_fragment(name: str, probe: Probe, targets: Collection[str], evaluation: Duration) -> Fragment:
    """The alerts of the probe ``name``, where Prometheus tells of it; none for one that is unclear.

    ``evaluation`` is how often rules are evaluated. Those of a probe that is asked more often are evaluated as often as
    that: otherwise an answer in between would not be seen, and failures would not be in a row.
    """
    if not is_told(probe, targets):
        return {}
    if probe.cron is not None:
        return _cron_alert(name, probe, probe.cron)
    often: dict[str, Made] = {"interval": str(probing.every(probe))} if probing.every(probe) < evaluation else {}
    alerts: dict[str, Made] = {f"{camel_case(name)}Fails": _failing(name, probe) | often}
    if probe.slow is not None:
        alerts[f"{camel_case(name)}IsSlow"] = _slow(name, probe, probe.slow) | often
    if probe.certificate:
        alerts[f"{camel_case(name)}CertificateExpires"] = _certificate(name, probe)
    return {"alerts": alerts}


@dataclass(frozen=True, slots=True)
class Missing:
    """By what probes share the alert that tells that nobody asks them: the service, the policy, and how long it waits.

    Those that are asked so seldom that it waits longer have one of their own, or the others would be told as late.
    """

    service: str
    escalation: str
    wait: Duration

    @property
    def alert(self) -> str:
        """``WebProbesMissing``, and ``WebProbesMissingFor2d`` of those that are asked once a day."""
        about = " ".join(part for part in (self.service, self.escalation) if part)
        seldom = "" if self.wait == _MISSING_FOR else f"For{self.wait}"
        return f"{camel_case(about)}ProbesMissing{seldom}"


def missing(probe: Probe) -> Missing:
    """The alert that tells that nobody asks ``probe``."""
    wait = max(_MISSING_FOR, Duration(2 * int(probing.every(probe))))
    return Missing(probe.service or "", probe.escalation or "", wait)


def missing_fragment(shared: Missing, probes: dict[str, Probe], targets: Collection[str]) -> Fragment:
    """The alert that tells that nobody asks ``probes``, which share it."""
    asked = {name: probe for name, probe in probes.items() if is_told(probe, targets) and probe.cron is None}
    if not asked:
        return {}
    parts = []
    for name, probe in asked.items():
        series = probing.probe_selector(name)
        window = Duration(2 * int(probing.every(probe)))
        parts.append(
            f"absent_over_time({series}[{window}])" if probing.outlasts_lookback(probe) else f"absent({series})"
        )
    alert: dict[str, Made] = {
        "expr": "\nor ".join(parts),
        "severity": "warning",
        "for": str(shared.wait),
        "summary": "nobody asks the probe {{ labels.probe }}",
        "description": "Prometheus has no answers of blackbox_exporter: it is down, or one of the two still has an old "
        "configuration.",
    }
    owned = {"service": shared.service, "escalation": shared.escalation}
    alert |= {key: value for key, value in owned.items() if value}
    runbook = next((probe.runbook for probe in asked.values() if probe.runbook is not None), None)
    if runbook is not None:
        alert["runbook"] = runbook
    return {"alerts": {shared.alert: alert}}


def _failing(name: str, probe: Probe) -> dict[str, Made]:
    series = _lasting(probe, "probe_success", name)
    times = probing.failures(probe)
    every = probing.every(probe)
    failed = f"has failed {times} times in a row, every {every}" if times > 1 else f"failed, and is asked every {every}"
    said = f"{sentence(probe.description)} " if probe.description else ""
    return {
        "expr": f"{series} == 0",
        "severity": probe.severity,
        "for": str(probing.hold(probe)),
        "summary": f"{spoken(name)} fails",
        "description": f"{said}It {failed}. Ask {{{{ labels.instance }}}} yourself, or blackbox_exporter with "
        "`debug=true`, which says why.",
        **_owned(probe),
    }


def _slow(name: str, probe: Probe, slow: Duration) -> dict[str, Made]:
    return {
        "expr": _lasting(probe, "probe_duration_seconds", name),
        "severity": {"warning": f"> {_quantity(slow)}"},
        "for": str(probing.hold(probe)),
        "summary": f"{spoken(name)} takes {{{{ value | duration }}}}",
        "description": f"An answer should take {slow} at most.",
        **_owned(probe),
    }


def _certificate(name: str, probe: Probe) -> Made:
    series = _lasting(probe, "probe_ssl_earliest_cert_expiry", name)
    return {
        "expr": f"{series} - time()",
        "unit": "seconds",
        "severity": {severity: f"< {_quantity(before)}" for severity, before in probe.certificate.items()},
        "for": _CERTIFICATE_FOR,
        "summary": f"the certificate of {spoken(name)} ends in {{{{ value | duration }}}}",
        "description": "Renew it: when it has ended, nobody can connect any more.",
        **_owned(probe),
    }


def _cron_alert(name: str, probe: Probe, cron: CronProbe) -> Fragment:
    gap = longest_gap(cron)
    if gap is None:
        return {}
    times = probing.failures(probe)
    oldest = Duration(times * int(gap) + int(cron.max_runtime) + int(cron.margin))
    runs = f"{times} runs have" if times > 1 else "a run has"
    said = f"{sentence(probe.description)} " if probe.description else ""
    alert: Made = {
        "expr": f"time() - {cron.metric}",
        "unit": "seconds",
        "severity": {probe.severity: f"> {_quantity(oldest)}"},
        "for": "0s",
        "summary": f"{spoken(name)} has not succeeded for {{{{ value | duration }}}}",
        "description": f"{said}It is to succeed every {gap}; {runs} been missed.",
        **_owned(probe),
    }
    unknown: Made = {
        "expr": f"absent({cron.metric})",
        "severity": "warning",
        "for": str(oldest),
        "summary": f"{spoken(name)} has never told that it has succeeded",
        "description": f"There is no `{cron.metric}`: the job does not run, or its metric has another name.",
        **_owned(probe),
    }
    return {"alerts": {f"{camel_case(name)}Missed": alert, f"{camel_case(name)}Unknown": unknown}}


def longest_gap(cron: CronProbe) -> Duration | None:
    """The longest time from one start to the next; None where the schedule is none, which is reported elsewhere."""
    if cron.every is not None:
        return cron.every
    try:
        gaps = parse_schedule(cron.schedule or "").gaps()
    except CronError:
        return None
    return Duration.of(minutes=max(gaps))


def _lasting(probe: Probe, metric: str, name: str) -> str:
    """The latest value, also where it is older than Prometheus usually reads."""
    series = probing.probe_selector(name, metric)
    if not probing.outlasts_lookback(probe):
        return series
    return f"last_over_time({series}[{Duration(2 * int(probing.every(probe)))}])"


def _owned(probe: Probe) -> dict[str, Made]:
    owned: dict[str, Made] = {}
    for key in ("service", "escalation", "runbook"):
        if (value := getattr(probe, key)) is not None:
            owned[key] = value
    if probe.labels:
        owned["labels"] = dict(probe.labels)
    return owned


def _quantity(length: Duration) -> str:
    """``14d`` or ``90s``: a length in one unit, as thresholds have it."""
    for unit, factor in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)):
        if int(length) % factor == 0:
            return f"{int(length) // factor}{unit}"
    return f"{int(length)}ms"
