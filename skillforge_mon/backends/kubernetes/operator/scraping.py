"""Scrape jobs of prometheus.yml as objects: Probe where blackbox_exporter asks, PodMonitor where the pods of a service
are known, ScrapeConfig for all else.

The operator names jobs its own way, so each target carries its `job`. Intervals are written down, because the
Prometheus object has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from skillforge_mon.backends.kubernetes.capabilities import object_name
from skillforge_mon.backends.kubernetes.operator.capabilities import V1, V1ALPHA1, NotSaidError, Secrets, as_map
from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.model.project import Project, Service
from skillforge_mon.spec.models.services import Workload

_ROLES: Final = {"pod": "Pod", "service": "Service", "endpointslice": "EndpointSlice", "node": "Node"}
_SELF: Final = ("prometheus", "alertmanager")
"""Jobs of the servers themselves, which the operator's own bundle watches."""


@dataclass(frozen=True, slots=True)
class Scraped:
    """An object that scrapes: its kind, its name and its spec; ``pods_of`` is the service whose pods it is to find."""

    api: str
    kind: str
    name: str
    spec: dict[str, Plain]
    pods_of: Service | None = None


def scraping_objects(
    project: Project, documents: Sequence[Document], secrets: Secrets, problems: list[NotSaidError]
) -> Iterator[Scraped]:
    """One or more objects for each job of prometheus.yml; what cannot be said goes to ``problems``."""
    files = {document.path: document.content for document in documents}
    config = as_map(files["prometheus/prometheus.yml"])
    usual = as_map(config["global"])
    for job in config.get("scrape_configs", ()):
        name = str(job["job_name"])
        if name in _SELF:
            continue
        groups = job.get("static_configs", ())
        for discovery in job.get("file_sd_configs", ()):
            groups = [group for path in discovery["files"] for group in _groups(files[f"prometheus/{path}"])]
        try:
            if _is_probe(job):
                yield from _probes(name, job, groups, usual)
            elif (found := _pods(project, groups)) is not None:
                service, workload = found
                monitor = _pod_monitor(name, job, groups, usual, workload, secrets)
                yield replace(monitor, pods_of=service)
            else:
                yield _scrape_config(name, job, groups, usual, secrets)
        except NotSaidError as problem:
            problems.append(problem)


def _is_probe(job: Mapping[str, Any]) -> bool:
    """Whether its targets are asked through an exporter. Who names the exporter itself as the target is no such job."""
    return "module" in job.get("params", {}) and job.get("metrics_path") == "/probe" and "relabel_configs" in job


def _groups(content: Plain) -> Sequence[Mapping[str, Any]]:
    assert isinstance(content, Sequence)  # noqa: S101 - a file of targets is a list
    return [as_map(group) for group in content]


def _intervals(job: Mapping[str, Any], usual: Mapping[str, Any], interval: str) -> dict[str, Plain]:
    said: dict[str, Plain] = {interval: job.get("scrape_interval", usual["scrape_interval"])}
    timeout = job.get("scrape_timeout", usual.get("scrape_timeout"))
    return said if timeout is None else {**said, "scrapeTimeout": timeout}


def _pods(project: Project, groups: Sequence[Mapping[str, Any]]) -> tuple[Service, Workload] | None:
    """The only service of a job and its workload, where its pods can be selected."""
    names = {group["labels"].get("service") for group in groups if "labels" in group}
    service = project.services.get(next(iter(names))) if len(names) == 1 and len(groups) == 1 else None
    workload = service.spec.workload if service is not None else None
    if service is None or workload is None or not workload.labels or workload.metrics_port is None:
        return None
    return service, workload


def _pod_monitor(
    name: str,
    job: Mapping[str, Any],
    groups: Sequence[Mapping[str, Any]],
    usual: Mapping[str, Any],
    workload: Workload,
    secrets: Secrets,
) -> Scraped:
    labels = {"job": name, **groups[0]["labels"]}
    endpoint: dict[str, Plain] = {"port": workload.metrics_port}
    if "metrics_path" in job:
        endpoint["path"] = job["metrics_path"]
    if "scheme" in job:
        endpoint["scheme"] = job["scheme"]
    endpoint |= _intervals(job, usual, "interval") | _shared(job, secrets)
    endpoint["relabelings"] = [
        {"targetLabel": label, "replacement": str(value), "action": "replace"} for label, value in labels.items()
    ]
    spec: dict[str, Plain] = {
        "selector": {"matchLabels": dict(workload.labels)},
        "podMetricsEndpoints": [endpoint],
        **_limits(job, usual),
    }
    if workload.namespace is not None:
        spec["namespaceSelector"] = {"matchNames": [workload.namespace]}
    return Scraped(V1, "PodMonitor", object_name(name), spec)


def _scrape_config(
    name: str,
    job: Mapping[str, Any],
    groups: Sequence[Mapping[str, Any]],
    usual: Mapping[str, Any],
    secrets: Secrets,
) -> Scraped:
    spec: dict[str, Plain] = {"jobName": name}
    if groups:
        spec["staticConfigs"] = [
            {"targets": list(group["targets"]), "labels": {"job": name, **group.get("labels", {})}} for group in groups
        ]
    relabelings = [_relabeling(each) for each in job.get("relabel_configs", ())]
    for discovery in job.get("kubernetes_sd_configs", ()):
        if discovery["role"] == "node":
            raise NotSaidError(
                "a ScrapeConfig cannot show the kubelet its own service account",
                "let the operator find the kubelets (`--kubelet-service`), and leave `node` out of `roles`",
            )
        discovered: dict[str, Plain] = {"role": _ROLES[discovery["role"]]}
        if "namespaces" in discovery:
            discovered["namespaces"] = {"names": list(discovery["namespaces"]["names"])}
        spec["kubernetesSDConfigs"] = [discovered]
        relabelings.insert(0, {"targetLabel": "job", "replacement": name, "action": "replace"})
    if relabelings:
        spec["relabelings"] = relabelings
    if "metrics_path" in job:
        spec["metricsPath"] = job["metrics_path"]
    if "scheme" in job:
        spec["scheme"] = str(job["scheme"]).upper()
    spec |= _intervals(job, usual, "scrapeInterval") | _shared(job, secrets) | _limits(job, usual)
    return Scraped(V1ALPHA1, "ScrapeConfig", object_name(name), spec)


def _shared(job: Mapping[str, Any], secrets: Secrets) -> dict[str, Plain]:
    """What ScrapeConfig and PodMonitor say alike."""
    said: dict[str, Plain] = {}
    if "params" in job:
        said["params"] = {key: list(values) for key, values in job["params"].items()}
    if job.get("honor_labels"):
        said["honorLabels"] = True
    if "authorization" in job:
        said["authorization"] = {"credentials": secrets.key_of(job["authorization"]["credentials_file"])}
    if "basic_auth" in job:
        raise NotSaidError(
            f"the job `{job['job_name']}` names its user in the spec, and the operator takes it from a Secret",
            "write `bearer_token`",
        )
    return said


def _limits(job: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Plain]:
    limit = job.get("sample_limit", usual.get("sample_limit"))
    return {} if limit is None else {"sampleLimit": limit}


def _relabeling(config: Mapping[str, Any]) -> Plain:
    names = {"source_labels": "sourceLabels", "target_label": "targetLabel"}
    return {names.get(key, key): list(value) if isinstance(value, list) else value for key, value in config.items()}


def _probes(
    name: str, job: Mapping[str, Any], groups: Sequence[Mapping[str, Any]], usual: Mapping[str, Any]
) -> Iterator[Scraped]:
    """One Probe for each group of targets with the same labels."""
    exporter = next(each["replacement"] for each in job["relabel_configs"] if each["target_label"] == "__address__")
    for number, group in enumerate(groups, 1):
        labels = {"job": name, **group.get("labels", {})}
        spec: dict[str, Plain] = {
            "jobName": name,
            "prober": {"url": exporter},
            "module": job["params"]["module"][0],
            "targets": {"staticConfig": {"static": list(group["targets"]), "labels": labels}},
            **_intervals(job, usual, "interval"),
            **_limits(job, usual),
        }
        yield Scraped(V1, "Probe", object_name(name if number == 1 else f"{name}-{number}"), spec)
