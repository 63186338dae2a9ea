"""The servers of logs, and what brings logs to them, as programs to run.

Sources: the Dockerfile of each project for its user, its entry point and the programs in the image (Loki: busybox
until 3.5, nothing but Loki from 3.6 on, grafana/loki#20149, which asks itself with ``-health`` from 3.7 on,
grafana/loki#20313; Alloy and Promtail: Ubuntu and Debian, without curl and wget, grafana/alloy#477; Elasticsearch and
Kibana: curl); and for the paths, "/ready" of Loki.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.deployment.addresses import target_address
from skillforge_mon.backends.deployment.log_readers import fitted, fitted_alloy
from skillforge_mon.backends.deployment.system import GIB, Needs, Release, Settings, Site, System, configured, wget
from skillforge_mon.backends.loki.configuration import RULES_FOLDER
from skillforge_mon.backends.prometheus.capabilities import version_of

_PORT: Final = 3100
_WITHOUT_SHELL: Final = (3, 6)
_ASKS_ITSELF: Final = (3, 7)


def _alloy(_site: Site, configuration: str) -> Settings:
    listen = "--server.http.listen-addr=0.0.0.0:12345"
    return Settings(("run", "--storage.path=/var/lib/alloy/data", listen, configuration))


def _loki(site: Site, configuration: str) -> Settings:
    target = site.target("loki")
    version = version_of(target.version)
    ready = f"http://127.0.0.1:{_PORT}/ready"
    asks = (
        wget(_PORT, "/ready")
        if version < _WITHOUT_SHELL
        else ("/usr/bin/loki", "-health", f"-health.url={ready}")
        if version >= _ASKS_ITSELF
        else ()
    )
    arguments = (f"-config.file={configuration}", "-config.expand-env=true")
    return Settings(arguments, folders={"loki/rules/": RULES_FOLDER}, data=target.storage.path.rstrip("/"), asks=asks)


def _elasticsearch(_site: Site, _configuration: str) -> Settings:
    # Without TLS there is no security to configure; ports are published on the machine itself only.
    return Settings((), {"discovery.type": "single-node", "xpack.security.enabled": "false"})


def _kibana(site: Site, _configuration: str) -> Settings:
    return Settings((), {"ELASTICSEARCH_HOSTS": site.target("elasticsearch").url})


LOG_SERVERS: Final[tuple[System, ...]] = (
    System(
        "loki",
        Release("grafana/loki", "{version}"),
        _PORT,
        "/ready",
        _loki,
        target="loki",
        configuration=("loki/loki.yaml", "loki/loki.yml", "loki/config.yaml"),
        reads=("loki/",),
        receives=True,
        data="/loki",
        size=20 * GIB,
        user=10001,
        group=10001,
        address=target_address("loki"),
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
        fit=fitted_alloy,
        scratch=("/tmp",),  # noqa: S108 - inside a container
        needs=Needs("100m", "256Mi"),
    ),
    System(
        "promtail",
        Release("grafana/promtail", "{version}", "3.5.0"),
        9080,
        "/ready",
        configured("-config.file=", "-config.expand-env=true"),
        target="promtail",
        configuration=("promtail/promtail.yaml", "promtail/promtail.yml", "promtail/config.yaml"),
        reads=("promtail/",),
        data="/var/lib/promtail",
        user=0,
        group=0,
        waits_for=("loki",),
        per_node=True,
        host_paths={"/var/log": "/var/log"},
        fit=fitted,
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
        size=50 * GIB,
        user=1000,
        group=0,
        address=target_address("elasticsearch"),
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
        url=target_address("elasticsearch", "kibana_url"),
        public=True,
        writable_root=True,
        needs=Needs("250m", "1Gi"),
    ),
)
