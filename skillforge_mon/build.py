"""One project built into the output folder, or found to be built already."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:
    from skillforge_mon.documents.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, or with ``--check`` would do.

    Paths are below ``root``. ``grades`` has, per backend, how many objects it says exactly, nearly, or not at all.
    ``of_spec`` are the diagnostics that the next build will have as well; others are about what was found on disk once.
    ``fresh`` is True when nothing had changed since the last build, so that nothing was compiled; ``manifest`` is then
    None, and that of the tree on disk holds.
    """

    name: str
    environment: str
    root: Path
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    of_spec: tuple[Diagnostic, ...] = ()
    ignored: int = 0
    files: int = 0
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    grades: Mapping[str, Mapping[str, int]] | None = None
    fresh: bool = False
    only_checked: bool = False
    manifest: Manifest | None = None

    @property
    def failed(self) -> bool:
        """True when nothing was written because of errors."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    @property
    def stale(self) -> tuple[str, ...]:
        """Every path that differs, below the current folder."""
        names = sorted((*self.added, *self.changed, *self.removed))
        return tuple((self.root / name).as_posix() for name in names)

    def _news(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        words = ("to add", "to change", "to remove") if self.only_checked else ("added", "changed", "removed")
        return tuple(zip((self.added, self.changed, self.removed), words, strict=True))

    def line(self) -> str:
        """One line for people: ``skillforge/default: 61 files, 2 added, 1 changed · prometheus 31 exact``."""
        head = f"{self.name}/{self.environment}"
        if self.failed:
            return f"{head}: not written, because of the errors"
        news = [f"{len(paths)} {word}" for paths, word in self._news() if paths]
        text = f"{head}: {self.files} files in {self.root.as_posix()}, {', '.join(news) or 'unchanged'}"
        grades = [
            f"{backend} {', '.join(f'{count} {grade}' for grade, count in counts.items() if count)}"
            for backend, counts in (self.grades or {}).items()
            if any(counts.values())
        ]
        return f"{text}; {'; '.join(grades)}" if grades else text


def build_project(
    path: Path,
    out: Path,
    *,
    environment: str | None = None,
    backends: Sequence[str] = (),
    strict: bool = False,
    check: bool = False,
    cache: bool = True,
    taken: Mapping[str, Path] | None = None,
    today: datetime.date | None = None,
) -> Built:
    """Build the project at ``path`` into ``out``; with ``check``, only say what would change.

    ``taken`` has the folders (as ``folder_key`` writes them) that other specs of this run have been built into.
    ``today`` decides what ``ignore`` still silences; None: everything.
    Nothing is raised: problems of the spec and of the output folder are diagnostics of the result.
    """
    from skillforge_mon import build_cache

    key = build_cache.key(path, out, environment, backends, strict=strict, today=today) if cache else None
    if key is not None:
        known = build_cache.look_up(key, out)
        if known is not None:
            first = (taken or {}).get(folder_key(known.root))
            return known if first is None else _refused(known, first)
    built = _build(path, out, environment, backends, taken or {}, strict=strict, check=check, today=today)
    if key is not None and not built.failed and not (check and built.stale):
        build_cache.remember(key, out, replace(built, diagnostics=built.of_spec))
    return built


def manifest_of(built: Built) -> Manifest | None:
    """What the output of ``built`` says; None when nothing was written."""
    from skillforge_mon.documents.manifest import Manifest
    from skillforge_mon.documents.manifest_reader import read_manifest
    from skillforge_mon.documents.paths import MANIFEST_NAME

    if built.manifest is not None or built.failed:
        return built.manifest
    found = read_manifest(built.root / MANIFEST_NAME)
    return found if isinstance(found, Manifest) else None


def folder_key(root: Path) -> str:
    """What tells output folders apart, on file systems that ignore case too."""
    return str(root).casefold()


def _refused(built: Built, first: Path) -> Built:
    """The project, not written, because ``first`` was written into the same folder."""
    from skillforge_mon.compiler_codes import SAME_FOLDER

    problem = SAME_FOLDER.at(
        None,
        f"the project `{built.name}` of `{first}` is built into `{built.root}` already",
        help="give one of the two another `project`, or build them into different folders with `--out`",
    )
    return replace(built, diagnostics=(*built.diagnostics, problem))


def _build(
    path: Path,
    out: Path,
    environment: str | None,
    backends: Sequence[str],
    taken: Mapping[str, Path],
    *,
    strict: bool,
    check: bool,
    today: datetime.date | None,
) -> Built:
    from skillforge_mon.compiler import compile_project, plan, tree_root
    from skillforge_mon.documents.tree import write_tree

    compilation = compile_project(path, environment=environment, backends=backends, strict=strict, today=today)
    root = tree_root(compilation, out)
    unwritten = Built(
        compilation.name,
        compilation.environment,
        root,
        compilation.diagnostics,
        compilation.sources.texts,
        ignored=len(compilation.ignored),
    )
    if compilation.failed:
        return unwritten
    if folder_key(root) in taken:
        return _refused(unwritten, taken[folder_key(root)])
    planned = plan(compilation, out, backends=backends)
    done = planned if check else write_tree(planned)
    return Built(
        name=compilation.name,
        environment=compilation.environment,
        root=root,
        diagnostics=(*compilation.diagnostics, *done.diagnostics),
        texts=compilation.sources.texts,
        of_spec=compilation.diagnostics,
        ignored=len(compilation.ignored),
        files=len(done.contents),
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        only_checked=check,
        manifest=done.manifest,
        grades={
            backend: {str(grade): count for grade, count in counts.items()}
            for backend, counts in done.manifest.counts.items()
        },
    )
