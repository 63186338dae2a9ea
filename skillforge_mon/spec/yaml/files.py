"""A path becomes the tree of one project: the file, or the YAML files of the folder, merged."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.joining import join_files
from skillforge_mon.spec.yaml.limits import Limits
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode, ScalarNode
from skillforge_mon.spec.yaml.shown_name import shown_name
from skillforge_mon.spec.yaml.source import SourceFile

_SUFFIXES = (".yaml", ".yml")
_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, eq=False)
class LoadedProject:
    """The texts of one project, merged but not yet validated.

    ``files`` are in the order of their names. ``name`` is the value of ``project``, or the name of the file or folder
    when the spec does not say.
    """

    root: MappingNode
    files: tuple[SourceFile, ...]
    path: Path
    name: str


def load_project(
    path: Path,
    report: Report,
    limits: Limits = _DEFAULT_LIMITS,
    *,
    sources: dict[str, SourceFile] | None = None,
) -> LoadedProject | None:
    """The project at ``path``: one file, or a folder whose ``*.yaml`` and ``*.yml`` files are merged.

    Folders inside the folder and names that begin with a dot are left out. Every problem goes to ``report``; None when
    a file is missing or cannot be read as a map, or when the files do not fit together so that no tree can be made.
    ``sources``, if given, receives every text that was read under its shown name, also when loading fails.
    """
    texts: dict[str, SourceFile] = {} if sources is None else sources
    paths = _spec_files(path, report)
    roots: list[MappingNode] = []
    complete = bool(paths)
    for file in paths:
        content = _read(file, report, limits)
        root = None if content is None else load_text(content, shown_name(file), report, limits, sources=texts)
        if root is None:
            complete = False
        else:
            roots.append(root)
    joined = join_files(roots, report, shown_name(path)) if roots else None
    if joined is None or not complete:
        return None
    files = tuple(texts[shown_name(file)] for file in paths)
    return LoadedProject(joined, files, path, _project_name(joined, path))


def _project_name(root: MappingNode, path: Path) -> str:
    node = root.get("project")
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return node.value
    return path.stem or path.resolve().stem


def _spec_files(path: Path, report: Report) -> list[Path]:
    """The files to read; empty, and reported, when there are none."""
    shown = shown_name(path)
    mode = _mode(path, report)
    if mode is None:
        return []
    if not stat.S_ISDIR(mode):
        return [path] if _is_regular(mode, path, report) else []
    try:
        names = sorted(file.name for file in path.iterdir())
    except OSError as problem:
        report.add(_unreadable(path, problem))
        return []
    files: list[Path] = []
    sound = True
    for name in names:
        file = path / name
        if name.startswith("."):
            continue
        if not name.endswith(_SUFFIXES):
            _report_unread(file, report)
            continue
        mode = _mode(file, report)
        if mode is None or not (stat.S_ISDIR(mode) or _is_regular(mode, file, report)):
            sound = False
        elif not stat.S_ISDIR(mode):
            files.append(file)
    if sound and not files:
        report.add(
            codes.NO_SPEC_FILES.at(
                None,
                f"the folder `{shown}` has no .yaml file",
                help="name a file, or a folder with the files of one project; `monmc init` writes a first spec",
            )
        )
    return files if sound else []


def _report_unread(path: Path, report: Report) -> None:
    """Say so where a file looks as if it belonged to the project, and is left out."""
    try:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    except OSError:
        return
    for file in inside:
        if file.suffix.lower() in _SUFFIXES and not any(
            part.startswith(".") for part in file.relative_to(path.parent).parts
        ):
            report.add(
                codes.NOT_READ.at(
                    None,
                    f"`{shown_name(file)}` is not read",
                    help="put it into the folder of the project, with the ending .yaml, or elsewhere",
                )
            )


def _mode(path: Path, report: Report) -> int | None:
    """The file mode of what ``path`` leads to, links followed; None, and reported, when it leads to nothing."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        if path.is_symlink():
            headline, advice = f"`{shown_name(path)}` is a link to nothing", "restore what it leads to, or remove it"
        else:
            headline, advice = f"there is no file or folder `{shown_name(path)}`", "check the path"
        report.add(codes.PATH_NOT_FOUND.at(None, headline, help=advice))
    except OSError as problem:
        report.add(_unreadable(path, problem))
    return None


def _is_regular(mode: int, path: Path, report: Report) -> bool:
    if stat.S_ISREG(mode):
        return True
    report.add(codes.NOT_A_FILE.at(None, f"`{shown_name(path)}` is not a file", help="name a file or a folder"))
    return False


def _read(path: Path, report: Report, limits: Limits) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(limits.bytes + 1)
    except OSError as problem:
        report.add(_unreadable(path, problem))
        return None


def _unreadable(path: Path, problem: OSError) -> Diagnostic:
    reason = (problem.strerror or str(problem)).lower()
    return codes.UNREADABLE_FILE.at(None, f"`{shown_name(path)}` cannot be read: {reason}")
