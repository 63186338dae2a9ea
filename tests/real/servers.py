"""Real Prometheus and Alertmanager servers on loopback, for as long as a test needs them."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseServer
from typing import Any

from tests.real.tools import Generation

READY_SECONDS = 30
STOP_SECONDS = 10

# A proxy that the machine may be set up with has no business between a test and its own loopback address.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotReadyError(Exception):
    """A server ended or stayed silent instead of becoming ready; the text ends with what it logged last."""


@contextmanager
def prometheus_server(
    generation: Generation, config: Path, folder: Path, *flags: str, port: int | None = None
) -> Iterator[str]:
    """Run Prometheus with ``config``, its data and log below ``folder``; yield its address, ``http://127.0.0.1:PORT``.

    ``flags`` are more command line flags. Without ``port`` any that is free is taken. Raises NotReadyError.
    """
    port = free_port() if port is None else port
    command = [
        *generation.prometheus_command,
        f"--config.file={config.resolve()}",
        f"--storage.tsdb.path={(folder / 'prometheus').resolve()}",
        f"--web.listen-address=127.0.0.1:{port}",
        *flags,
    ]
    with _running(command, port, folder / "prometheus.log") as address:
        yield address


@contextmanager
def alertmanager_server(
    generation: Generation, config: Path, folder: Path, *flags: str, port: int | None = None
) -> Iterator[str]:
    """Run Alertmanager, alone and without a cluster, with ``config``; otherwise like ``prometheus_server``."""
    port = free_port() if port is None else port
    command = [
        *generation.alertmanager_command,
        f"--config.file={config.resolve()}",
        f"--storage.path={(folder / 'alertmanager').resolve()}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        *flags,
    ]
    with _running(command, port, folder / "alertmanager.log") as address:
        yield address


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def _running(command: Sequence[str], port: int, log: Path) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(process, address, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        if is_ready(address):
            return
        time.sleep(0.02)
    ended = f"ended with exit code {process.returncode}" if process.poll() is not None else "stayed silent"
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NotReadyError(f"{Path(log).stem} {ended} instead of becoming ready:\n{said}")


def asked(address: str, path: str, **parameters: str) -> Any:
    """The ``data`` of what the API of the Prometheus at ``address`` answers under ``/api/v1/`` to ``path``."""
    with _DIRECT.open(f"{address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=30) as answer:
        return json.load(answer)["data"]


def is_ready(address: str) -> bool:
    """Return whether the server at ``address`` answers its readiness page with 200."""
    try:
        with _DIRECT.open(f"{address}/-/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def listening(server: BaseServer) -> Iterator[None]:
    """``server`` answers in a thread of its own until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
