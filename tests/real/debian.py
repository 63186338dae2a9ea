"""Programs out of Debian packages, unpacked into a folder: no root, no installation, signatures always checked.

The machine's own apt sources say where Debian is to be had; the suite's name in them is replaced, so that another
release's packages come from the same place. A private apt configuration keeps the machine's own lists and caches as
they are, while its proxy settings stay in force.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

DEBIAN_SUITES = frozenset(
    {"bullseye", "bookworm", "trixie", "forky", "sid", "oldoldstable", "oldstable", "stable", "testing", "unstable"}
)
MACHINE_SOURCES = Path("/etc/apt")
APT_SECONDS = 600
KEYRING_PACKAGE = "debian-archive-keyring"

_ONE_LINE = re.compile(r"deb\s+(?:\[(?P<options>[^\]]*)\]\s*)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)")
_CREDENTIALS = re.compile(r"//[^/@\s]+@")


class NotFetchedError(Exception):
    """The packages could not be had; the text says why, in one clause."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A place that carries Debian's main component, as the machine's apt sources name it.

    ``suite`` is the one that the machine itself uses. ``signed_by`` is the source's own value: the path of a keyring, a
    fingerprint, a whole key over several lines, or empty for apt's default keys.
    """

    uri: str
    suite: str
    signed_by: str


def machine_mirrors(folder: Path = MACHINE_SOURCES) -> list[Mirror]:
    """Return the Debian mirrors in ``sources.list`` and ``sources.list.d`` below ``folder``, each address once.

    Sources of other distributions, of third parties with suite names of their own, and source packages are left out.
    """
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    first: dict[str, Mirror] = {}
    for file in files:
        if not file.is_file():
            continue
        if file.suffix == ".list":
            found = _one_line_mirrors(file.read_text(encoding="utf-8"))
        elif file.suffix == ".sources":
            found = _deb822_mirrors(file.read_text(encoding="utf-8"))
        else:
            continue
        for mirror in found:
            first.setdefault(mirror.uri, mirror)
    return list(first.values())


def _one_line_mirrors(text: str) -> Iterator[Mirror]:
    for line in text.splitlines():
        match = _ONE_LINE.fullmatch(line.partition("#")[0].strip())
        if match is None or not _is_debian_main(match["uri"], match["suite"], match["components"].split()):
            continue
        options = dict(option.split("=", 1) for option in (match["options"] or "").split() if "=" in option)
        yield Mirror(match["uri"], match["suite"], options.get("signed-by", ""))


def _deb822_mirrors(text: str) -> Iterator[Mirror]:
    uncommented = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", uncommented):
        fields: dict[str, str] = {}
        name = ""
        for line in stanza.splitlines():
            if line[:1].isspace():
                fields[name] = f"{fields.get(name, '')}\n{line}"
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
            continue
        for uri, suite in product(fields.get("uris", "").split(), fields.get("suites", "").split()):
            if _is_debian_main(uri, suite, fields.get("components", "").split()):
                yield Mirror(uri, suite, fields.get("signed-by", ""))


def _is_debian_main(uri: str, suite: str, components: Sequence[str]) -> bool:
    return suite in DEBIAN_SUITES and "main" in components and not uri.startswith("cdrom:")


def unpack(
    packages: Sequence[str], suites: Sequence[str], target: Path, work: Path, *, mirrors: Sequence[Mirror] | None = None
) -> None:
    """Unpack ``packages`` below ``target``, all from the first of ``suites`` that carries them.

    ``work`` is a folder for apt's lists and the downloaded packages; the caller removes it. Raises NotFetchedError.
    """
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise NotFetchedError(f"this machine has no {program} to fetch Debian's packages with")
    known = machine_mirrors() if mirrors is None else mirrors
    if not known:
        raise NotFetchedError("this machine's apt sources name no Debian mirror")
    failures: list[str] = []
    for number, (mirror, suite) in enumerate(product(known, suites)):
        try:
            _unpack_from(mirror, suite, packages, target, work / str(number))
        except NotFetchedError as failure:
            failures.append(f"{suite}: {failure}")
        else:
            return
    raise NotFetchedError(f"apt could not fetch {' '.join(packages)} ({'; '.join(failures)})")


def _unpack_from(mirror: Mirror, suite: str, packages: Sequence[str], target: Path, work: Path) -> None:
    try:
        _download(mirror, suite, packages, work)
    except NotFetchedError as failure:
        if "NO_PUBKEY" not in str(failure) or suite == mirror.suite:
            raise
        # A later suite may be signed with keys that this machine does not have yet: its own suite's keyring package,
        # checked with the keys that it has, vouches for them.
        keyring = work / "keyring"
        _unpack_from(mirror, mirror.suite, [KEYRING_PACKAGE], keyring, work / "own")
        keys = keyring / "usr/share/keyrings/debian-archive-keyring.gpg"
        _download(replace(mirror, signed_by=str(keys)), suite, packages, work)
    for package in sorted((work / "packages").glob("*.deb")):
        _run(["dpkg-deb", "-x", str(package), str(target)], cwd=work)


def _download(mirror: Mirror, suite: str, packages: Sequence[str], work: Path) -> None:
    """Download ``packages`` of ``suite`` into ``work/packages``."""
    settings = private_configuration(mirror, suite, work)
    (work / "packages").mkdir(exist_ok=True)
    _run(["apt-get", "--config-file", str(settings), "-qq", "update"], cwd=work)
    _run(["apt-get", "--config-file", str(settings), "-qq", "download", *packages], cwd=work / "packages")


def private_configuration(mirror: Mirror, suite: str, work: Path) -> Path:
    """Write an apt configuration that knows only ``suite`` of ``mirror`` and writes only below ``work``.

    The path returned is for apt-get's ``--config-file``: read last, it wins over the machine's settings, of which
    proxies and the like stay. Unsigned and badly signed lists are refused whatever the machine allows.
    """
    for folder in ("sources", "preferences", "state/lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    source = [
        "Types: deb",
        f"URIs: {mirror.uri}",
        f"Suites: {suite}",
        "Components: main",
        "Targets: Packages",
        *([f"Signed-By: {mirror.signed_by}"] if mirror.signed_by else []),
    ]
    (work / "sources" / "debian.sources").write_text("\n".join(source) + "\n", encoding="utf-8")
    settings = [
        f'Dir::State "{work}/state";',
        'Dir::State::status "/dev/null";',
        f'Dir::Cache "{work}/cache";',
        'Dir::Etc::sourcelist "/dev/null";',
        f'Dir::Etc::sourceparts "{work}/sources";',
        'Dir::Etc::preferences "/dev/null";',
        f'Dir::Etc::preferencesparts "{work}/preferences";',
        'APT::Sandbox::User "";',
        'APT::Update::Error-Mode "any";',
        "#clear APT::Update::Pre-Invoke;",
        "#clear APT::Update::Post-Invoke;",
        "#clear APT::Update::Post-Invoke-Success;",
        'APT::Get::AllowUnauthenticated "false";',
        'Acquire::AllowInsecureRepositories "false";',
        'Acquire::AllowWeakRepositories "false";',
        'Acquire::Retries "3";',
        'Acquire::http::Timeout "60";',
        'Acquire::https::Timeout "60";',
    ]
    path = work / "apt.conf"
    path.write_text("\n".join(settings) + "\n", encoding="utf-8")
    return path


def _run(command: Sequence[str], *, cwd: Path) -> None:
    """Run ``command``; raise NotFetchedError with its last errors, without the credentials that an address may hold."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=APT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotFetchedError(f"{command[0]} gave no answer within {APT_SECONDS} s") from None
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if line.startswith(("E:", "W:", "dpkg"))]
        said = " ".join(lines) or f"exit code {done.returncode}"
        raise NotFetchedError(_CREDENTIALS.sub("//", said))
