"""The servers of traces, and the collector before them, as programs to run.

Sources: the Dockerfile of each for its user, its entry point and the programs in the image: Jaeger 2.20 is on Alpine
(scripts/build/docker/base), with wget, and has no folder for badger; Tempo has nothing but itself, /var/tempo is its
user's, and it asks itself with ``-health`` since 3.0 (grafana/tempo#6608); otelcol-contrib is from scratch, so nothing
in it can ask. Paths: "healthcheckv2" of Jaeger and "health_check" of the collector at port 13133, "/ready" of Tempo.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.deployment.addresses import target_address
from skillforge_mon.backends.deployment.system import GIB, Needs, Port, Release, Settings, Site, System, wget
from skillforge_mon.backends.jaeger.configuration import STRATEGIES_IN_CONTAINER, STRATEGIES_PATH
from skillforge_mon.backends.prometheus.span_metrics_job import PORT as SPAN_METRICS

_HEALTH: Final = 13133
_METRICS: Final = 8888
_TEMPO: Final = "/var/tempo"


def _otlp(site: Site, target: str) -> tuple[Port, ...]:
    """Both ports of OTLP. They are published where services send to: the collector, or else the first store."""
    traces = site.project.traces
    first = "collector" if site.target("collector") is not None else next(iter(traces.stores if traces else ()), "")
    told = target == first
    return Port("otlp-grpc", 4317, True, told), Port("otlp-http", 4318, True, told)


def _jaeger(site: Site, configuration: str) -> Settings:
    storage = site.target("jaeger").storage
    ports = (*_otlp(site, "jaeger"), Port("health", _HEALTH), Port("metrics", _METRICS))
    folders = {}
    if site.has(STRATEGIES_PATH):
        ports += (Port("sampling", 5778, True), Port("sampling-grpc", 5779, True))
        folders["jaeger/"] = STRATEGIES_IN_CONTAINER.rpartition("/")[0]
    return Settings(
        (f"--config={configuration}",),
        folders=folders,
        ports=ports,
        data=storage.path if storage.kind == "badger" else "",
    )


def _tempo(site: Site, configuration: str) -> Settings:
    folder = site.target("tempo").storage.path.rstrip("/")
    # The parts that read and order blocks keep what is theirs in /var/tempo, whatever the storage says.
    own = () if _within(_TEMPO, folder) else (_TEMPO,)
    arguments = (f"-config.file={configuration}", "-config.expand-env=true")
    return Settings(arguments, ports=_otlp(site, "tempo"), data=folder, scratch=own)


def _within(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")


def _collector(site: Site, configuration: str) -> Settings:
    grpc, _ = _otlp(site, "collector")
    ports = (grpc, Port("health", _HEALTH), Port("metrics", _METRICS), Port("span-metrics", SPAN_METRICS))
    return Settings((f"--config={configuration}",), replicas=site.target("collector").replicas, ports=ports)


TRACE_SERVERS: Final[tuple[System, ...]] = (
    System(
        "jaeger",
        Release("jaegertracing/jaeger", "{version}"),
        16686,
        "/status",
        _jaeger,
        target="jaeger",
        configuration=("jaeger/config.yaml",),
        reads=("jaeger/",),
        asks=wget(_HEALTH, "/status"),
        entrypoint=("/cmd/jaeger/jaeger-linux",),
        size=20 * GIB,
        user=10001,
        group=10001,
        waits_for=("elasticsearch",),
        address=target_address("jaeger"),
        told=target_address("jaeger", "otlp"),
        url=target_address("jaeger", "public_url"),
        health_port="health",
        receives=True,
        public=True,
        scratch=("/tmp",),  # noqa: S108 - inside a container
        needs=Needs("100m", "512Mi"),
    ),
    System(
        "tempo",
        Release("grafana/tempo", "{version}"),
        3200,
        "/ready",
        _tempo,
        target="tempo",
        configuration=("tempo/tempo.yaml",),
        reads=("tempo/",),
        asks=("/tempo", "-health", "-health.url=http://127.0.0.1:3200/ready"),
        data=_TEMPO,
        size=20 * GIB,
        user=10001,
        group=10001,
        address=target_address("tempo"),
        told=target_address("tempo", "otlp"),
        needs=Needs("250m", "1Gi"),
    ),
    System(
        "otel-collector",
        Release("otel/opentelemetry-collector-contrib", "{version}"),
        4318,
        "/",
        _collector,
        target="collector",
        configuration=("collector/config.yaml",),
        reads=("collector/",),
        user=10001,
        group=10001,
        waits_for=("jaeger", "tempo", "loki"),
        address=target_address("collector", "address"),
        health_port="health",
        receives=True,
        needs=Needs("200m", "1Gi"),
    ),
)
