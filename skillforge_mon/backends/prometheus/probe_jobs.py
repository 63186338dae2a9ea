"""Probes to scrape jobs: Prometheus asks blackbox_exporter, which asks the target.

As the exporter's README has it, the address of the target becomes the parameter ``target`` and the label ``instance``,
and the exporter's own takes its place. Every target has the labels ``probe`` and ``service``.
"""

from __future__ import annotations

from collections.abc import Collection

from skillforge_mon.backends.prometheus.capabilities import Version
from skillforge_mon.backends.prometheus.limits import job_limits
from skillforge_mon.backends.prometheus.scrape_jobs import BACKEND, Job, TargetGroup
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.probes import ProbeJob, asked, asked_by_exporter, probe_checks, probe_jobs
from skillforge_mon.model.cron import parse_schedule
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.query.target_labels import PROBE, SERVICE
from skillforge_mon.spec.models.targets import PrometheusTarget
from skillforge_mon.spec.quantities import Duration


def jobs_of_probes(project: Project, target: PrometheusTarget, version: Version, taken: Collection[str]) -> list[Job]:
    """The jobs of the probes that Prometheus asks, by their names, none of which is among ``taken``."""
    blackbox = project.targets.blackbox
    if blackbox is None:
        return []
    names = set(taken)
    jobs = []
    for job in probe_jobs(probe_checks(asked_by_exporter(project))):
        name = job.name
        while name in names:
            name += "-2"
        names.add(name)
        settings = _settings(job, blackbox.address) | job_limits(target, version)
        objects = [probe.id for probe in job.probes]
        jobs.append(Job(name, settings, [_group(probe) for probe in job.probes], True, objects))
    return jobs


def cron_verdicts(project: Project) -> list[Verdict]:
    """How well Prometheus watches jobs that must run: by their metric, or not at all."""
    return [
        _cron_verdict(probe)
        for probe in project.probes.values()
        if probe.kind == "cron" and BACKEND in probe.backends
    ]  # fmt: skip


def journey_verdicts(project: Project) -> list[Verdict]:
    """Journeys that are to be on Prometheus, which can make none."""
    reason = "blackbox_exporter makes no journeys"
    instead = "`backends: [datadog]`, and an `http` probe beside it"
    return [
        Verdict(BACKEND, probe.id, Grade.UNTRANSLATABLE, reason, instead, probe.kind)
        for probe in project.probes.values()
        if probe.kind in {"browser", "mobile"} and BACKEND in probe.backends
    ]


def _settings(job: ProbeJob, exporter: str) -> dict[str, Plain]:
    return {
        "scrape_interval": str(job.every),
        "scrape_timeout": str(job.timeout),
        "metrics_path": "/probe",
        "params": {"module": [job.check.name]},
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": exporter},
        ],
    }


def _group(probe: Probe) -> TargetGroup:
    labels = {PROBE: probe.name}
    if probe.service is not None:
        labels[SERVICE] = probe.service.name
    return TargetGroup([asked(probe)], labels)


def _cron_verdict(probe: Probe) -> Verdict:
    cron = probe.spec.cron
    assert cron is not None  # noqa: S101 - only such probes come here
    if cron.metric is None:
        reason = "Prometheus asks, and a job that has ended does not answer"
        instead = "`cron.metric`, a gauge with the Unix time of the last success, which a Pushgateway keeps"
        return Verdict(BACKEND, probe.id, Grade.UNTRANSLATABLE, reason, instead, "cron")
    reasons = []
    if cron.schedule is not None:
        gaps = sorted(parse_schedule(cron.schedule).gaps())
        if len(gaps) > 1:
            least, most = Duration.of(minutes=gaps[0]), Duration.of(minutes=gaps[-1])
            reasons.append(
                f"the runs of `{cron.schedule}` are {least} to {most} apart: one that is missed is told as late as "
                f"one after {most}"
            )
        elif cron.timezone != "UTC" and gaps[0] >= 60:
            reasons.append(f"on the days on which clocks change in {cron.timezone} it may be told an hour too soon")
    if not reasons:
        return Verdict(BACKEND, probe.id, Grade.EXACT)
    return Verdict(BACKEND, probe.id, Grade.APPROXIMATE, "; ".join(reasons), "", "cron.schedule")
