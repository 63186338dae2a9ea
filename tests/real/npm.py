"""Packages of npm, installed below ``.cache/tools``: what they say is asked of node."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

from tests.real.tools import CACHE

_SECONDS = 300


def missing() -> str:
    """What has to be installed first; empty where nothing is lacking."""
    lacking = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"{' and '.join(lacking)} must be on PATH" if lacking else ""


def installed(name: str, *packages: str, cache: Path = CACHE) -> Path:
    """The folder ``name``, in which ``packages`` (``name@version``) are installed, once for all processes."""
    folder = cache / name
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = "\n".join(packages)
        done = folder / "installed.txt"
        if not done.exists() or done.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            command = [
                "npm",
                "install",
                "--prefix",
                str(folder),
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                *packages,
            ]
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
            done.write_text(wanted, encoding="utf-8")
    return folder


def ask(folder: Path, program: str, text: str) -> str:
    """What ``program``, an ES module, writes to stdout when it is given ``text``; imports are found in ``folder``."""
    path = folder / "program.mjs"
    if not path.exists() or path.read_text(encoding="utf-8") != program:
        path.write_text(program, encoding="utf-8")
    command = ["node", str(path)]
    run = subprocess.run(command, input=text, check=True, capture_output=True, text=True, timeout=_SECONDS)
    return run.stdout
