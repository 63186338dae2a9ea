"""Exporters whose images are known.

An exporter runs where ``exporters`` of the deployment names it, or where a service scrapes a host that is called after
it, under its usual port: ``postgres-exporter:9187``.

Sources: the Dockerfile of each for its user and its programs (redis_exporter has a shell in the ``-alpine`` image
only); their READMEs for the variables; node_exporter, README, "Docker"; versions as kube-prometheus had them in autumn
2026 (jsonnet/kube-prometheus/versions.json).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from skillforge_mon.backends.deployment.system import Needs, Release, Settings, Site, System, wget
from skillforge_mon.documents.document import Plain

_LISTED: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("", ("configmaps", "endpoints", "limitranges", "namespaces", "nodes", "persistentvolumeclaims",
          "persistentvolumes", "pods", "replicationcontrollers", "resourcequotas", "secrets", "services")),
    ("admissionregistration.k8s.io", ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")),
    ("apps", ("daemonsets", "deployments", "replicasets", "statefulsets")),
    ("autoscaling", ("horizontalpodautoscalers",)),
    ("batch", ("cronjobs", "jobs")),
    ("certificates.k8s.io", ("certificatesigningrequests",)),
    ("coordination.k8s.io", ("leases",)),
    ("discovery.k8s.io", ("endpointslices",)),
    ("networking.k8s.io", ("ingresses", "networkpolicies")),
    ("policy", ("poddisruptionbudgets",)),
    ("storage.k8s.io", ("storageclasses", "volumeattachments")),
)  # fmt: skip
_COUNTED: Final = tuple(
    (group, tuple(name for name in names if name not in {"configmaps", "secrets"})) for group, names in _LISTED
)
"""What kube-state-metrics counts (examples/standard/cluster-role.yaml), without what may hold secrets."""


def _cluster(_site: Site) -> tuple[Plain, ...]:
    return tuple(
        {"apiGroups": [group], "resources": list(names), "verbs": ["list", "watch"]} for group, names in _COUNTED
    )


_NODE_ARGUMENTS: Final = (
    "--path.rootfs=/host",
    "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/kubelet/.+)($|/)",
)
_STATE_RESOURCES: Final = ",".join(name for _, names in _COUNTED for name in names)

EXPORTERS: Final[tuple[System, ...]] = (
    System(
        "node",
        Release("quay.io/prometheus/node-exporter", version="1.12.1"),
        9100,
        "/",
        lambda _site, _configuration: Settings(_NODE_ARGUMENTS),
        asks=wget(9100, "/"),
        per_node=True,
        host_paths={"/": "/host"},
        needs=Needs("50m", "64Mi"),
        words=("node",),
    ),
    System(
        "postgres",
        Release("quay.io/prometheuscommunity/postgres-exporter", version="0.20.1"),
        9187,
        "/",
        lambda _site, _configuration: Settings(),
        asks=wget(9187, "/"),
        entrypoint=("/bin/postgres_exporter",),
        asks_application=True,
        must_know=("DATA_SOURCE_URI", "DATA_SOURCE_NAME"),
        words=("postgres", "pg"),
    ),
    System(
        "redis",
        Release("oliver006/redis_exporter", "v{version}-alpine", "1.88.0"),
        9121,
        "/health",
        lambda _site, _configuration: Settings(),
        asks=wget(9121, "/health"),
        entrypoint=("/redis_exporter",),
        user=59000,
        group=59000,
        asks_application=True,
        must_know=("REDIS_ADDR",),
        words=("redis",),
    ),
    System(
        "statsd",
        Release("prom/statsd-exporter", version="0.28.0"),
        9102,
        "/",
        lambda _site, _configuration: Settings(),
        asks=wget(9102, "/"),
        receives=True,
        words=("statsd",),
    ),
    System(
        "pushgateway",
        Release("prom/pushgateway", version="1.11.1"),
        9091,
        "/-/ready",
        lambda _site, _configuration: Settings(),
        asks=wget(9091, "/-/ready"),
        receives=True,
        words=("pushgateway",),
    ),
    System(
        "kube-state-metrics",
        Release("registry.k8s.io/kube-state-metrics/kube-state-metrics", version="2.19.1"),
        8080,
        "/livez",
        lambda _site, _configuration: Settings((f"--resources={_STATE_RESOURCES}",)),
        needs=Needs("50m", "256Mi"),
        rules=_cluster,
        words=("kube-state-metrics",),
        only_kubernetes=True,
    ),
)
"""Every exporter, by its kind. One more is one entry here."""
KINDS: Final = {exporter.name: exporter for exporter in EXPORTERS}


def kind_of(host: str, port: int | None = None) -> System | None:
    """The exporter that ``host`` is called after; with ``port``, only one of that port."""
    for exporter in EXPORTERS:
        if any(word in host for word in exporter.words) and port in {None, exporter.port}:
            return exporter
    return None


def scraped(site: Site) -> Iterator[tuple[str, System]]:
    """The exporters that services of the project scrape, each by its host."""
    for service in site.project.services.values():
        for scrape in service.spec.scrape:
            for address in scrape.targets:
                host, _, port = address.rpartition(":")
                found = kind_of(host, int(port)) if port.isdigit() and "." not in host else None
                if found is not None:
                    yield host, replace(found, name=host, title=found.name)
