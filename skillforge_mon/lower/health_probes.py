"""The health endpoints of a service as the probes of its container, without any file.

Kubernetes has three (kubernetes.io, "Configure Liveness, Readiness and Startup Probes"): until the startup probe has
succeeded once the others do not run; a container whose liveness probe fails is started again; one whose readiness probe
fails gets no traffic. So liveness must never ask for what the service depends on: a database that is down would
restart everything. ``full`` is for people and for blackbox_exporter, and never becomes one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from skillforge_mon.model.probe_hosts import url_path, url_port
from skillforge_mon.spec.models.services import Health, HealthPath
from skillforge_mon.spec.quantities import Duration

PERIOD: Final = Duration.of(seconds=10)
TIMEOUT: Final = Duration.of(seconds=1)
FAILURES: Final = 3
"""What Kubernetes does where nothing is said: ``periodSeconds``, ``timeoutSeconds``, ``failureThreshold``. (API
reference, v1.Probe)"""
STARTUP: Final = Duration.of(minutes=5)
"""How long a container may take to start where ``delay`` does not say so."""


@dataclass(frozen=True, slots=True)
class ContainerProbe:
    """One probe. ``port`` is that of the service's address; times are whole seconds, at least one."""

    kind: Literal["startup", "readiness", "liveness"]
    path: str
    port: int
    scheme: Literal["HTTP", "HTTPS"]
    period: int
    timeout: int
    failures: int


def container_probes(health: Health) -> tuple[ContainerProbe, ...]:
    """The probes of a service with these endpoints, in the order in which they begin; none where it has none."""
    found: list[ContainerProbe] = []
    starting = health.live or health.ready
    if starting is not None:
        period = _seconds(starting.every or PERIOD)
        allowed = _seconds(starting.delay or STARTUP)
        found.append(_probe("startup", health, starting, period, max(1, -(-allowed // period))))
    for kind, endpoint in (("readiness", health.ready), ("liveness", health.live)):
        if endpoint is not None:
            period = _seconds(endpoint.every or PERIOD)
            found.append(_probe(kind, health, endpoint, period, endpoint.failures or FAILURES))  # type: ignore[arg-type]
    return tuple(found)


def _probe(
    kind: Literal["startup", "readiness", "liveness"], health: Health, endpoint: HealthPath, period: int, failures: int
) -> ContainerProbe:
    url = health.at(endpoint)
    return ContainerProbe(
        kind=kind,
        path=url_path(url),
        port=url_port(url),
        scheme="HTTPS" if url.startswith("https://") else "HTTP",
        period=period,
        timeout=_seconds(endpoint.timeout or TIMEOUT),
        failures=failures,
    )


def _seconds(length: Duration) -> int:
    return max(1, -(-int(length) // 1000))
