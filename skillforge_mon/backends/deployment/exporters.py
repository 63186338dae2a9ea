"""Exporters whose images are known.

Sources: the Dockerfile of each for its user and its programs (redis_exporter has a shell in the ``-alpine`` image
only, nginx-prometheus-exporter is from scratch, celery-exporter has Python and no wget, sql_exporter is on busybox,
burningalchemist/sql_exporter#132); their READMEs for the variables; node_exporter, README, "Docker"; cAdvisor,
docs/running.md, for the folders of the host; versions as kube-prometheus had them in autumn 2026
(jsonnet/kube-prometheus/versions.json), of what it has not, tags that others run.
"""

from __future__ import annotations

from typing import Any, Final

from skillforge_mon.backends.deployment.system import Needs, Release, Settings, Site, System, configured, wget
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

_ASKED_BY_PYTHON: Final = "import urllib.request; urllib.request.urlopen('{url}', timeout=4)"


def _plain(_site: Site, _configuration: str) -> Settings:
    """Settings of a program that is told everything by what the spec says of it."""
    return Settings()


def _exporter(kind: str, release: Release, port: int, path: str, **further: Any) -> System:
    """An exporter that is asked at ``path`` of its only port, by wget unless ``further`` says otherwise.

    Hosts are called after its kind where ``further`` has no ``words``.
    """
    usual = {"settings": _plain, "asks": wget(port, path), "words": (kind,)}
    return System(kind, release, port, path, **{**usual, **further})


EXPORTERS: Final[tuple[System, ...]] = (
    _exporter(
        "node",
        Release("quay.io/prometheus/node-exporter", version="1.12.1"),
        9100,
        "/",
        settings=lambda _site, _configuration: Settings(_NODE_ARGUMENTS),
        per_node=True,
        host_paths={"/": "/host"},
        needs=Needs("50m", "64Mi"),
    ),
    _exporter(
        "postgres",
        Release("quay.io/prometheuscommunity/postgres-exporter", version="0.20.1"),
        9187,
        "/",
        entrypoint=("/bin/postgres_exporter",),
        asks_application=True,
        must_know=("DATA_SOURCE_URI", "DATA_SOURCE_NAME"),
        words=("postgres", "pg"),
    ),
    _exporter(
        "redis",
        Release("oliver006/redis_exporter", "v{version}-alpine", "1.88.0"),
        9121,
        "/health",
        entrypoint=("/redis_exporter",),
        user=59000,
        group=59000,
        asks_application=True,
        must_know=("REDIS_ADDR",),
    ),
    _exporter("statsd", Release("prom/statsd-exporter", version="0.28.0"), 9102, "/", receives=True),
    _exporter("pushgateway", Release("prom/pushgateway", version="1.11.1"), 9091, "/-/ready", receives=True),
    _exporter(
        "cadvisor",
        Release("gcr.io/cadvisor/cadvisor", version="0.52.1"),
        8080,
        "/healthz",
        # Containers and nothing else of the host, without their Docker labels, of which each would be one of a series.
        settings=lambda _site, _configuration: Settings(("--docker_only=true", "--store_container_labels=false")),
        user=0,
        group=0,
        per_node=True,
        host_paths={"/": "/rootfs", "/var/run": "/var/run", "/sys": "/sys", "/var/lib/docker": "/var/lib/docker"},
        needs=Needs("100m", "256Mi"),
    ),
    _exporter(
        "elasticsearch",
        Release("quay.io/prometheuscommunity/elasticsearch-exporter", version="1.10.0"),
        9114,
        "/",
        asks_application=True,
        must_know=("--es.uri",),
        words=("elasticsearch-exporter",),
    ),
    _exporter(
        "nginx",
        Release("nginx/nginx-prometheus-exporter", "{version}", "1.5.1"),
        9113,
        "/",
        asks=(),
        user=1001,
        group=1001,
        asks_application=True,
        must_know=("SCRAPE_URI", "--nginx.scrape-uri"),
        words=("nginx-exporter",),
    ),
    _exporter(
        "celery",
        Release("danihodovic/celery-exporter", "{version}", "0.10.13"),
        9808,
        "/health",
        asks=("python", "-c", _ASKED_BY_PYTHON.format(url="http://127.0.0.1:9808/health")),
        user=1000,
        group=1000,
        asks_application=True,
        must_know=("CE_BROKER_URL", "--broker-url"),
        needs=Needs("50m", "128Mi"),
        words=("celery-exporter",),
    ),
    _exporter(
        "sql",
        Release("burningalchemist/sql_exporter", "{version}", "0.18.0"),
        9399,
        "/healthz",
        settings=configured("--config.file="),
        entrypoint=("/bin/sql_exporter",),
        asks_application=True,
        words=(),
    ),
    _exporter(
        "json",
        Release("quay.io/prometheuscommunity/json-exporter", version="0.7.0"),
        7979,
        "/metrics",
        settings=configured("--config.file="),
        asks_application=True,
        words=(),
    ),
    _exporter(
        "kube-state-metrics",
        Release("registry.k8s.io/kube-state-metrics/kube-state-metrics", version="2.19.1"),
        8080,
        "/livez",
        settings=lambda _site, _configuration: Settings((f"--resources={_STATE_RESOURCES}",)),
        asks=(),
        needs=Needs("50m", "256Mi"),
        rules=_cluster,
        only_kubernetes=True,
    ),
)
"""Every exporter, by its kind. One more is one entry here."""
KINDS: Final = {exporter.name: exporter for exporter in EXPORTERS}


def kind_of(host: str, port: int | None = None) -> System | None:
    """The exporter that ``host`` is called after; with ``port``, only one of that port."""
    found = (each for each in EXPORTERS if any(word in host for word in each.words) and port in {None, each.port})
    return next(found, None)
