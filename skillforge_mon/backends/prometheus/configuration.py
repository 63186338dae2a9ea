"""prometheus.yml: how often, from where, to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from skillforge_mon.backends.prometheus.capabilities import EXPANDS_EXTERNAL_LABELS, RETENTION_IN_CONFIGURATION, Version
from skillforge_mon.backends.prometheus.kubernetes import kubernetes_jobs
from skillforge_mon.backends.prometheus.limits import global_limits, job_limits
from skillforge_mon.backends.prometheus.names import allowed_names, renamed
from skillforge_mon.backends.prometheus.scale import (
    federation_jobs,
    is_agent,
    remote_write,
    replica_labels,
    same_alerts,
)
from skillforge_mon.backends.prometheus.scrape_jobs import BACKEND, Job
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.spec.models.targets import PrometheusTarget
from skillforge_mon.spec.quantities import Duration

TARGET_ID: Final = "targets.prometheus"
RULES: Final = "rules"
OWN_ADDRESS: Final = "localhost:9090"


def configuration(
    target: PrometheusTarget,
    jobs: Iterable[Job],
    version: Version,
    kept: Duration | None,
    exporter: str | None = None,
    *,
    rules: bool,
) -> dict[str, Plain]:
    """The whole file. Samples are kept for ``kept``; ``rules`` says whether there are rule files.

    ``exporter`` is the address of blackbox_exporter, where there is one.
    """
    config: dict[str, Plain] = {"global": _global(target, version)}
    agent = is_agent(target)
    if kept is not None and version >= RETENTION_IN_CONFIGURATION.since and not agent:
        config["storage"] = {"tsdb": {"retention": {"time": str(kept)}}}
    if rules:
        config["rule_files"] = [f"{RULES}/*.yml"]
    if target.alertmanagers and not agent:
        addresses = list(target.alertmanagers)
        managers: Plain = [{"static_configs": [{"targets": addresses}]}]
        config["alerting"] = {**same_alerts(target), "alertmanagers": managers}
    of_services = {job.name: job.config() for job in jobs}
    listed = {str(job["job_name"]): job for job in _further_jobs(target, version, exporter, of_services)} | of_services
    if listed:
        config["scrape_configs"] = [listed[name] for name in sorted(listed)]
    if target.remote_write:
        config["remote_write"] = [remote_write(store, target) for store in target.remote_write]
    return config


def target_verdict(target: PrometheusTarget, version: Version) -> Verdict:
    """How well the server does what its target says."""
    timeout, interval = target.scrape_timeout, target.scrape_interval
    if timeout is not None and timeout > interval:
        reason = f"a scrape may take {timeout} and the next begins after {interval}; Prometheus refuses that"
        return Verdict(BACKEND, TARGET_ID, Grade.UNTRANSLATABLE, reason, "a shorter `scrape_timeout`", "scrape_timeout")
    if reason := renamed(target.external_labels, version):
        instead = "names of letters, digits and `_`"
        return Verdict(BACKEND, TARGET_ID, Grade.APPROXIMATE, reason, instead, "external_labels")
    return Verdict(BACKEND, TARGET_ID, Grade.EXACT)


def _global(target: PrometheusTarget, version: Version) -> dict[str, Plain]:
    settings: dict[str, Plain] = {"scrape_interval": str(target.scrape_interval)}
    if target.scrape_timeout is not None:
        settings["scrape_timeout"] = str(target.scrape_timeout)
    settings["evaluation_interval"] = str(target.evaluation_interval)
    settings |= global_limits(target, version)
    labels = allowed_names(target.external_labels, version)
    expands = version >= EXPANDS_EXTERNAL_LABELS.since or target.replicas > 1
    written = {name: value.replace("$", "$$") if expands else value for name, value in labels.items()}
    if written or target.replicas > 1:
        settings["external_labels"] = written | replica_labels(target)
    return settings


def _further_jobs(
    target: PrometheusTarget, version: Version, exporter: str | None, of_services: Collection[str]
) -> list[dict[str, Plain]]:
    """Prometheus, Alertmanager and blackbox_exporter themselves, discovery, and other servers.

    A service that names one of the first takes its place, and other servers are read besides: ``of_services`` are the
    names of the services' jobs.
    """
    jobs: list[dict[str, Plain]] = []
    if target.scrape_self:
        jobs.append(_self("prometheus", [OWN_ADDRESS]))
        if target.alertmanagers:
            jobs.append(_self("alertmanager", target.alertmanagers))
        if exporter is not None:
            jobs.append(_self("blackbox", [exporter]))
    if target.kubernetes is not None:
        jobs += kubernetes_jobs(target.kubernetes)
    jobs += federation_jobs(target, {*of_services, *(str(job["job_name"]) for job in jobs)})
    limits = job_limits(target, version)
    return [job | limits for job in jobs]


def _self(name: str, addresses: list[str]) -> dict[str, Plain]:
    return {"job_name": name, "static_configs": [{"targets": list(addresses), "labels": {"service": name}}]}
