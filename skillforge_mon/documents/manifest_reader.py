"""Reads ``manifest.json`` back, trusting nothing: it decides which files a build may remove."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.codes import DAMAGED_MANIFEST, FOREIGN_MANIFEST, NEWER_MANIFEST, UNWRITABLE
from skillforge_mon.documents.document import Format, Grade, Reference, Verdict
from skillforge_mon.documents.manifest import FORMAT_VERSION, Manifest, ManifestFile, ManifestResource, Place
from skillforge_mon.documents.paths import path_problem

_T = TypeVar("_T")
_REBUILD = "restore the file from version control, or delete the output folder and build again"


def read_manifest(path: Path) -> Manifest | Diagnostic | None:
    """The manifest in the file ``path``; None if there is no such file; a Diagnostic if it is of no use."""
    try:
        text = path.read_bytes().decode()
        data = json.loads(text)
    except FileNotFoundError:
        return None
    except OSError as error:
        return UNWRITABLE.at(None, f"cannot read `{path}`: {error.strerror}")
    except RecursionError:
        return _damaged(path, "it is nested too deeply")
    except ValueError as error:
        return _damaged(path, str(error))
    if not isinstance(data, dict) or "format_version" not in data or "monmc" not in data:
        return FOREIGN_MANIFEST.at(
            None, f"`{path}` is not a manifest of monmc", help="choose another output folder, or move the file away"
        )
    version = data["format_version"]
    if type(version) is int and version > FORMAT_VERSION:
        headline = f"`{path}` has format version {version}, and this monmc knows up to {FORMAT_VERSION}"
        wrote = data["monmc"] if isinstance(data["monmc"], str) else "unknown"
        return NEWER_MANIFEST.at(None, headline, notes=(f"written by monmc {wrote}",), help="upgrade monmc")
    try:
        return from_plain(data)
    except ValueError as error:
        return _damaged(path, str(error))


def _damaged(path: Path, reason: str) -> Diagnostic:
    return DAMAGED_MANIFEST.at(None, f"`{path}` is damaged", notes=(reason,), help=_REBUILD)


def from_plain(data: Any) -> Manifest:
    """The manifest that ``manifest.to_plain`` wrote as ``data``. Raises ValueError, with the place, for all else."""
    fields = _fields(data, "manifest")
    if _get(fields, "format_version", _count, "manifest") != FORMAT_VERSION:
        raise ValueError(f"manifest.format_version is not {FORMAT_VERSION}")
    verdicts = _get(fields, "verdicts", _fields, "manifest")
    return Manifest(
        project=_get(fields, "project", _text, "manifest"),
        environment=_get(fields, "environment", _text, "manifest"),
        monmc=_get(fields, "monmc", _text, "manifest"),
        inputs=_get(fields, "inputs", _text, "manifest"),
        files={_path(path, "files"): _file(entry, f"files.{path}") for path, entry in _members(fields, "files")},
        objects={name: _place(place, f"objects.{name}") for name, place in _members(fields, "objects")},
        verdicts=_get(verdicts, "not_exact", _each(_verdict), "verdicts"),
        counts={
            backend: {
                _one_of(Grade)(grade, f"verdicts.counts.{backend}"): _count(count, f"verdicts.counts.{backend}")
                for grade, count in _fields(counts, f"verdicts.counts.{backend}").items()
            }
            for backend, counts in _members(verdicts, "counts")
        },
        resources=_get(fields, "resources", _each(_resource), "manifest"),
        exact={
            backend: _each(_text)(objects, f"verdicts.exact.{backend}")
            for backend, objects in _fields(verdicts.get("exact", {}), "verdicts.exact").items()
        },
    )


def _file(data: Any, where: str) -> ManifestFile:
    fields = _fields(data, where)
    return ManifestFile(
        sha256=_get(fields, "sha256", _text, where),
        size=_get(fields, "size", _count, where),
        format=_get(fields, "format", _one_of(Format), where),
        backend=_get(fields, "backend", _text, where) if "backend" in fields else None,
        objects=_get(fields, "objects", _each(_text), where),
    )


def _place(data: Any, where: str) -> Place:
    fields = _fields(data, where)
    return Place(_get(fields, "file", _text, where), _get(fields, "line", _count, where))


def _verdict(data: Any, where: str) -> Verdict:
    fields = _fields(data, where)
    return Verdict(
        backend=_get(fields, "backend", _text, where),
        object_id=_get(fields, "object", _text, where),
        grade=_get(fields, "grade", _one_of(Grade), where),
        reason=_text(fields.get("reason", ""), where),
        instead=_text(fields.get("instead", ""), where),
        field=_text(fields.get("field", ""), where),
    )


def _resource(data: Any, where: str) -> ManifestResource:
    fields = _fields(data, where)
    return ManifestResource(
        backend=_get(fields, "backend", _text, where),
        kind=_get(fields, "kind", _text, where),
        key=_get(fields, "key", _text, where),
        path=_get(fields, "path", _path, where),
        references=_get(fields, "references", _each(_reference), where),
        was=_text(fields.get("was", ""), where),
        adopt=_text(fields.get("adopt", ""), where),
    )


def _reference(data: Any, where: str) -> Reference:
    fields = _fields(data, where)
    return Reference(_get(fields, "kind", _text, where), _get(fields, "key", _text, where))


def _get(fields: dict[str, Any], key: str, read: Callable[[Any, str], _T], where: str) -> _T:
    if key not in fields:
        raise ValueError(f"{where}.{key} is missing")
    return read(fields[key], f"{where}.{key}")


def _members(fields: dict[str, Any], key: str) -> list[tuple[str, Any]]:
    return list(_get(fields, key, _fields, "manifest").items())


def _fields(data: Any, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{where} is not a map")  # noqa: TRY004 - one error type for a damaged file
    return data


def _text(data: Any, where: str) -> str:
    if not isinstance(data, str):
        raise ValueError(f"{where} is not a text")  # noqa: TRY004 - one error type for a damaged file
    return data


def _count(data: Any, where: str) -> int:
    if type(data) is not int or data < 0:
        raise ValueError(f"{where} is not a whole number")
    return data


def _path(data: Any, where: str) -> str:
    if problem := path_problem(_text(data, where)):
        raise ValueError(f"{where}: the path `{data}` {problem}")
    return str(data)


def _each(read: Callable[[Any, str], _T]) -> Callable[[Any, str], tuple[_T, ...]]:
    def read_all(data: Any, where: str) -> tuple[_T, ...]:
        if not isinstance(data, list):
            raise ValueError(f"{where} is not a list")  # noqa: TRY004 - one error type for a damaged file
        return tuple(read(item, f"{where}[{index}]") for index, item in enumerate(data))

    return read_all


def _one_of(choices: Callable[[str], _T]) -> Callable[[Any, str], _T]:
    def read_choice(data: Any, where: str) -> _T:
        try:
            return choices(_text(data, where))
        except ValueError:
            raise ValueError(f"{where} is {data!r}, which this monmc does not know") from None

    return read_choice
