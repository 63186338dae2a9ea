"""What a build remembers, so that a build after no change compiles nothing.

A record holds the hash of everything that decides the output and what is reported (the spec's bytes, the options, this
very monmc, the day), what the build said, and size and time of every file that it wrote. It is used only while all of
that is as it was. It lies in ``<out>/.monmc_cache``, which git ignores; deleting it costs one full build.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skillforge_mon.build import Built
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity, Span
from skillforge_mon.version import VERSION

FOLDER = ".monmc_cache"
_FORMAT = 1
_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class CacheKey:
    """``slot`` names the record of this project and these options; ``inputs`` is the hash that it must have.

    ``texts`` are the spec files that were read for it, by the names that they have in messages.
    """

    slot: str
    inputs: str
    texts: dict[str, str]


def key(
    path: Path,
    out: Path,
    environment: str | None,
    backends: Sequence[str],
    *,
    strict: bool,
    today: datetime.date | None = None,
) -> CacheKey | None:
    """The key of a build, or None when its inputs cannot even be read (the build itself will say why).

    ``today`` is part of it because an ``ignore`` may end: the first build of a day compiles.
    """
    try:
        files = list(_spec_files(path))
        contents = [file.read_bytes() for file in files]
        texts = {_shown(file): content.decode() for file, content in zip(files, contents, strict=True)}
    except (OSError, UnicodeDecodeError):
        return None
    options = json.dumps([str(path), str(out), str(Path.cwd()), environment, sorted(backends), strict])
    digest = hashlib.sha256(f"{_FORMAT}\0{VERSION}\0{_program()}\0{options}\0{today}".encode())
    for file, content in zip(files, contents, strict=True):
        digest.update(f"\0{file}\0{len(content)}\0".encode())
        digest.update(content)
    slot = hashlib.sha256(options.encode()).hexdigest()[:32]
    return CacheKey(slot, digest.hexdigest(), texts)


def _spec_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for file in sorted(path.iterdir()):
        if file.suffix in {".yaml", ".yml"} and not file.name.startswith("."):
            yield file


def _shown(file: Path) -> str:
    from skillforge_mon.spec.yaml.shown_name import shown_name

    return shown_name(file)


def _program() -> str:
    """What this monmc is made of: names, sizes and times of its files, so that an edited one trusts no old record."""
    digest = hashlib.sha256()
    for folder, names, files in os.walk(_PACKAGE):
        names[:] = sorted(name for name in names if name != "__pycache__")
        for name in sorted(files):
            status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - a few hundred files at every start
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def look_up(wanted: CacheKey, out: Path) -> Built | None:
    """What the last build did, when everything is as it was then; else None."""
    try:
        record = json.loads((out / FOLDER / f"{wanted.slot}.json").read_bytes())
        if record["inputs"] != wanted.inputs:
            return None
        root = Path(record["root"])
        if _written(root) != record["files"]:
            return None
        return Built(
            name=record["name"],
            environment=record["environment"],
            root=root,
            diagnostics=tuple(_diagnostic(item) for item in record["diagnostics"]),
            texts=wanted.texts,
            ignored=record["ignored"],
            files=record["count"],
            grades=record["grades"],
            fresh=True,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(built_from: CacheKey, out: Path, built: Built) -> None:
    """Keep what was done. A cache that cannot be written is no problem of the build."""
    folder = out / FOLDER
    record = {
        "inputs": built_from.inputs,
        "name": built.name,
        "environment": built.environment,
        "root": str(built.root),
        "diagnostics": [_plain(diagnostic) for diagnostic in built.diagnostics],
        "ignored": built.ignored,
        "count": built.files,
        "grades": built.grades,
    }
    try:
        record["files"] = _written(built.root)
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        temporary = folder / f".{built_from.slot}.{os.getpid()}"
        temporary.write_text(json.dumps(record))
        temporary.replace(folder / f"{built_from.slot}.json")
    except OSError:
        return


def _written(root: Path) -> dict[str, list[int]]:
    """Size and time of every file below ``root``."""
    found: dict[str, list[int]] = {}
    start = len(str(root)) + 1
    stack = [str(root)]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                else:
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path[start:]] = [status.st_size, status.st_mtime_ns]
    return found


def _plain(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "headline": diagnostic.headline,
        "span": _span_to_plain(diagnostic.span),
        "label": diagnostic.label,
        "secondary": [[_span_to_plain(label.span), label.text] for label in diagnostic.secondary],
        "notes": list(diagnostic.notes),
        "help": diagnostic.help,
    }


def _diagnostic(plain: dict[str, Any]) -> Diagnostic:
    return Diagnostic(
        plain["code"],
        Severity(plain["severity"]),
        plain["headline"],
        _span(plain["span"]),
        plain["label"],
        tuple(Label(Span(*span), text) for span, text in plain["secondary"]),
        tuple(plain["notes"]),
        plain["help"],
    )


def _span_to_plain(span: Span | None) -> list[str | int] | None:
    return [span.file, span.line, span.column, span.end_line, span.end_column] if span is not None else None


def _span(plain: list[Any] | None) -> Span | None:
    return Span(*plain) if plain is not None else None
