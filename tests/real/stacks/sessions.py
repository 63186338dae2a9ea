"""A client of PostgreSQL, which needs no library: its simple query protocol over a socket."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from tests.real.stacks.again import again

_PROTOCOL = 196608
"""Version 3.0 of it."""


class PostgresError(Exception):
    """What the server answered instead of a result: its SQLSTATE and message."""


class Session:
    """One connection, in the simple query protocol (PostgreSQL, "Frontend/Backend Protocol")."""

    def __init__(self, port: int, database: str = "postgres") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._answers = self._socket.makefile("rb")
        settings = b"".join(f"{word}\0".encode() for word in ("user", "postgres", "database", database)) + b"\0"
        try:
            self._socket.sendall(struct.pack(">II", len(settings) + 8, _PROTOCOL) + settings)
            self.wait()
        except (OSError, PostgresError, struct.error):
            self.close()
            raise

    def run(self, sql: str) -> None:
        """Run it; raises PostgresError."""
        self.send(sql)
        self.wait()

    def send(self, sql: str) -> None:
        """Ask, and do not wait."""
        text = sql.encode() + b"\0"
        self._socket.sendall(b"Q" + struct.pack(">I", len(text) + 4) + text)

    def wait(self) -> None:
        """Until the server is ready for the next query; raises PostgresError."""
        failure = ""
        while True:
            kind, length = struct.unpack(">cI", self._answers.read(5))
            content: bytes = self._answers.read(length - 4)
            if kind == b"E":
                failure = content.replace(b"\0", b" ").decode()
                if b"SFATAL\0" in content:
                    raise PostgresError(failure)
            if kind == b"Z":
                break
        if failure:
            raise PostgresError(failure)

    def close(self) -> None:
        """Hang up, which ends the transaction."""
        self._answers.close()
        self._socket.close()


@contextmanager
def session(port: int, database: str = "postgres") -> Iterator[Session]:
    """A session for as long as the block lasts."""
    found = Session(port, database)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def busy(port: int, database: str, sql: str, every: float) -> Iterator[None]:
    """A session runs this again and again."""
    with session(port, database) as one, again(lambda: one.run(sql), every):
        yield
