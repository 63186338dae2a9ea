"""PostgreSQL with a replica behind postgres_exporter, and what can go wrong with them."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.escalation import until
from tests.real.exporters import RELEASES, _for_postgres, _libraries, _process, _unpacked, _wait_for_port, page_at
from tests.real.servers import NotReadyError, free_port
from tests.real.stacks.sessions import PostgresError, busy, session

CONNECTIONS = 100
SHOP = "shop"
"""The database that the load goes to; what the exporter asks for itself is counted for another one."""
REPORTS = "reports"
"""A database of which only the time of queries is watched."""
_SETTINGS = {
    "max_connections": CONNECTIONS,
    "shared_buffers": "2MB",
    "autovacuum": "off",
    "fsync": "off",
    "deadlock_timeout": "10ms",
    "archive_mode": "on",
    "shared_preload_libraries": "pg_stat_statements",
    "checkpoint_timeout": "1d",
    # Its clock is set ahead at times: what it waits for must not seem late.
    "wal_sender_timeout": 0,
    "wal_receiver_timeout": 0,
    "authentication_timeout": "10min",
}


@dataclass(slots=True)
class Programs:
    """Where PostgreSQL is, the environment that it needs, and the user that it runs as (None: ours)."""

    folder: Path
    environment: dict[str, str]
    user: int | None

    def run(self, name: str, *arguments: str | Path, folder: Path) -> None:
        """Run a program to its end."""
        done = subprocess.run(
            [self.folder / name, *arguments], env={**os.environ, **self.environment}, user=self.user, group=self.user,
            extra_groups=[] if self.user else None, cwd=folder, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        if done.returncode != 0:
            raise NotReadyError(f"{name} ended with exit code {done.returncode}:\n{done.stderr[-2000:]}")


@dataclass(slots=True)
class Postgres:
    """A server that can be stopped and started. ``exporters`` are the ports of its exporters, by who watches.

    Each has one of its own: without a server, an exporter answers one scrape after the other, and takes a second for it.
    """

    programs: Programs
    data: Path
    log: Path
    port: int = field(default_factory=free_port)
    exporters: dict[str, int] = field(default_factory=dict)
    _running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Wait until it takes sessions."""
        settings = _SETTINGS | {"archive_command": f"test ! -e {self.full_disk}"}
        command = [str(self.programs.folder / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", "", *(f"--{name}={value}" for name, value in settings.items())]
        home = self.data.parent
        self.set_clock("+0")
        environment = self.programs.environment | {"FAKETIME_TIMESTAMP_FILE": str(self._clock)}
        self._running.enter_context(_process(command, self.log, environment, home, self.programs.user))
        _wait_for_port(self.port, self.log)
        if not until(self._answers, 20):
            raise NotReadyError(f"{self.log} says why it takes no sessions")

    def stop(self) -> None:
        """End it as an operator does."""
        self._running.close()

    def set_clock(self, offset: str) -> None:
        """Within a second its clock is ahead of ours by ``offset``, such as ``+1h`` (faketime(1))."""
        new = self._clock.with_suffix(".new")
        new.write_text(offset, encoding="utf-8")
        new.chmod(0o644)
        new.rename(self._clock)

    @property
    def _clock(self) -> Path:
        return self.data.with_suffix(".clock")

    @property
    def full_disk(self) -> Path:
        """While this file is there, no segment can be archived."""
        return self.data.parent / "full"

    def _answers(self) -> bool:
        try:
            with session(self.port):
                return True
        except (OSError, PostgresError, struct.error):
            return False


@contextmanager
def postgres(
    servers: Path, exporter: Path, folder: Path, watchers: Sequence[str]
) -> Iterator[tuple[Postgres, Postgres]]:
    """A server and its replica, whose clocks can be set ahead, each with an exporter for each of ``watchers``."""
    library = next(_unpacked("faketime", ["libfaketime"], RELEASES["old"]).rglob("libfaketime.so.1"))
    with ExitStack() as running:
        home = Path(running.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        servers, user = _for_postgres(servers, home)
        # It too must be where that user can read it.
        library = Path(shutil.copy(library, home / library.name))
        programs = Programs(servers / "usr/lib/postgresql/15/bin", _libraries(servers), user)
        programs.run(
            "initdb", "-D", home / "data", "-A", "trust", "-U", "postgres", "--no-sync", "--locale=C", folder=home
        )
        programs.environment |= {
            "LD_PRELOAD": str(library), "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"
        }  # fmt: skip
        primary = Postgres(programs, home / "data", folder / "postgres.log")
        running.callback(primary.stop)
        primary.start()
        with session(primary.port) as maker:
            for sql in (f"CREATE DATABASE {SHOP}", f"CREATE DATABASE {REPORTS}", "CREATE EXTENSION pg_stat_statements"):
                maker.run(sql)
        copied = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "-R", "--no-sync", "-c", "fast")
        programs.run("pg_basebackup", "-D", home / "replica", *copied, folder=home)
        replica = Postgres(programs, home / "replica", folder / "postgres-replica.log")
        running.callback(replica.stop)
        replica.start()
        for server in (primary, replica):
            source = {"DATA_SOURCE_NAME": f"postgresql://postgres@127.0.0.1:{server.port}/postgres?sslmode=disable"}
            for name in watchers:
                port = server.exporters[name] = free_port()
                command = [str(exporter), f"--web.listen-address=127.0.0.1:{port}", "--collector.stat_statements"]
                running.enter_context(_process(command, folder / f"postgres-exporter-{port}.log", source))
                page_at(f"http://127.0.0.1:{port}/metrics")
        # Of an idle server, the exporter cannot tell how far behind its replica is.
        running.enter_context(busy(primary.port, SHOP, "SELECT pg_logical_emit_message(true, 'stack', 'x')", 0.5))
        running.enter_context(busy(primary.port, REPORTS, "SELECT 1", 0.5))
        yield primary, replica


@contextmanager
def slow(server: Postgres) -> Iterator[None]:
    """Queries that take long."""
    with busy(server.port, REPORTS, "SELECT pg_sleep(0.3)", 0.1):
        yield


@contextmanager
def crowded(server: Postgres, connections: int) -> Iterator[None]:
    """So many sessions more, which do nothing."""
    with ExitStack() as sessions:
        for _ in range(connections):
            sessions.enter_context(session(server.port))
        yield


@contextmanager
def forgotten(server: Postgres) -> Iterator[None]:
    """A transaction is begun and left alone."""
    with session(server.port, SHOP) as one:
        one.run("BEGIN; SELECT 1")
        yield


@contextmanager
def rollbacks(server: Postgres) -> Iterator[None]:
    """Twenty transactions a second are given up."""
    with busy(server.port, SHOP, "BEGIN; SELECT 1 FROM pg_database LIMIT 1; ROLLBACK;" * 5, 0.25):
        yield


@contextmanager
def cache_misses(server: Postgres) -> Iterator[None]:
    """A table that does not fit into the cache is read again and again: one row in each of its 1,500 blocks."""
    with session(server.port, SHOP) as maker:
        maker.run("CREATE TABLE IF NOT EXISTS big (row text)")
        maker.run("ALTER TABLE big ALTER COLUMN row SET STORAGE PLAIN")
        maker.run("INSERT INTO big SELECT repeat('x', 5000) FROM generate_series(1, 1500)")
    with busy(server.port, SHOP, "SELECT count(*) FROM big", 0.3):
        yield


def deadlocks(server: Postgres, count: int) -> None:
    """Two sessions wait for each other, so many times."""
    with session(server.port, SHOP) as one, session(server.port, SHOP) as other:
        for _ in range(count):
            one.run("BEGIN; SELECT pg_advisory_xact_lock(1)")
            other.run("BEGIN; SELECT pg_advisory_xact_lock(2)")
            one.send("SELECT pg_advisory_xact_lock(2)")
            other.send("SELECT pg_advisory_xact_lock(1)")
            victims = 0
            for each in (one, other):
                try:
                    each.wait()
                except PostgresError:
                    victims += 1
                each.run("ROLLBACK")
            assert victims == 1


@contextmanager
def unread_slot(server: Postgres) -> Iterator[None]:
    """A replication slot that nobody reads."""
    with session(server.port) as one:
        one.run("SELECT pg_create_physical_replication_slot('standby', true)")
        yield
        one.run("SELECT pg_drop_replication_slot('standby')")


@contextmanager
def unarchived(server: Postgres) -> Iterator[None]:
    """The place for the archive is full."""
    switch = "SELECT pg_logical_emit_message(true, 'stack', 'x'); SELECT pg_switch_wal()"
    server.full_disk.touch()
    with session(server.port) as one:
        one.run(switch)
        yield
        server.full_disk.unlink()
        # The archiver looks again when there is something new.
        one.run(switch)


@contextmanager
def lagging(replica: Postgres, late: str) -> Iterator[None]:
    """The replica receives and does not replay, and is soon ``late`` behind (as ``set_clock`` has it)."""
    with session(replica.port) as one:
        one.run("SELECT pg_wal_replay_pause()")
        replica.set_clock(late)
        try:
            yield
        finally:
            replica.set_clock("+0")
            one.run("SELECT pg_wal_replay_resume()")
