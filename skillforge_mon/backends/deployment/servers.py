"""The servers that a project is compiled for, as programs to run.

A server runs in the version that its target names: that is what its configuration was written for.

Sources: the Dockerfile of each project for its user, its entry point and the programs in the image (Prometheus,
Alertmanager, blackbox_exporter and Thanos: quay.io/prometheus/busybox, with wget; Grafana: Alpine; Loki: busybox until
3.5, nothing but Loki from 3.6 on, grafana/loki#20149; Alloy and Promtail: Ubuntu and Debian, without curl and wget,
grafana/alloy#477; Elasticsearch and Kibana: curl); and for the paths, "Management API" of Prometheus and Alertmanager,
"Health API" of Grafana, "/ready" of Loki.
"""

from __future__ import annotations

from typing import Any, Final

from skillforge_mon.backends.deployment.system import Needs, Release, Settings, Site, System, wget
from skillforge_mon.backends.prometheus.capabilities import version_of
from skillforge_mon.backends.prometheus.flags import PATH as FLAGS
from skillforge_mon.backends.prometheus.scale import REPLICA_VARIABLE, is_agent
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import references_in

_GIB: Final = 2**30


def _plain_url(url: str | None) -> str | None:
    """``url`` where it is the root of a server and known now: with a path, a proxy would have to be known too."""
    if url is None or references_in(url):
        return None
    return url if url.rstrip("/").count("/") == 2 else None


def _external(site: Site, target: str) -> tuple[str, ...]:
    url = _plain_url(site.target(target).url)
    return () if url is None else (f"--web.external-url={url.rstrip('/')}/",)


def _prometheus(site: Site, configuration: str) -> Settings:
    target = site.target("prometheus")
    flags = [str(document.content).splitlines() for document in site.below(FLAGS)]
    arguments = (
        f"--config.file={configuration}",
        f"--storage.{'agent' if is_agent(target) else 'tsdb'}.path=/prometheus",
        "--web.enable-lifecycle",
        *_external(site, "prometheus"),
        *(flag for lines in flags for flag in lines),
    )
    return Settings(arguments, replicas=target.replicas, replica_variable=REPLICA_VARIABLE)


def _discovery(site: Site) -> tuple[Plain, ...]:
    """What service discovery reads (Prometheus, documentation/examples/rbac-setup.yml), where the target discovers."""
    kubernetes = site.target("prometheus").kubernetes
    if kubernetes is None:
        return ()
    rules: list[Plain] = [
        {"apiGroups": [""], "resources": ["services", "pods"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]},
    ]
    if "node" in kubernetes.roles:
        rules += [
            {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]},
            {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
            {"nonResourceURLs": ["/metrics", "/metrics/cadvisor"], "verbs": ["get"]},
        ]
    return tuple(rules)


def _alertmanager(site: Site, configuration: str) -> Settings:
    # One server needs no others to agree with, and an open port less.
    return Settings((
        f"--config.file={configuration}",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=",
        *_external(site, "alertmanager"),
    ))  # fmt: skip


def _grafana(site: Site, _configuration: str) -> Settings:
    target = site.target("grafana")
    environment = {"GF_PATHS_PROVISIONING": f"{site.tree}/grafana/provisioning"}
    url = _plain_url(target.url)
    if url is not None:
        environment["GF_SERVER_ROOT_URL"] = url
    within = target.dashboards_path.startswith(f"{site.tree}/")
    return Settings((), environment, {} if within else {"grafana/dashboards/": target.dashboards_path.rstrip("/")})


def _configured(flag: str, *further: str) -> Any:
    """Settings of a program that needs to know its configuration, and ``further`` arguments."""
    return lambda _site, configuration: Settings((f"{flag}{configuration}", *further))


def _alloy(_site: Site, configuration: str) -> Settings:
    listen = "--server.http.listen-addr=0.0.0.0:12345"
    return Settings(("run", "--storage.path=/var/lib/alloy/data", listen, configuration))


def _loki_health(site: Site) -> bool:
    return version_of(site.target("loki").version) < (3, 6)


def _elasticsearch(site: Site, _configuration: str) -> Settings:
    environment = {"discovery.type": "single-node"}
    if site.target("elasticsearch").url.startswith("http://"):
        # Without TLS there is no security to configure; ports are published on the machine itself only.
        environment["xpack.security.enabled"] = "false"
    return Settings((), environment)


def _kibana(site: Site, _configuration: str) -> Settings:
    return Settings((), {"ELASTICSEARCH_HOSTS": site.target("elasticsearch").url})


def _of_grafana(field: str) -> Any:
    """The address of a server as Grafana reaches it."""
    return lambda site: getattr(site.target("grafana"), field, None)


def _first_alertmanager(site: Site) -> str | None:
    prometheus = site.target("prometheus")
    return prometheus.alertmanagers[0] if prometheus is not None and prometheus.alertmanagers else None


def _url(target: str, field: str = "url") -> Any:
    return lambda site: getattr(site.target(target), field, None)


SERVERS: Final[tuple[System, ...]] = (
    System(
        "prometheus",
        Release("prom/prometheus"),
        9090,
        "/-/ready",
        _prometheus,
        target="prometheus",
        configuration=("prometheus/prometheus.yml",),
        reads=("prometheus/",),
        live="/-/healthy",
        asks=wget(9090, "/-/ready"),
        data="/prometheus",
        size=50 * _GIB,
        waits_for=("alertmanager",),
        address=_of_grafana("prometheus_url"),
        url=_url("prometheus"),
        asks_application=True,
        needs=Needs("250m", "2Gi"),
        rules=_discovery,
    ),
    System(
        "alertmanager",
        Release("prom/alertmanager"),
        9093,
        "/-/ready",
        _alertmanager,
        target="alertmanager",
        configuration=("alertmanager/alertmanager.yml",),
        reads=("alertmanager/",),
        live="/-/healthy",
        asks=wget(9093, "/-/ready"),
        data="/alertmanager",
        size=1 * _GIB,
        address=_first_alertmanager,
        url=_url("alertmanager"),
    ),
    System(
        "grafana",
        Release("grafana/grafana", "{version}"),
        3000,
        "/api/health",
        _grafana,
        target="grafana",
        reads=("grafana/provisioning/",),
        asks=wget(3000, "/api/health"),
        entrypoint=("/run.sh",),
        data="/var/lib/grafana",
        size=2 * _GIB,
        user=472,
        group=0,
        waits_for=("prometheus", "loki"),
        url=_url("grafana"),
        public=True,
        scratch=("/tmp", "/var/log/grafana"),  # noqa: S108 - inside a container
        needs=Needs("100m", "256Mi"),
    ),
    System(
        "blackbox-exporter",
        Release("prom/blackbox-exporter"),
        9115,
        "/-/healthy",
        _configured("--config.file="),
        target="blackbox",
        configuration=("blackbox/blackbox.yml",),
        reads=("blackbox/",),
        asks=wget(9115, "/-/healthy"),
        address=_url("blackbox", "address"),
        asks_application=True,
    ),
    System(
        "loki",
        Release("grafana/loki", "{version}"),
        3100,
        "/ready",
        _configured("-config.file=", "-config.expand-env=true"),
        target="loki",
        configuration=("loki/loki.yaml", "loki/loki.yml", "loki/config.yaml"),
        reads=("loki/",),
        receives=True,
        data="/loki",
        size=20 * _GIB,
        user=10001,
        group=10001,
        address=_url("loki"),
        needs=Needs("100m", "512Mi"),
    ),
    System(
        "alloy",
        Release("grafana/alloy"),
        12345,
        "/-/ready",
        _alloy,
        target="alloy",
        configuration=("alloy/config.alloy", "alloy/alloy.alloy"),
        reads=("alloy/",),
        data="/var/lib/alloy/data",
        user=0,
        group=0,
        waits_for=("loki",),
        asks_application=True,
        per_node=True,
        host_paths={"/var/log": "/var/log"},
        scratch=("/tmp",),  # noqa: S108 - inside a container
        needs=Needs("100m", "256Mi"),
    ),
    System(
        "promtail",
        Release("grafana/promtail", "{version}", "3.5.0"),
        9080,
        "/ready",
        _configured("-config.file=", "-config.expand-env=true"),
        target="promtail",
        configuration=("promtail/promtail.yaml", "promtail/promtail.yml", "promtail/config.yaml"),
        reads=("promtail/",),
        data="/var/lib/promtail",
        user=0,
        group=0,
        waits_for=("loki",),
        per_node=True,
        host_paths={"/var/log": "/var/log"},
    ),
    System(
        "elasticsearch",
        Release("docker.elastic.co/elasticsearch/elasticsearch", "{version}"),
        9200,
        "/_cluster/health?local=true",
        _elasticsearch,
        target="elasticsearch",
        asks=("curl", "-sf", "-o", "/dev/null", "http://127.0.0.1:9200/_cluster/health?local=true"),
        data="/usr/share/elasticsearch/data",
        size=50 * _GIB,
        user=1000,
        group=0,
        address=_url("elasticsearch"),
        writable_root=True,
        needs=Needs("500m", "2Gi"),
    ),
    System(
        "kibana",
        Release("docker.elastic.co/kibana/kibana", "{version}"),
        5601,
        "/api/status",
        _kibana,
        target="elasticsearch",
        wanted=lambda site: site.target("elasticsearch").kibana_url is not None,
        asks=("curl", "-sf", "-o", "/dev/null", "http://127.0.0.1:5601/api/status"),
        user=1000,
        group=0,
        waits_for=("elasticsearch",),
        url=_url("elasticsearch", "kibana_url"),
        public=True,
        writable_root=True,
        needs=Needs("250m", "1Gi"),
    ),
)
"""Every server. One more is one entry here, and nothing else."""


def asked_from_within(system: System, site: Site) -> tuple[str, ...]:
    """The command that asks ``system`` from within its container; empty where its image has none in this version."""
    if system.name == "loki":
        return wget(system.port, system.health) if _loki_health(site) else ()
    return system.asks
