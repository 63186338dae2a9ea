"""The servers of metrics, alerts and dashboards, as programs to run.

Sources: the Dockerfile of each project for its user, its entry point and the programs in the image (Prometheus,
Alertmanager and blackbox_exporter: quay.io/prometheus/busybox, with wget; Grafana: Alpine); and for the paths,
"Management API" of Prometheus and Alertmanager, "Health API" of Grafana.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.deployment.addresses import grafana_reaches, host_of, plain_url, target_address
from skillforge_mon.backends.deployment.system import GIB, Needs, Release, Settings, Site, System, configured, wget
from skillforge_mon.backends.prometheus.flags import PATH as FLAGS
from skillforge_mon.backends.prometheus.scale import REPLICA_VARIABLE, is_agent
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.probe_hosts import url_path


def _external(site: Site, target: str) -> tuple[str, ...]:
    """Where people reach it. A path is what a proxy in front of it takes off: it answers at ``/`` all the same."""
    url = plain_url(site.target(target).url)
    if url is None:
        return ()
    external = (f"--web.external-url={url.rstrip('/')}/",)
    return (*external, "--web.route-prefix=/") if url_path(url).strip("/") else external


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


def _reached(site: Site) -> str | None:
    """Prometheus as Grafana reaches it; not known where Grafana asks Thanos in its place."""
    address = grafana_reaches("prometheus_url")(site)
    thanos = site.target("prometheus").thanos
    return None if thanos is not None and address is not None and host_of(address) == host_of(thanos.url) else address


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
    url = plain_url(target.url)
    if url is not None:
        environment["GF_SERVER_ROOT_URL"] = url
    within = target.dashboards_path.startswith(f"{site.tree}/")
    return Settings((), environment, {} if within else {"grafana/dashboards/": target.dashboards_path.rstrip("/")})


def _first_alertmanager(site: Site) -> str | None:
    prometheus = site.target("prometheus")
    return prometheus.alertmanagers[0] if prometheus is not None and prometheus.alertmanagers else None


METRIC_SERVERS: Final[tuple[System, ...]] = (
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
        size=50 * GIB,
        waits_for=("alertmanager",),
        address=_reached,
        url=target_address("prometheus"),
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
        size=1 * GIB,
        address=_first_alertmanager,
        url=target_address("alertmanager"),
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
        size=2 * GIB,
        user=472,
        group=0,
        waits_for=("prometheus", "thanos-query", "loki"),
        url=target_address("grafana"),
        public=True,
        scratch=("/tmp", "/var/log/grafana"),  # noqa: S108 - inside a container
        needs=Needs("100m", "256Mi"),
    ),
    System(
        "blackbox-exporter",
        Release("prom/blackbox-exporter"),
        9115,
        "/-/healthy",
        configured("--config.file="),
        target="blackbox",
        configuration=("blackbox/blackbox.yml",),
        reads=("blackbox/",),
        asks=wget(9115, "/-/healthy"),
        address=target_address("blackbox", "address"),
        asks_application=True,
    ),
)
