"""The files of Prometheus.

prometheus/prometheus.yml                 what is scraped, who is told, where samples go
prometheus/targets/<job>.json             the targets of each job
prometheus/rules/<service>.alerts.yml     alert rules; those without a service are in project.alerts.yml
prometheus/rules/<service>.slos.yml       SLO rules
prometheus/rules/recordings.yml           precomputed queries
prometheus/prometheus.flags               what only the command line can say
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import (
    BACKEND,
    Rule,
    RuleSettings,
    alert_rules,
    alert_verdict,
)
from skillforge_mon.backends.prometheus.capabilities import Version, version_of
from skillforge_mon.backends.prometheus.configuration import RULES, TARGET_ID, configuration, target_verdict
from skillforge_mon.backends.prometheus.flags import flags_file, prometheus_flags
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.backends.prometheus.probe_jobs import cron_verdicts, jobs_of_probes, journey_verdicts
from skillforge_mon.backends.prometheus.recording_rules import recording_rule, recording_verdict
from skillforge_mon.backends.prometheus.scale import is_agent
from skillforge_mon.backends.prometheus.scrape_jobs import Job, scrape_jobs
from skillforge_mon.backends.prometheus.slo_groups import slo_groups, slo_verdict
from skillforge_mon.backends.prometheus.span_metrics_job import span_metrics_jobs
from skillforge_mon.backends.ways.found import known_layouts
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Plain, Verdict
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Project, Service
from skillforge_mon.model.retention import samples_kept
from skillforge_mon.spec.models.targets import PrometheusTarget

WITHOUT_SERVICE: Final = "project"


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """The files of Prometheus for ``project``; none when it has no such target."""
    target = project.targets.prometheus
    if target is None:
        return
    version = version_of(target.version)
    rules = rule_files(project, lowering, report)
    jobs, verdicts = scrape_jobs(project, target, version)
    jobs += jobs_of_probes(project, target, version, [job.name for job in jobs])
    verdicts += [*cron_verdicts(project), *journey_verdicts(project)]
    taken = {job.name for job in jobs}
    jobs += (job for job in span_metrics_jobs(project, target, version) if job.name not in taken)
    # Where a ruler evaluates the rules, a server that did so too would tell of everything twice.
    loads_rules = bool(rules) and project.targets.ruler is None and not is_agent(target)
    kept = samples_kept(project)
    exporter = project.targets.blackbox.address if project.targets.blackbox is not None else None
    config = configuration(
        target, jobs, version, kept.length if kept is not None else None, exporter, rules=loads_rules
    )
    yield _configuration(target, config, jobs, verdicts, version)
    for job in jobs:
        if job.in_file:
            path = f"{BACKEND}/{job.targets_path}"
            yield Document(path, job.group_list, Format.JSON, tuple(job.objects))
    yield from flags_file(prometheus_flags(project, version, rules if loads_rules else ()))
    yield from rules


def rule_files(project: Project, lowering: Lowering, report: Report) -> list[Document]:
    """The files of rules of ``project``; none when it has no target that says for which version they are."""
    target = project.targets.prometheus
    if target is None:
        return []
    version = version_of(target.version)
    settings = RuleSettings(project, version, report, known_layouts(project, lowering))
    conditions = [condition for condition in lowering.conditions if BACKEND in condition.alert.backends]
    plans = [plan for plan in lowering.slos if BACKEND in plan.slo.backends]
    return [*_alerts(settings, conditions), *_slos(settings, plans, target), *_recordings(project, version)]


def _configuration(
    target: PrometheusTarget, config: Plain, jobs: list[Job], verdicts: list[Verdict], version: Version
) -> Document:
    of_jobs = (object_id for job in jobs for object_id in job.objects)
    objects = (TARGET_ID, *dict.fromkeys((*of_jobs, *(verdict.object_id for verdict in verdicts))))
    return Document(
        f"{BACKEND}/prometheus.yml",
        config,
        Format.YAML,
        objects,
        (target_verdict(target, version), *verdicts),
        header=header(objects),
    )


def _alerts(settings: RuleSettings, conditions: Iterable[AlertCondition]) -> Iterator[Document]:
    """One file per service. An alert with an interval of its own is a group of its own."""
    files: dict[str, list[list[AlertCondition]]] = {}
    for _, of_one in groupby(conditions, key=lambda condition: condition.alert.name):
        severities = list(of_one)
        files.setdefault(_file_name(severities[0].alert.service), []).append(severities)
    for name, alerts in files.items():
        usual: list[Plain] = []
        groups: list[Plain] = [{"name": name, "rules": usual}]
        for severities in alerts:
            rules = alert_rules(settings, severities)
            alert = severities[0].alert
            if alert.spec.interval is None:
                usual.extend(rules)
            else:
                own: Plain = {
                    "name": f"{name} {alert.name}",
                    "interval": str(alert.spec.interval),
                    "rules": list(rules),
                }
                groups.append(own)
        verdicts = [alert_verdict(settings, severities) for severities in alerts]
        yield _rule_file(f"{name}.alerts", groups if usual else groups[1:], verdicts)


def _slos(settings: RuleSettings, plans: Iterable[SloPlan], target: PrometheusTarget) -> Iterator[Document]:
    """One file per service."""
    files: dict[str, list[SloPlan]] = {}
    for plan in plans:
        files.setdefault(_file_name(plan.slo.service), []).append(plan)
    for name, of_service in files.items():
        groups = [group for plan in of_service for group in slo_groups(settings, plan, target.evaluation_interval)]
        yield _rule_file(f"{name}.slos", groups, [slo_verdict(plan, settings.version) for plan in of_service])


def _recordings(project: Project, version: Version) -> Iterator[Document]:
    """One file for all: first those that are evaluated as usual, then a group for each other interval."""
    usual: list[Rule] = []
    groups: dict[str, list[Rule]] = {"": usual}
    for recording in project.recordings.values():
        rule = recording_rule(recording, version)
        if rule is not None:
            groups.setdefault(str(recording.spec.interval or ""), []).append(rule)
    if not project.recordings:
        return
    written: list[Plain] = [
        {"name": f"recordings every {interval}", "interval": interval, "rules": rules}
        if interval
        else {"name": "recordings", "rules": rules}
        for interval, rules in groups.items()
        if rules
    ]
    verdicts = [recording_verdict(recording, version) for recording in project.recordings.values()]
    yield _rule_file("recordings", written, verdicts)


def _rule_file(name: str, groups: list[Plain], verdicts: list[Verdict]) -> Document:
    objects = tuple(verdict.object_id for verdict in verdicts)
    path = f"{BACKEND}/{RULES}/{name}.yml"
    return Document(path, {"groups": groups}, Format.YAML, objects, tuple(verdicts), header=header(objects))


def _file_name(service: Service | None) -> str:
    return service.name if service is not None else WITHOUT_SERVICE
