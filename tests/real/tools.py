"""The real promtool, prometheus, amtool and alertmanager of each generation; ``python -m tests.real.tools`` gets them.

Taken from the folder that ``MONMC_TOOLS`` names if it is set, else from PATH where the versions there fit, else from
Debian's packages, unpacked into ``.cache/tools`` below the project. What was found is recorded there, so that the next
call needs neither the network nor a process.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.real import debian
from tests.real.generation import GENERATIONS, RECIPES, Generation, Recipe, Version

__all__ = [
    "GENERATIONS",
    "Generation",
    "Result",
    "ToolsMissingError",
    "Version",
    "amtool_check_config",
    "amtool_routes_test",
    "promtool_check_config",
    "promtool_check_rules",
    "promtool_test_rules",
    "tools",
]

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "tools"
LOCK_SECONDS = 900
TOOL_SECONDS = 300

# Debian's Alertmanager opens its default templates in the system's share directory, which an unpacked package does not
# fill. In the unpacked copy the path is made relative, at the same length; the server then runs in the unpacked root.
# A private mount namespace would leave the program untouched, but containers and hardened kernels often refuse one.
_SYSTEM_TEMPLATES = b"/usr/share/prometheus/alertmanager"
_UNPACKED_TEMPLATES = b"usr//share/prometheus/alertmanager"

# Said whenever a configuration file is given, whether or not an address is.
_AMTOOL_WARNING = "Warning: --config.file flag overrides the --alertmanager.url.\n"

_FILE_NAMES = {
    "prometheus": ("prometheus",),
    "promtool": ("promtool",),
    "alertmanager": ("prometheus-alertmanager", "alertmanager"),
    "amtool": ("amtool",),
}


class ToolsMissingError(Exception):
    """The programs of a generation are not to be had; the text is one sentence with the ways out."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program that was found: its file and the version that it says."""

    path: Path
    version: Version


@dataclass(frozen=True, slots=True)
class Result:
    """How a tool ended: its exit code, and what it wrote to stdout and stderr, in the order of writing."""

    exit_code: int
    output: str


def tools(generation: str, cache: Path = CACHE) -> Generation:
    """Return the programs of ``generation`` (one of GENERATIONS), fetching them into ``cache`` if need be.

    Several processes may call this at once: one fetches, the others wait. Raises ToolsMissingError.
    """
    chosen = os.environ.get("MONMC_TOOLS")
    if chosen:
        return _chosen(generation, Path(chosen).resolve())
    home = cache / generation
    recorded = _recorded(home)
    if recorded is None:
        with _locked(cache / f"{generation}.lock"):
            recorded = _recorded(home) or _find(generation, cache)
    return _assembled(generation, recorded, unpacked=home / "root")


def _chosen(generation: str, folder: Path) -> Generation:
    found = _located(RECIPES[generation], [folder / generation, folder])
    missing = _missing(found)
    if missing:
        raise ToolsMissingError(
            f"{_wanted(generation)}: MONMC_TOOLS names {folder}, which holds no fitting {missing}, neither itself "
            f"nor in a folder '{generation}' of its own; put them there, or unset MONMC_TOOLS to have them fetched"
        )
    return _assembled(generation, found, unpacked=None)


def _find(generation: str, cache: Path) -> dict[str, Program]:
    """Find the programs on PATH or fetch them, and record where they are."""
    recipe, home = RECIPES[generation], cache / generation
    work = cache / f"{generation}.partial"
    for leftover in (work, home):
        if leftover.exists():
            shutil.rmtree(leftover)
    work.mkdir(parents=True)
    found = _located(
        recipe, [Path(entry).absolute() for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    )
    missing = _missing(found)
    if missing:
        try:
            found = _fetched(recipe, work)
        except debian.NotFetchedError as failure:
            shutil.rmtree(work)
            raise ToolsMissingError(
                f"{_wanted(generation)}: PATH holds no fitting {missing}, and {failure}; "
                f"put them on PATH, or into a folder that MONMC_TOOLS names"
            ) from None
    _record(found, work)
    # Renamed only when complete: whoever is stopped half-way leaves nothing that looks like a generation.
    work.rename(home)
    return {name: replace(program, path=_moved(program.path, work, home)) for name, program in found.items()}


def _fetched(recipe: Recipe, work: Path) -> dict[str, Program]:
    """Unpack Debian's packages into ``work/root`` and return the programs there. Raises debian.NotFetchedError."""
    debian.unpack(recipe.packages, recipe.suites, work / "root", work / "apt")
    shutil.rmtree(work / "apt")
    alertmanager = work / "root/usr/bin/prometheus-alertmanager"
    alertmanager.write_bytes(alertmanager.read_bytes().replace(_SYSTEM_TEMPLATES, _UNPACKED_TEMPLATES))
    found = _located(recipe, [work / "root/usr/bin"])
    if _missing(found):
        raise debian.NotFetchedError(f"Debian's packages hold no fitting {_missing(found)}")
    return found


def _moved(path: Path, old: Path, new: Path) -> Path:
    return new / path.relative_to(old) if path.is_relative_to(old) else path


def _located(recipe: Recipe, folders: Sequence[Path]) -> dict[str, Program]:
    """Return, for each kind of program, the first in ``folders`` whose version fits; tools match their server."""
    found: dict[str, Program] = {}
    for name, server, span in (
        ("prometheus", None, recipe.prometheus),
        ("promtool", "prometheus", recipe.prometheus),
        ("alertmanager", None, recipe.alertmanager),
        ("amtool", "alertmanager", recipe.alertmanager),
    ):
        for path in (folder / file_name for folder in folders for file_name in _FILE_NAMES[name]):
            if not path.is_file() or not os.access(path, os.X_OK):
                continue
            version = _said_version(path)
            if version is not None and version in span and (server not in found or version == found[server].version):
                found[name] = Program(path, version)
                break
    return found


def _said_version(path: Path) -> Version | None:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Version.said_in(done.stdout + done.stderr)


def _assembled(generation: str, found: Mapping[str, Program], unpacked: Path | None) -> Generation:
    alertmanager = found["alertmanager"]
    is_unpacked = unpacked is not None and alertmanager.path.is_relative_to(unpacked)
    return Generation(
        name=generation,
        prometheus=found["prometheus"].version,
        alertmanager=alertmanager.version,
        prometheus_bin=found["prometheus"].path,
        promtool=found["promtool"].path,
        alertmanager_bin=alertmanager.path,
        amtool=found["amtool"].path,
        alertmanager_folder=unpacked if is_unpacked else None,
    )


def _missing(found: Mapping[str, Program]) -> str:
    return ", ".join(name for name in _FILE_NAMES if name not in found)


def _wanted(generation: str) -> str:
    recipe = RECIPES[generation]
    return (
        f"the real tools of generation '{generation}' are missing "
        f"(Prometheus {recipe.prometheus}, Alertmanager {recipe.alertmanager})"
    )


def _record(found: Mapping[str, Program], home: Path) -> None:
    """Write where the programs are; those below ``home`` by their place in it, so that it can be moved."""
    record = {
        name: {
            "path": str(program.path.relative_to(home) if program.path.is_relative_to(home) else program.path),
            "version": program.version,
            "size": program.path.stat().st_size,
        }
        for name, program in found.items()
    }
    (home / "tools.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _recorded(home: Path) -> dict[str, Program] | None:
    """Return what an earlier call recorded, or None when there is nothing or a program has changed since."""
    try:
        record = json.loads((home / "tools.json").read_text(encoding="utf-8"))
        found = {name: Program(home / entry["path"], Version(*entry["version"])) for name, entry in record.items()}
        unchanged = all(found[name].path.stat().st_size == entry["size"] for name, entry in record.items())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if unchanged and not _missing(found) else None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of ``path``, which the system frees when a process dies.

    Raises ToolsMissingError when another process still holds it after LOCK_SECONDS.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    give_up = time.monotonic() + LOCK_SECONDS
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise ToolsMissingError(f"another process has held {path} for {LOCK_SECONDS} s; end it") from None
                time.sleep(0.1)
        yield


def promtool_check_rules(generation: Generation, *paths: Path) -> Result:
    """Run ``promtool check rules`` over ``paths``: 0 valid, 1 refused, 3 lint findings when made fatal."""
    return _run(generation.promtool, "check", "rules", *paths)


def promtool_check_config(generation: Generation, path: Path) -> Result:
    """Run ``promtool check config``; the files that the configuration names are checked too."""
    return _run(generation.promtool, "check", "config", path)


def promtool_test_rules(generation: Generation, *paths: Path) -> Result:
    """Run ``promtool test rules`` over test files; 1 when an expectation is not met."""
    return _run(generation.promtool, "test", "rules", *paths)


def amtool_check_config(generation: Generation, *paths: Path) -> Result:
    """Run ``amtool check-config`` over Alertmanager configurations."""
    return _run(generation.amtool, "check-config", *paths)


def amtool_routes_test(generation: Generation, config: Path, labels: Mapping[str, str]) -> Result:
    """Run ``amtool config routes test``; the output is the receivers' names, comma-separated, in tree order."""
    pairs = [f"{name}={value}" for name, value in labels.items()]
    result = _run(generation.amtool, "config", "routes", "test", f"--config.file={config}", *pairs)
    return replace(result, output=result.output.removeprefix(_AMTOOL_WARNING))


def _run(program: Path, *arguments: Path | str) -> Result:
    done = subprocess.run(
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=TOOL_SECONDS,
        check=False,
    )
    return Result(done.returncode, done.stdout)


def main() -> int:
    """Get every generation and print its versions; 1 when one is missing, with the reason on stderr."""
    exit_code = 0
    for name in GENERATIONS:
        try:
            generation = tools(name)
        except ToolsMissingError as missing:
            sys.stderr.write(f"error: {missing}\n")
            exit_code = 1
        else:
            sys.stdout.write(f"{name}: Prometheus {generation.prometheus}, Alertmanager {generation.alertmanager}\n")
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
