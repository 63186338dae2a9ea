"""What probes ask: the health pages of both platforms, and a site with a certificate that can come to its end."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.real.blackbox import Shop, certificate, handler
from tests.real.exporters import _process, page_at
from tests.real.servers import free_port, listening

DAYS = {"long": 90, "short": 3}


@dataclass(slots=True)
class Site:
    """``pages`` (of the health) and ``front`` can be broken, and the certificate of the latter exchanged.

    ``health`` and ``secure`` are ports.
    """

    pages: Shop
    front: Shop
    certificates: dict[str, Path]
    context: ssl.SSLContext
    health: int
    secure: int

    def show(self, certificate: str) -> None:
        """Whoever comes from now on sees this one of DAYS."""
        self.context.load_cert_chain(self.certificates[certificate])


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """Both, on loopback."""
    pages, front = Shop(), Shop()
    certificates = {name: certificate(folder, days) for name, days in DAYS.items()}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with ExitStack() as running:
        health = ThreadingHTTPServer(("127.0.0.1", 0), handler(pages))
        secure = ThreadingHTTPServer(("127.0.0.1", 0), handler(front))
        found = Site(pages, front, certificates, context, health.server_port, secure.server_port)
        found.show("long")
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        running.enter_context(listening(health))
        running.enter_context(listening(secure))
        yield found


@dataclass(slots=True)
class Blackbox:
    """blackbox_exporter, which can be stopped and started. It trusts the certificates in the file ``trusted``."""

    program: Path
    config: Path
    trusted: Path
    log: Path
    port: int = field(default_factory=free_port)
    _running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Wait until it answers."""
        command = [str(self.program), f"--config.file={self.config}", f"--web.listen-address=127.0.0.1:{self.port}"]
        self._running.enter_context(_process(command, self.log, {"SSL_CERT_FILE": str(self.trusted)}))
        page_at(f"http://127.0.0.1:{self.port}/-/healthy")

    def stop(self) -> None:
        """End it."""
        self._running.close()
