"""An escalation in quick motion: a platform that ``monmc build`` wrote, on loopback, with all its durations divided.

A service whose page the test writes, the real Prometheus and Alertmanager, and a webhook that keeps what it is told and
when. Only the durations of the files are changed, so that what takes minutes takes seconds.
"""

from __future__ import annotations

import json
import re
import shutil
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.spec.quantities import Duration
from tests.real.servers import alertmanager_server, free_port, listening, prometheus_server
from tests.real.tools import Generation

FACTOR = 30
"""A minute takes two seconds, an evaluation of 30 s one second."""
DURATIONS = frozenset(
    ("scrape_interval", "scrape_timeout", "evaluation_interval", "interval", "for", "keep_firing_for", "group_wait",
     "group_interval", "repeat_interval")
)  # fmt: skip
INTERVALS = frozenset(("scrape_interval", "scrape_timeout", "evaluation_interval", "interval"))
RESEND = "3s"
"""How often Prometheus tells Alertmanager of an alert that goes on: the usual minute would be 2 s. An alert of which
nothing is heard ends after four times that, and a server's start does not become quicker with FACTOR."""
GRACE = "1s"
"""At most the shortest ``for``: with a longer one, Prometheus forgets alerts over a restart (see docs/route.md)."""
_RANGE = re.compile(r"(?<=\[)\w+(?=[]:])|(?<=:)\w+(?=\])|(?<=\boffset )\w+")
"""The durations of a query: of ranges, of a subquery's steps, of offsets."""
_BEGUN, _ANSWERED = (
    re.compile(rf"""(?m)^alertmanager_{name}{{integration="webhook".*}} (\S+)$""")
    for name in ("notifications_total", "notification_latency_seconds_count")
)
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def quickened(content: Any, factor: int = FACTOR, least: int = 0) -> Any:
    """The plain data of a file with every duration, also those in queries, divided by ``factor``.

    What is done again and again (INTERVALS) is done no more often than each ``least`` milliseconds.
    """
    if isinstance(content, Mapping):
        return {
            key: _divided(value, factor, least if key in INTERVALS else 0)
            if key in DURATIONS and isinstance(value, str)
            else _RANGE.sub(lambda found: _divided(found[0], factor), value)
            if key == "expr"
            else quickened(value, factor, least)
            for key, value in content.items()
        }
    return [quickened(item, factor, least) for item in content] if isinstance(content, list) else content


def _divided(text: str, factor: int, least: int = 0) -> str:
    return str(Duration(max(Duration.parse(text) // factor, least)))


def quicken(tree: Path, into: Path) -> None:
    """Write the output of a build below ``tree`` into ``into``, quickened. Files without durations are copied."""
    shutil.copytree(tree, into)
    for path in (*into.rglob("*.yml"), *into.rglob("*.yaml")):
        path.write_text(json.dumps(quickened(yaml.safe_load(path.read_text("utf-8")))), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Message:
    """What the webhook was told: when (``time.monotonic``), at which path, and one alert of it."""

    at: float
    path: str
    status: str
    labels: Mapping[str, str]


class World(ThreadingHTTPServer):
    """The service that breaks (``/metrics``) and the people who are told (any other path), as one server."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.metrics: dict[str, float] = {}
        self.told: list[Message] = []

    def page(self) -> str:
        """The metrics in the text format."""
        return "".join(f"# TYPE {name} gauge\n{name} {value}\n" for name, value in self.metrics.items())


class _Handler(BaseHTTPRequestHandler):
    server: World

    def do_GET(self) -> None:
        content = self.server.page().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        now = time.monotonic()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told += [Message(now, self.path, each["status"], each["labels"]) for each in body["alerts"]]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def world() -> Iterator[World]:
    """The service and the people, on loopback."""
    server = World()
    with listening(server):
        yield server


@dataclass(slots=True)
class Servers:
    """Prometheus and Alertmanager over the files in ``tree``, which keep their ports and data over a restart."""

    generation: Generation
    tree: Path
    data: Path
    alertmanager_port: int = field(default_factory=free_port)
    prometheus_port: int = field(default_factory=free_port)
    _alertmanager: ExitStack = field(default_factory=ExitStack)
    _prometheus: ExitStack = field(default_factory=ExitStack)

    def start_alertmanager(self) -> None:
        """Wait until it is ready; its log of notifications is kept in ``data``."""
        config = self.tree / "alertmanager/alertmanager.yml"
        self._alertmanager.enter_context(
            alertmanager_server(self.generation, config, self.data, port=self.alertmanager_port)
        )

    def start_prometheus(self) -> None:
        """Wait until it is ready."""
        flags = (
            "--web.enable-lifecycle",
            f"--rules.alert.resend-delay={RESEND}",
            f"--rules.alert.for-grace-period={GRACE}",
        )
        config = self.tree / "prometheus/prometheus.yml"
        self._prometheus.enter_context(
            prometheus_server(self.generation, config, self.data, *flags, port=self.prometheus_port)
        )

    def stop_alertmanager(self) -> None:
        """End it as a restart does."""
        self._alertmanager.close()

    def stop_prometheus(self) -> None:
        """End it as a restart does."""
        self._prometheus.close()

    def reload(self) -> None:
        """Have both read their files again."""
        for port in (self.alertmanager_port, self.prometheus_port):
            request = urllib.request.Request(f"http://127.0.0.1:{port}/-/reload", b"", method="POST")
            with _DIRECT.open(request, timeout=10) as answer:
                assert answer.status == 200

    def query(self, promql: str) -> list[Any]:
        """What Prometheus answers to an instant query."""
        address = f"http://127.0.0.1:{self.prometheus_port}/api/v1/query?query={urllib.parse.quote(promql)}"
        with _DIRECT.open(address, timeout=10) as answer:
            found: list[Any] = json.load(answer)["data"]["result"]
        return found

    def is_calling(self) -> bool:
        """Whether Alertmanager has begun a call and has not had its answer.

        One that ends or reads its file again at that moment calls again, for it does not know whether it was heard.
        """
        with _DIRECT.open(f"http://127.0.0.1:{self.alertmanager_port}/metrics", timeout=10) as answer:
            metrics = answer.read().decode()
        begun, answered = (sum(map(float, pattern.findall(metrics))) for pattern in (_BEGUN, _ANSWERED))
        return begun > answered

    def alerts(self) -> list[Any]:
        """The alerts that Alertmanager knows."""
        with _DIRECT.open(f"http://127.0.0.1:{self.alertmanager_port}/api/v2/alerts", timeout=10) as answer:
            found: list[Any] = json.load(answer)
        return found


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether ``condition`` becomes true within ``seconds``."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
