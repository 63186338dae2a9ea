"""Programs of which one version is enough: docker-compose and kubectl, which judge files without a daemon or a cluster.

Taken from the folder that ``MONMC_TOOLS`` names if it holds one, else unpacked from Debian's package into
``.cache/tools``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.real import debian
from tests.real.tools import CACHE, TOOL_SECONDS, Result, ToolsMissingError, _locked

SUITES = ("trixie", "forky", "sid")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A program in the package of its name, at ``path`` within it."""

    name: str
    path: Path


COMPOSE = Wanted("docker-compose", Path("usr/libexec/docker/cli-plugins/docker-compose"))
KUBECTL = Wanted("kubectl", Path("usr/bin/kubectl"))


def program(wanted: Wanted, cache: Path = CACHE) -> Path:
    """Where the program is. Raises ToolsMissingError."""
    chosen = os.environ.get("MONMC_TOOLS")
    if chosen and (Path(chosen) / wanted.name).is_file():
        return Path(chosen).resolve() / wanted.name
    home = cache / wanted.name
    with _locked(cache / f"{wanted.name}.lock"):
        if not (home / wanted.path).is_file():
            work = cache / f"{wanted.name}.partial"
            for leftover in (work, home):
                shutil.rmtree(leftover, ignore_errors=True)
            try:
                debian.unpack([wanted.name], SUITES, work / "root", work / "apt")
            except debian.NotFetchedError as failure:
                shutil.rmtree(work, ignore_errors=True)
                raise ToolsMissingError(
                    f"{wanted.name} is missing: {failure}; put it into a folder that MONMC_TOOLS names"
                ) from None
            # Renamed only when complete: whoever is stopped half-way leaves nothing that looks like a program.
            (work / "root").rename(home)
            shutil.rmtree(work)
    return home / wanted.path


def compose_config(file: Path, variables: Mapping[str, str], *arguments: str) -> Result:
    """Run ``docker-compose config``: 0 when the file is valid; ``variables`` are the whole environment."""
    return _run(program(COMPOSE), {"HOME": str(file.parent), **variables}, "--file", str(file), "config", *arguments)


def kustomized(folder: Path) -> Result:
    """Run ``kubectl kustomize``: the objects that ``folder`` describes, as ``kubectl apply -k`` would send them."""
    return _run(program(KUBECTL), {"HOME": str(folder)}, "kustomize", str(folder))


def _run(path: Path, environment: Mapping[str, str], *arguments: str) -> Result:
    done = subprocess.run(
        [path, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={"PATH": os.environ.get("PATH", ""), **environment},
        timeout=TOOL_SECONDS,
        check=False,
    )
    return Result(done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr)
