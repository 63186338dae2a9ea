"""Health endpoints as the probes of a container."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.lower.health_probes import ContainerProbe, container_probes
from skillforge_mon.spec.models.services import Health


def probes(health: dict[str, Any] | str) -> list[ContainerProbe]:
    return list(container_probes(Health.model_validate(health)))


def test_each_endpoint_is_the_probe_that_it_is_for() -> None:
    assert probes({"url": "http://api:8008", "live": "/health", "ready": "/ready", "full": "/health/detailed"}) == [
        ContainerProbe("startup", "/health", 8008, "HTTP", 10, 1, 30),
        ContainerProbe("readiness", "/ready", 8008, "HTTP", 10, 1, 3),
        ContainerProbe("liveness", "/health", 8008, "HTTP", 10, 1, 3),
    ]


def test_what_an_endpoint_says_of_itself_holds() -> None:
    ready = {"path": "/ready?deep=1", "every": "5s", "timeout": "2500ms", "failures": 4, "delay": "31s"}
    assert probes({"url": "https://api.example/base/", "ready": ready}) == [
        ContainerProbe("startup", "/base/ready?deep=1", 443, "HTTPS", 5, 3, 7),
        ContainerProbe("readiness", "/base/ready?deep=1", 443, "HTTPS", 5, 3, 4),
    ]


@pytest.mark.parametrize("health", ["http://api:8008", {"url": "http://api", "full": "/health"}])
def test_what_asks_for_dependencies_is_no_probe(health: dict[str, Any] | str) -> None:
    assert probes(health) == []
