"""VictoriaMetrics' vmalert, of two Debian releases, as a judge of rule files.

Taken from the folder that ``MONMC_TOOLS`` names if it is set (``old/vmalert``, ``new/vmalert``), else unpacked from
Debian's package into ``.cache/tools``. Not from PATH: Debian's builds print nothing for ``-version``, so that nobody
could tell which one it is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.real import debian
from tests.real.tools import CACHE, Result, ToolsMissingError, _locked, _run

RELEASES: Mapping[str, tuple[str, ...]] = {"old": ("bookworm",), "new": ("forky", "sid")}
"""1.79 of 2022, and 1.145 or later."""


def vmalert(release: str, cache: Path = CACHE) -> Path:
    """The program of ``release`` (one of RELEASES). Raises ToolsMissingError."""
    chosen = os.environ.get("MONMC_TOOLS")
    if chosen:
        folder = Path(chosen).resolve()
        found = folder / release / "vmalert"
        if not _is_program(found):
            raise ToolsMissingError(
                f"vmalert of release '{release}' is missing: MONMC_TOOLS names {folder}, which holds none in a folder "
                f"'{release}' of its own; put it there, or unset MONMC_TOOLS to have it fetched"
            )
        return found
    return _fetched(release, cache)


def vmalert_check(program: Path, *rules: Path) -> Result:
    """Run ``vmalert -dryRun``, which reads rule files, their queries and templates, and ends: 0 valid, 1 refused."""
    return _run(program, "-dryRun", *(f"-rule={path}" for path in rules))


def _fetched(release: str, cache: Path) -> Path:
    home = cache / f"vmalert-{release}"
    program = home / "usr/bin/vmalert"
    with _locked(cache / f"vmalert-{release}.lock"):
        if not _is_program(program):
            work = cache / f"vmalert-{release}.partial"
            for leftover in (work, home):
                shutil.rmtree(leftover, ignore_errors=True)
            try:
                debian.unpack(["victoria-metrics"], RELEASES[release], work / "root", work / "apt")
            except debian.NotFetchedError as failure:
                shutil.rmtree(work, ignore_errors=True)
                raise ToolsMissingError(
                    f"vmalert of release '{release}' is missing: {failure}; "
                    f"put it into a folder '{release}' of one that MONMC_TOOLS names"
                ) from None
            # The package holds the database and six more programs, of no use here.
            for other in (work / "root/usr/bin").iterdir():
                if other.name != "vmalert":
                    other.unlink()
            # Renamed only when complete: whoever is stopped half-way leaves nothing that looks like a release.
            (work / "root").rename(home)
            shutil.rmtree(work)
    return program


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
