"""Where lines are found, as what Promtail scrapes (Loki, "Configure Promtail", ``scrape_configs``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.loki_streams import literal_pattern, systemd_units
from skillforge_mon.model.logs import LogStream

_UID: Final = "__meta_kubernetes_pod_uid"
_CONTAINER: Final = "__meta_kubernetes_pod_container_name"
_DOCKER_NAME: Final = "__meta_docker_container_name"
CRI: Final = "cri"
"""The stage that takes the lines of Kubernetes' files apart; Alloy reads them through the API, where they are plain."""


def jobs(stream: LogStream, stages: list[Plain]) -> Iterator[dict[str, Plain]]:
    """The scrape jobs of ``stream``; none where the application sends its lines."""
    source = stream.spec.source
    if source.files:
        each: list[Plain] = [{"targets": ["localhost"], "labels": {"__path__": path}} for path in source.files]
        yield {"job_name": stream.name, "static_configs": each, "pipeline_stages": stages}
    elif source.kubernetes is not None:
        yield _kubernetes(stream, stages)
    elif source.docker:
        yield _docker(stream, list(source.docker), stages)
    else:
        units = systemd_units(stream)
        for unit in units:
            name = stream.name if len(units) == 1 else f"{stream.name} {unit}"
            yield {"job_name": name, "journal": {"matches": f"_SYSTEMD_UNIT={unit}"}, "pipeline_stages": stages}


def _kubernetes(stream: LogStream, stages: list[Plain]) -> dict[str, Plain]:
    spec = stream.spec.source.kubernetes
    assert spec is not None  # noqa: S101 - the source is this one
    found: dict[str, Plain] = {"role": "pod"}
    if spec.namespace is not None:
        found["namespaces"] = {"names": [spec.namespace]}
    if spec.selector:
        chosen = ",".join(f"{name}={value}" for name, value in spec.selector.items())
        found["selectors"] = [{"role": "pod", "label": chosen}]
    rules: list[Plain] = []
    if spec.container is not None:
        rules.append({"source_labels": [_CONTAINER], "regex": literal_pattern(spec.container), "action": "keep"})
    rules += [
        {"source_labels": ["__meta_kubernetes_namespace"], "target_label": "namespace"},
        {"source_labels": ["__meta_kubernetes_pod_name"], "target_label": "pod"},
        {"source_labels": [_CONTAINER], "target_label": "container"},
        # The kubelet's folders: <namespace>_<pod>_<uid>/<container>/<number>.log.
        {
            "source_labels": [_UID, _CONTAINER],
            "separator": "/",
            "replacement": "/var/log/pods/*$1/*.log",
            "target_label": "__path__",
        },
    ]
    return {
        "job_name": stream.name,
        "kubernetes_sd_configs": [found],
        "relabel_configs": rules,
        "pipeline_stages": [{CRI: {}}, *stages],
    }


def _docker(stream: LogStream, names: list[str], stages: list[Plain]) -> dict[str, Plain]:
    chosen = "|".join(map(literal_pattern, names))
    return {
        "job_name": stream.name,
        "docker_sd_configs": [{"host": "unix:///var/run/docker.sock"}],
        "relabel_configs": [
            # Docker puts a slash before the names of containers.
            {"source_labels": [_DOCKER_NAME], "regex": f"/({chosen})", "action": "keep"},
            {"source_labels": [_DOCKER_NAME], "regex": "/(.*)", "target_label": "container"},
        ],
        "pipeline_stages": stages,
    }
