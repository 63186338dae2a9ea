"""The real exporters of two Debian releases, with the servers that they watch: their pages, as Prometheus gets them.

Unpacked once into ``.cache/exporters`` below the project, as the other tools are; nothing is installed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real import debian
from tests.real.servers import NotReadyError, free_port
from tests.real.tools import _locked

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "exporters"
READY_SECONDS = 20

RELEASES: Mapping[str, tuple[str, ...]] = {"old": ("bookworm",), "new": ("forky", "sid")}
EXPORTERS = ("node", "blackbox", "redis", "postgres")
PAGES = (*EXPORTERS, "probe http", "probe tcp", "probe dns", "probe icmp")

_SERVERS = (
    "redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1", "liblua5.1-0", "lua-cjson", "lua-bitop",
    "libhiredis0.14", "postgresql-15", "postgresql-client-15", "libpq5", "libicu72", "libxml2", "libldap-2.5-0",
    "libgssapi-krb5-2", "libkrb5-3", "libk5crypto3", "libkrb5support0", "libkeyutils1", "libcom-err2", "libsasl2-2",
    "liblz4-1", "libzstd1", "libssl3", "libpam0g", "libaudit1", "libcap-ng0", "libsystemd0", "libcap2", "libgcrypt20",
    "libgpg-error0", "libgnutls30", "libp11-kit0", "libidn2-0", "libunistring2", "libtasn1-6", "libnettle8",
    "libhogweed6", "libgmp10", "libffi8", "libuuid1", "zlib1g", "liblzma5",
)  # fmt: skip
"""Redis 7.0, PostgreSQL 15 and the libraries that they load, without those of the C compiler."""

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_NOBODY = 65534
_MODULES = """\
modules:
  http: {prober: http, http: {preferred_ip_protocol: ip4}}
  tcp: {prober: tcp}
  dns: {prober: dns, dns: {query_name: localhost}}
  icmp: {prober: icmp, icmp: {preferred_ip_protocol: ip4}}
"""


@dataclass(frozen=True, slots=True)
class Scraped:
    """A page as the exporter answered it."""

    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Running:
    """Exporters that run, with the servers that they watch: addresses (``http://127.0.0.1:PORT``) and ports.

    ``programs`` are the servers' own, unpacked; ``libraries`` is the environment that they need.
    """

    addresses: Mapping[str, str]
    redis: int
    postgres: int
    programs: Path
    libraries: Mapping[str, str]


def scrape(release: str, folder: Path) -> dict[str, Scraped]:
    """The pages of PAGES in the text format, from the exporters of ``release``.

    ``folder`` takes data and logs; everything is stopped again. Raises NotReadyError and debian.NotFetchedError.
    """
    with exporters(release, folder) as running:
        addresses = running.addresses
        pages = {name: page_at(f"{address}/metrics") for name, address in addresses.items()}
        targets = {"http": f"{addresses['node']}/metrics", "tcp": f"127.0.0.1:{running.redis}"}
        for module in ("http", "tcp", "dns", "icmp"):
            target = targets.get(module, "127.0.0.1")
            pages[f"probe {module}"] = page_at(f"{addresses['blackbox']}/probe?module={module}&target={target}")
        return pages


@contextmanager
def exporters(release: str, folder: Path, *redis_arguments: str) -> Iterator[Running]:
    """The exporters of ``release``, with Redis and PostgreSQL, for as long as the block lasts.

    ``redis_arguments`` are more options of Redis. Raises NotReadyError and debian.NotFetchedError.
    """
    programs = _unpacked(release, [f"prometheus-{name}-exporter" for name in EXPORTERS], RELEASES[release])
    servers = _unpacked("servers", _SERVERS, RELEASES["old"])
    with ExitStack() as running:
        redis = running.enter_context(_redis(servers, folder, *redis_arguments))
        postgres = running.enter_context(_postgres(servers, folder))
        modules = folder / "blackbox.yml"
        modules.write_text(_MODULES, encoding="utf-8")
        arguments: dict[str, list[str]] = {
            "node": [],
            "blackbox": [f"--config.file={modules}"],
            "redis": [f"-redis.addr=redis://127.0.0.1:{redis}"],
            "postgres": [],
        }
        source = {"DATA_SOURCE_NAME": f"postgresql://postgres@127.0.0.1:{postgres}/postgres?sslmode=disable"}
        addresses = {}
        for name in EXPORTERS:
            program = programs / f"usr/bin/prometheus-{name}-exporter"
            dashes = "-" if name == "redis" else "--"
            port = free_port()
            command = [str(program), *arguments[name], f"{dashes}web.listen-address=127.0.0.1:{port}"]
            running.enter_context(_process(command, folder / f"{name}.log", source))
            addresses[name] = f"http://127.0.0.1:{port}"
        for address in addresses.values():
            page_at(f"{address}/metrics")
        yield Running(addresses, redis, postgres, servers, _libraries(servers))


def _unpacked(name: str, packages: Sequence[str], suites: Sequence[str]) -> Path:
    home = CACHE / name
    if home.is_dir():
        return home
    with _locked(CACHE / f"{name}.lock"):
        if not home.is_dir():
            work = CACHE / f"{name}.partial"
            shutil.rmtree(work, ignore_errors=True)
            debian.unpack(packages, suites, work / "root", work / "apt")
            (work / "root").rename(home)
            shutil.rmtree(work)
    return home


@contextmanager
def _redis(servers: Path, folder: Path, *arguments: str) -> Iterator[int]:
    port = free_port()
    command = [str(servers / "usr/bin/redis-server"), "--port", str(port), "--save", "", "--dir", str(folder)]
    command += arguments
    with _process(command, folder / "redis-server.log", _libraries(servers)):
        _wait_for_port(port, folder / "redis-server.log")
        yield port


@contextmanager
def _postgres(servers: Path, folder: Path) -> Iterator[int]:
    port, log = free_port(), folder / "postgres-server.log"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        home = Path(temporary)
        servers, user = _for_postgres(servers, home)
        programs = servers / "usr/lib/postgresql/15/bin"
        made = subprocess.run(
            [programs / "initdb", "-D", home / "data", "-A", "trust", "-U", "postgres", "--no-sync", "--locale=C"],
            env={**os.environ, **_libraries(servers)}, user=user, group=user, extra_groups=[] if user else None,
            cwd=home, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        if made.returncode != 0:
            raise NotReadyError(f"initdb ended with exit code {made.returncode}:\n{made.stderr[-2000:]}")
        command = [
            str(programs / "postgres"),
            "-D",
            str(home / "data"),
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            "",
            "-F",
        ]
        with _process(command, log, _libraries(servers), home, user):
            _wait_for_port(port, log)
            yield port


def _for_postgres(servers: Path, home: Path) -> tuple[Path, int | None]:
    """Its programs, and the user who can run them in ``home``, None where that is ours.

    PostgreSQL refuses to run as root: then it runs as nobody, in a folder and with programs that nobody can reach.
    """
    if os.geteuid() != 0:
        return servers, None
    os.chown(home, _NOBODY, _NOBODY)
    if not all(parent.stat().st_mode & 0o001 for parent in servers.parents):
        servers = Path(shutil.copytree(servers, home / "servers", symlinks=True))
    return servers, _NOBODY


def _libraries(servers: Path) -> dict[str, str]:
    folders = sorted({str(path.parent) for path in servers.glob("**/*-linux-gnu*/lib*.so*")})
    return {"LD_LIBRARY_PATH": ":".join(folders)}


@contextmanager
def _process(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str],
    folder: Path | None = None,
    user: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder or log.parent,
            env={**os.environ, **environment}, user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip
    try:
        yield process
    finally:
        # SIGINT is PostgreSQL's fast shutdown; the others take it for the end too.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_port(port: int, log: Path) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NotReadyError(f"{log.stem} listens on no port after {READY_SECONDS} s:\n{said}")


def page_at(address: str) -> Scraped:
    """The page at ``address``, once somebody listens there."""
    give_up = time.monotonic() + READY_SECONDS
    while True:
        try:
            with _DIRECT.open(address, timeout=10) as answer:
                return Scraped(answer.read(), answer.headers["Content-Type"])
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > give_up:
                raise NotReadyError(f"{address} gives no page: {error}") from None
            time.sleep(0.02)
