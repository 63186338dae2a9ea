"""End-to-end tests as text: one file holds what it shows, the commands with what they print, and the files they read.

::

    A misspelt key is found.

    $ monmc check shop.yaml
    error[MON1102]: …
    exit 1

    -- shop.yaml --
    version: 1

Lines of stderr begin with ``! ``; ``exit 0`` is left out; times are written as ``TIME``. A command ``cat FILE`` or
``tree FOLDER`` shows what was written. ``python -m tests.cli.regenerate`` writes anew what the commands print.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from skillforge_mon.cli.main import main

FOLDER = Path(__file__).parent / "archives"
_FILE = re.compile(r"^-- (.+) --\n", re.MULTILINE)
_TIME = re.compile(r"\(\d+\.\d\d s\)")


@dataclass(frozen=True, slots=True)
class Archive:
    """``intro`` says what is shown; ``commands`` are run in order among ``files`` (name to text)."""

    intro: str
    commands: tuple[str, ...]
    files: dict[str, str]


def read(text: str) -> Archive:
    """Take an archive apart; what the commands printed is left out."""
    head, *rest = _FILE.split(text)
    files = dict(zip(rest[::2], rest[1::2], strict=True))
    lines = head.splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith("$ "))
    return Archive("\n".join(lines[:first]).strip(), tuple(line[2:] for line in lines if line.startswith("$ ")), files)


def played(text: str, folder: Path) -> str:
    """The archive with what its commands print when they are run in ``folder``."""
    archive = read(text)
    for name, content in archive.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    parts = [archive.intro, "\n"]
    with contextlib.chdir(folder):
        for command in archive.commands:
            parts += ["\n$ ", command, "\n", _run(command)]
    for name, content in archive.files.items():
        parts += [f"\n-- {name} --\n" if parts[-1].endswith("\n\n") is False else f"-- {name} --\n", content]
    return "".join(parts)


def _run(command: str) -> str:
    program, *arguments = shlex.split(command)
    if program == "cat":
        return Path(arguments[0]).read_text(encoding="utf-8")
    if program == "tree":
        root = Path(arguments[0])
        files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        return "".join(f"{name}\n" for name in files if not name.startswith("."))
    assert program == "monmc", command
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    shown = out.getvalue() + "".join(f"! {line}\n" for line in err.getvalue().splitlines())
    shown = _TIME.sub("(TIME)", shown).replace(os.getcwd(), "FOLDER")  # noqa: PTH109 - as the program asks
    return shown + (f"exit {code}\n" if code else "")
