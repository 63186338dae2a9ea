"""The real Pushgateway, and the pipeline that tells it of deployments."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.exporters import _DIRECT, _process, page_at
from tests.real.servers import free_port


@dataclass(slots=True)
class Pipeline:
    """What it has counted; ``port`` is Pushgateway's."""

    port: int = field(default_factory=free_port)
    metrics: dict[str, float] = field(
        default_factory=lambda: {'deployments_total{status="success"}': 1.0, "maintenance_mode": 0.0}
    )

    def push(self, metrics: Mapping[str, float]) -> None:
        """Tell of these, too."""
        self.metrics |= metrics
        body = "".join(f"{name} {value}\n" for name, value in self.metrics.items()).encode()
        address = f"http://127.0.0.1:{self.port}/metrics/job/deployments"
        with _DIRECT.open(urllib.request.Request(address, body, method="PUT"), timeout=10) as answer:
            assert answer.status == 200


@contextmanager
def pipeline(program: Path, log: Path) -> Iterator[Pipeline]:
    """It has told of a deployment that succeeded."""
    found = Pipeline()
    with _process([str(program), f"--web.listen-address=127.0.0.1:{found.port}"], log, {}):
        page_at(f"http://127.0.0.1:{found.port}/-/ready")
        found.push({})
        yield found
