"""The real blackbox_exporter of two Debian releases, and servers on loopback for it to ask."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.real.exporters import EXPORTERS, RELEASES, _process, _unpacked, page_at
from tests.real.servers import free_port, listening

VERSIONS = {"old": "0.23", "new": "0.28"}
"""What the releases have."""


def program(release: str) -> Path:
    """The exporter of ``release``, unpacked where it is not yet."""
    folder = _unpacked(release, [f"prometheus-{name}-exporter" for name in EXPORTERS], RELEASES[release])
    return folder / "usr/bin/prometheus-blackbox-exporter"


def config_problem(release: str, config: Path) -> str:
    """What ``--config.check`` says against the file; "" where it takes it."""
    command = [str(program(release)), "--config.check", f"--config.file={config}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@contextmanager
def exporter(release: str, config: Path, log: Path, port: int | None = None) -> Iterator[str]:
    """Run the exporter with ``config``; yields its address, ``127.0.0.1:PORT``."""
    port = free_port() if port is None else port
    command = [str(program(release)), f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
    with _process(command, log, {}):
        page_at(f"http://127.0.0.1:{port}/-/healthy")
        yield f"127.0.0.1:{port}"


def answers(address: str, module: str, target: str) -> dict[str, float]:
    """What the exporter measures: every series without labels."""
    query = urllib.parse.urlencode({"module": module, "target": target})
    page = page_at(f"http://{address}/probe?{query}").content.decode()
    lines = (line.split() for line in page.splitlines() if line and not line.startswith("#") and "{" not in line)
    return {name: float(value) for name, value in lines}


@dataclass
class Shop:
    """What a shop answers. ``broken`` makes every page fail; a test may turn it on and off."""

    broken: bool = False
    seen: list[str] = field(default_factory=list)


def handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    """How the shop answers each of its paths."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the parameter
            pass

        def _answer(self, status: int, text: str, **headers: str) -> None:
            content = text.encode()
            self.send_response(503 if shop.broken else status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def do_GET(self) -> None:
            shop.seen.append(f"{self.command} {self.path} {self.headers.get('X-Probe', '')}".strip())
            if self.path in ("/health", "/health/detailed"):
                self._answer(200, json.dumps({"status": "healthy", "checks": [{"name": "db", "ok": True, "a.b": 2}]}))
            elif self.path == "/moved":
                self._answer(302, "", Location="/")
            elif self.path == "/gone":
                self._answer(404, "no such page")
            elif self.path == "/basic":
                allowed = self.headers.get("Authorization") == "Basic bWU6cHc="
                self._answer(200 if allowed else 401, "")
            elif self.path == "/bearer":
                self._answer(200 if self.headers.get("Authorization") == "Bearer tok" else 401, "")
            else:
                self._answer(200, "Welcome (to) the shop", **{"Content-Type": "text/plain"})

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            self._answer(201 if sent == '{"a": 1}' else 400, sent)

    return Handler


@contextmanager
def shop_server(shop: Shop, certificate: Path | None = None) -> Iterator[int]:
    """Serve the shop; with ``certificate`` (a file with its key) over TLS. Yields the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(shop))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with listening(server):
        yield server.server_address[1]


def certificate(folder: Path, days: int) -> Path:
    """A certificate for 127.0.0.1 that signs itself and ends in so many days, with its key, made by openssl."""
    path = folder / f"certificate-{days}.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", str(days),
            "-subj", "/CN=shop", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt",
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    path.write_text(path.read_text(encoding="utf-8") + Path(f"{path}.crt").read_text(encoding="utf-8"), "utf-8")
    return path


@contextmanager
def mail_server(certificate: Path) -> Iterator[int]:
    """A server that greets as one for mail does, and turns to TLS when it is asked. Yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with _serving(listener, lambda connection: _greet(connection, context)):
        yield listener.getsockname()[1]


def _greet(connection: socket.socket, context: ssl.SSLContext) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")
    if b"STARTTLS" not in connection.recv(1024):
        return
    connection.sendall(b"220 Go ahead\r\n")
    with context.wrap_socket(connection, server_side=True) as secure:
        secure.recv(1024)


@contextmanager
def _serving(listener: socket.socket, serve: object) -> Iterator[None]:
    def loop() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with ExitStack() as closing:
                closing.enter_context(connection)
                closing.enter_context(_quiet())
                connection.settimeout(5)
                serve(connection)  # type: ignore[operator]

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # A thread that waits in accept() is not woken by closing the socket under it.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@contextmanager
def _quiet() -> Iterator[None]:
    """Whoever asks hangs up when it has seen enough."""
    with suppress(OSError):
        yield


@contextmanager
def name_server(address: str) -> Iterator[int]:
    """A name server that answers queries for ``shop.example`` with an A record, others with no record at all."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))
    listener.settimeout(0.1)
    over = threading.Event()

    def loop() -> None:
        while not over.is_set():
            try:
                query, sender = listener.recvfrom(512)
            except TimeoutError:
                continue
            listener.sendto(_named(query, address), sender)

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()


def _named(query: bytes, address: str) -> bytes:
    """The answer to a query (RFC 1035, section 4): its header and question, and a record that points to the name."""
    question = query[12:]
    end = question.index(b"\0") + 5
    known = question[: end - 4] == b"\4shop\7example\0"
    header = query[:2] + struct.pack(">HHHHH", 0x8180, 1, 1 if known else 0, 0, 0)
    record = struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(address) if known else b""
    return header + question[:end] + record
