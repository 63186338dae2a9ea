"""The spec as it was at a revision of git, read from the object store: the worktree stays as it is."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diff.codes import NO_GIT, NOT_IN_REVISION, UNKNOWN_REVISION

_TIME_LIMIT = 60
"""Seconds that one git command may take."""
_SET_BY_HOOKS = frozenset(("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"))
_SUFFIXES = (".yaml", ".yml")


class _GitError(Exception):
    """git ended with an error, or could not be run; ``args[0]`` is what it said."""


@dataclass(frozen=True, slots=True)
class EarlierSpec:
    """Where the earlier spec was written, and how it is called in messages: ``main:specs/shop.yaml``."""

    path: Path
    shown: str

    def renamed(self, text: str) -> str:
        """``text`` with the name of the temporary file or folder replaced by what it stands for."""
        return text.replace(self.path.as_posix(), self.shown)

    def named(self, diagnostic: Diagnostic) -> Diagnostic:
        """``diagnostic`` about the earlier spec under its real name."""
        span = diagnostic.span
        return replace(
            diagnostic,
            headline=self.renamed(diagnostic.headline),
            span=replace(span, file=self.renamed(span.file)) if span is not None else None,
            secondary=tuple(
                replace(label, span=replace(label.span, file=self.renamed(label.span.file)))
                for label in diagnostic.secondary
            ),
            notes=tuple(map(self.renamed, diagnostic.notes)),
            fix=None,
        )


def read_spec_at(spec: Path, revision: str, into: Path) -> EarlierSpec | Diagnostic:
    """Write the spec at ``spec``, as it was at ``revision``, below the folder ``into``.

    Of a folder, its YAML files are written, as a build reads them. Raises OSError when ``into`` cannot be written.
    """
    full = Path(os.path.abspath(spec))  # noqa: PTH100 - links stay as the user wrote them
    folder = next(parent for parent in (full, *full.parents) if parent.is_dir())
    try:
        top = Path(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))
    except _GitError as error:
        return NO_GIT.at(None, f"`{spec}` has no history to compare with", notes=(str(error),))
    path = (folder.resolve() / full.relative_to(folder)).relative_to(top.resolve()).as_posix()
    path = "" if path == "." else path
    try:
        commit = _commit(top, revision)
    except _GitError:
        return UNKNOWN_REVISION.at(
            None,
            f"there is no revision `{revision}`",
            help="name a branch, a tag or a commit; in a shallow clone, fetch it first",
        )
    shown = f"{revision}:{path}"
    try:
        entries = _entries(top, commit, path) if path else {"": ("tree", commit)}
        if path not in entries:
            return _not_there(spec, revision, "the path was added or moved since")
        kind, name = entries[path]
        target = into / full.name
        if kind == "blob":
            target.write_bytes(_git(top, "cat-file", "blob", name))
        elif kind == "tree":
            problem = _write_folder(top, commit, path, target)
            if problem:
                return _not_there(spec, revision, problem)
        else:
            return _not_there(spec, revision, f"it is a {kind} there")
    except _GitError as error:
        return NO_GIT.at(None, f"`{shown}` cannot be read", notes=(str(error),))
    return EarlierSpec(target, shown)


def _not_there(spec: Path, revision: str, reason: str) -> Diagnostic:
    return NOT_IN_REVISION.at(None, f"`{spec}` cannot be compared with `{revision}`", notes=(reason,))


def _commit(top: Path, revision: str) -> str:
    """The full name of the commit. A name that looks like an option is none."""
    if not revision or revision.startswith("-"):
        raise _GitError
    return _git(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()


def _entries(top: Path, commit: str, path: str) -> dict[str, tuple[str, str]]:
    """Path -> kind and object name: of what stands at ``path``, or in that folder for ``path/`` and "" (the top)."""
    listed = _git(top, "ls-tree", "-z", "--full-tree", commit, *(("--", path) if path else ()))
    found = {}
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        if line:
            about, _, name = line.partition("\t")
            mode, kind, hashed = about.split()
            found[name] = ("symbolic link" if mode == "120000" else kind, hashed)
    return found


def _write_folder(top: Path, commit: str, path: str, target: Path) -> str:
    """Write the YAML files of the folder; why that cannot be done, or an empty text."""
    target.mkdir()
    for name, (kind, hashed) in _entries(top, commit, f"{path}/" if path else "").items():
        file = name.rpartition("/")[2]
        if file.startswith(".") or not file.endswith(_SUFFIXES) or kind == "tree":
            continue
        if kind != "blob":
            return f"`{name}` is a {kind} there"
        (target / file).write_bytes(_git(top, "cat-file", "blob", hashed))
    return ""


def is_tracked(spec: Path) -> bool:
    """Whether git keeps the spec at ``spec``, every YAML file of it where it is a folder."""
    full = Path(os.path.abspath(spec))  # noqa: PTH100 - links stay as the user wrote them
    folder = full if full.is_dir() else full.parent
    files = sorted(path for path in full.glob("*") if path.suffix in _SUFFIXES) if full.is_dir() else [full]
    try:
        _git(folder, "ls-files", "--error-unmatch", "-z", "--", *(path.name for path in files))
    except _GitError:
        return False
    return bool(files)


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints. It takes no locks and asks nothing, and looks for the repository even within a hook."""
    ours = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    environment = {name: value for name, value in os.environ.items() if name not in _SET_BY_HOOKS} | ours
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; arguments are never read as options
            command, capture_output=True, env=environment, check=False, timeout=_TIME_LIMIT, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise _GitError("the program `git` is not installed") from None
    except subprocess.TimeoutExpired:
        raise _GitError(f"git took longer than {_TIME_LIMIT} s") from None
    if done.returncode != 0:
        raise _GitError(done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ") or "git failed")
    return done.stdout
