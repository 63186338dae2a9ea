"""Nginx as its status page tells of it (ngx_http_stub_status_module), played, behind the real exporter."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.real.exporters import _process, page_at
from tests.real.servers import free_port

REQUESTS_PER_SECOND = 100.0


@dataclass(slots=True)
class Nginx:
    """What is true of it; a fault changes it. ``dropped`` is the share of connections that it accepts and drops."""

    rate: float = REQUESTS_PER_SECOND
    dropped: float = 0.0
    active: int = 20
    port: int = field(default_factory=free_port)
    exporter: int = field(default_factory=free_port)
    _accepted: float = 0.0
    _handled: float = 0.0
    _requests: float = 0.0
    _since: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    def suffer(self, rate: float, dropped: float, active: int) -> None:
        """From now on so many requests in a second, connections dropped, and connections that are open."""
        with self._lock:
            self._count()
            self.rate, self.dropped, self.active = rate, dropped, active

    def _count(self) -> None:
        now = time.monotonic()
        passed, self._since = now - self._since, now
        # Whoever is dropped comes whether anybody is served or not.
        self._accepted += REQUESTS_PER_SECOND * passed
        self._handled += REQUESTS_PER_SECOND * (1 - self.dropped) * passed
        self._requests += self.rate * passed

    def page(self) -> str:
        """The status page."""
        with self._lock:
            self._count()
            return (
                f"Active connections: {self.active} \nserver accepts handled requests\n"
                f" {self._accepted:.0f} {self._handled:.0f} {self._requests:.0f} \nReading: 0 Writing: 1 Waiting: 0 \n"
            )

    def start(self) -> None:
        """Listen, again at the same port."""
        nginx = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = nginx.page().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Nobody listens any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@contextmanager
def nginx(program: Path, log: Path) -> Iterator[Nginx]:
    """It and its exporter."""
    found = Nginx()
    found.start()
    command = [
        str(program), f"--nginx.scrape-uri=http://127.0.0.1:{found.port}/stub_status",
        f"--web.listen-address=127.0.0.1:{found.exporter}",
    ]  # fmt: skip
    try:
        with _process(command, log, {}):
            page_at(f"http://127.0.0.1:{found.exporter}/metrics")
            yield found
    finally:
        found.stop()
