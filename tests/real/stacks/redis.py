"""Two Redis servers behind redis_exporter: a client of their protocol, and what can go wrong with them."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.exporters import _libraries, _process, _wait_for_port, page_at
from tests.real.servers import free_port
from tests.real.stacks.again import again

MEMORY = 48 * 1024 * 1024
CLIENTS = 200
VALUE = b"x" * 100_000


class Client:
    """One connection, which waits for the answer to each command (RESP, the protocol of Redis)."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._answers = self._socket.makefile("rb")

    def do(self, *words: str | bytes | float) -> bytes:
        """The first line of the answer, or the text that follows; an error of the server is an AssertionError."""
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(each), each) for each in parts))
        line = self._answers.readline().rstrip()
        assert not line.startswith(b"-"), line
        if line.startswith(b"$") and line != b"$-1":
            line = self._answers.read(int(line[1:]) + 2).rstrip()
        return line

    def close(self) -> None:
        """Hang up."""
        self._answers.close()
        self._socket.close()


@dataclass(slots=True)
class Redis:
    """A server that can be stopped and started, with its exporter (``port`` and ``exporter`` are ports)."""

    programs: Path
    folder: Path
    port: int = field(default_factory=free_port)
    exporter: int = field(default_factory=free_port)
    _running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Wait until it listens."""
        command = [
            str(self.programs / "usr/bin/redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
            "--dir", str(self.folder), "--maxmemory", str(MEMORY), "--maxclients", str(CLIENTS),
            "--enable-debug-command", "local", "--repl-diskless-sync-delay", "0",
        ]  # fmt: skip
        log = self.folder / "redis-server.log"
        self._running.enter_context(_process(command, log, _libraries(self.programs)))
        _wait_for_port(self.port, log)

    def stop(self) -> None:
        """End it as an operator does."""
        self._running.close()

    def do(self, *words: str | bytes | float) -> bytes:
        """One command on a connection of its own."""
        client = Client(self.port)
        try:
            return client.do(*words)
        finally:
            client.close()

    def fill(self, share: float) -> None:
        """Write values until that share of the memory is in use, or, where some must go for others, for long enough."""
        client = Client(self.port)
        try:
            for number in range(round(MEMORY * share / len(VALUE))):
                client.do("SET", f"filler:{number}", VALUE)
                if share < 1 and self._used() > MEMORY * share:
                    return
        finally:
            client.close()

    def _used(self) -> int:
        """Bytes of memory in use."""
        lines = dict(line.split(b":", 1) for line in self.do("INFO", "memory").splitlines() if b":" in line)
        return int(lines[b"used_memory"])


@contextmanager
def redis(programs: Path, exporter: Path, folder: Path) -> Iterator[Redis]:
    """A server and its exporter."""
    folder.mkdir()
    server = Redis(programs, folder)
    command = [
        str(exporter), f"-redis.addr=redis://127.0.0.1:{server.port}", f"-web.listen-address=127.0.0.1:{server.exporter}"
    ]  # fmt: skip
    server.start()
    try:
        with _process(command, folder / "exporter.log", {}):
            page_at(f"http://127.0.0.1:{server.exporter}/metrics")
            yield server
    finally:
        server.stop()


@contextmanager
def crowded(server: Redis, connections: int) -> Iterator[None]:
    """So many more clients are connected, and do nothing."""
    with ExitStack() as clients:
        for _ in range(connections):
            clients.callback(Client(server.port).close)
        yield


def refuse_somebody(server: Redis) -> None:
    """For a moment there are more clients than the server takes."""
    with ExitStack() as clients:
        for _ in range(CLIENTS + 20):
            # Whom it refuses is told so; nobody here reads it.
            clients.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
        time.sleep(0.2)


@contextmanager
def busy(server: Redis, *commands: tuple[str | bytes | float, ...], every: float) -> Iterator[None]:
    """A client sends these commands again and again; ``{n}`` in a word is a number that never comes twice."""
    numbers = itertools.count()
    client = Client(server.port)

    def work() -> None:
        for words in commands:
            number = str(next(numbers))
            client.do(*(word.replace("{n}", number) if isinstance(word, str) else word for word in words))

    try:
        with again(work, every):
            yield
    finally:
        client.close()


@contextmanager
def unsaved(server: Redis) -> Iterator[None]:
    """Saving to disk fails: a folder stands where the file should be."""
    obstacle = server.folder / "dump.rdb"
    obstacle.mkdir()
    server.do("BGSAVE")
    try:
        yield
    finally:
        obstacle.rmdir()
        server.do("BGSAVE", "SCHEDULE")


@contextmanager
def followed(primary: Redis, replica: Redis) -> Iterator[None]:
    """One follows the other."""
    replica.do("REPLICAOF", "127.0.0.1", primary.port)
    try:
        yield
    finally:
        replica.do("REPLICAOF", "NO", "ONE")
