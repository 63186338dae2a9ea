"""Scrape jobs that discover annotated workloads of Kubernetes.

``prometheus.io/scrape: "true"`` opts in; ``port``, ``path`` and ``scheme`` say where. Services are found through their
endpoint slices, so that every pod behind one is scraped and not one of them at random. Nodes are the kubelets; they
need no annotation, and Prometheus's own service account to read them.

As with services that are listed, ``service`` and ``job`` both name the service: the Kubernetes service, or what the
pod's label ``app.kubernetes.io/name`` or ``app`` says.

Names of the meta labels: Prometheus, "Configuration", kubernetes_sd_config.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.models.targets import KubernetesDiscovery

_ACCOUNT: Final = "/var/run/secrets/kubernetes.io/serviceaccount"


def kubernetes_jobs(discovery: KubernetesDiscovery) -> list[dict[str, Plain]]:
    """One job per role, in the order of the language."""
    make = {"pod": _pods, "service": _services, "node": _nodes}
    return [make[role](discovery) for role in make if role in discovery.roles]


def _pods(discovery: KubernetesDiscovery) -> dict[str, Plain]:
    return {
        "job_name": "kubernetes-pods",
        "kubernetes_sd_configs": [_discovered("pod", discovery)],
        "relabel_configs": [
            *_annotated("__meta_kubernetes_pod"),
            # Every port of every container is a target. All are sent to the annotated port, and those that end up with
            # the same labels are scraped once: so no label may tell the containers of a pod apart.
            {"source_labels": ["__meta_kubernetes_pod_container_init"], "regex": "true", "action": "drop"},
            # Pods that have ended keep their address for a while.
            {
                "source_labels": ["__meta_kubernetes_pod_phase"],
                "regex": "Pending|Succeeded|Failed|Completed",
                "action": "drop",
            },
            _copied("__meta_kubernetes_namespace", "namespace"),
            _copied("__meta_kubernetes_pod_name", "pod"),
            _copied("__meta_kubernetes_pod_node_name", "node"),
            *_named_after("__meta_kubernetes_pod_label_app"),
            *_named_after("__meta_kubernetes_pod_label_app_kubernetes_io_name"),
        ],
    }


def _services(discovery: KubernetesDiscovery) -> dict[str, Plain]:
    return {
        "job_name": "kubernetes-services",
        "kubernetes_sd_configs": [_discovered("endpointslice", discovery)],
        "relabel_configs": [
            *_annotated("__meta_kubernetes_service"),
            {
                "source_labels": ["__meta_kubernetes_endpointslice_endpoint_conditions_ready"],
                "regex": "false",
                "action": "drop",
            },
            _copied("__meta_kubernetes_namespace", "namespace"),
            *_named_after("__meta_kubernetes_service_name"),
            _copied("__meta_kubernetes_pod_name", "pod"),
            _copied("__meta_kubernetes_pod_node_name", "node"),
        ],
    }


def _nodes(_discovery: KubernetesDiscovery) -> dict[str, Plain]:
    return {
        "job_name": "kubernetes-nodes",
        "scheme": "https",
        "authorization": {"credentials_file": f"{_ACCOUNT}/token"},
        "tls_config": {"ca_file": f"{_ACCOUNT}/ca.crt"},
        "kubernetes_sd_configs": [{"role": "node"}],
        "relabel_configs": [_copied("__meta_kubernetes_node_name", "node")],
    }


def _discovered(role: str, discovery: KubernetesDiscovery) -> dict[str, Plain]:
    found: dict[str, Plain] = {"role": role}
    if discovery.namespaces:
        found["namespaces"] = {"names": list(discovery.namespaces)}
    return found


def _annotated(prefix: str) -> list[Plain]:
    """Keep what is annotated, and scrape it where its annotations say."""
    annotation = f"{prefix}_annotation_prometheus_io"
    return [
        {"source_labels": [f"{annotation}_scrape"], "regex": "true", "action": "keep"},
        {
            "source_labels": [f"{annotation}_scheme"],
            "regex": "(https?)",
            "target_label": "__scheme__",
            "action": "replace",
        },
        {
            "source_labels": [f"{annotation}_path"],
            "regex": "(.+)",
            "target_label": "__metrics_path__",
            "action": "replace",
        },
        {
            "source_labels": ["__address__", f"{annotation}_port"],
            # An address with or without a port, IPv6 in brackets, then the annotated port.
            "regex": r"(\[[^\]]+\]|[^:]+)(?::\d+)?;(\d+)",
            "replacement": "$1:$2",
            "target_label": "__address__",
            "action": "replace",
        },
    ]


def _named_after(source: str) -> list[Plain]:
    """``service`` and ``job`` from ``source`` where it is there: by these, the series of a service are selected."""
    return [
        {"source_labels": [source], "regex": "(.+)", "target_label": target, "action": "replace"}
        for target in ("service", "job")
    ]


def _copied(source: str, target: str) -> dict[str, Plain]:
    return {"source_labels": [source], "target_label": target, "action": "replace"}
