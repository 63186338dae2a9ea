"""The manifest of an output tree: what monmc wrote, from which spec objects, and how well each backend says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from skillforge_mon.documents.document import Document, Format, Grade, Plain, Reference, Verdict
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.documents.render import Rendered

FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a spec object stands: ``file`` relative to the spec's folder, with ``/``; ``line`` counts from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One generated file: SHA-256 in hexadecimal, size in bytes, and the ids of the spec objects in it.

    ``backend`` is that of the document's resource, or the folder that the file lies in; None for a file in no folder.
    """

    sha256: str
    size: int
    format: Format
    backend: str | None
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManifestResource:
    """One resource for a backend's API: ``path`` is the file that holds its body."""

    backend: str
    kind: str
    key: str
    path: str
    references: tuple[Reference, ...] = ()
    was: str = ""
    adopt: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that ``manifest.json`` says.

    ``monmc`` is the version that wrote it and ``inputs`` a hash of everything that decides the output. ``verdicts``
    are those that are not exact; ``counts`` has, per backend, the number of objects by their worst grade, and ``exact``
    the ids of those that it says exactly.
    """

    project: str
    environment: str
    monmc: str
    inputs: str
    files: Mapping[str, ManifestFile]
    objects: Mapping[str, Place]
    verdicts: tuple[Verdict, ...]
    counts: Mapping[str, Mapping[Grade, int]]
    resources: tuple[ManifestResource, ...]
    exact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def build_manifest(
    rendered: Sequence[Rendered],
    *,
    project: str,
    environment: str,
    monmc: str,
    inputs: str,
    places: Mapping[str, Place],
) -> Manifest:
    """The manifest of ``rendered``, the same whatever the order in which emitters returned their documents."""
    files = {
        item.document.path: ManifestFile(
            item.sha256,
            len(item.content),
            item.document.format,
            _backend(item.document),
            tuple(sorted(set(item.document.objects))),
        )
        for item in sorted(rendered, key=lambda item: item.document.path)
    }
    verdicts = sorted(
        {verdict for item in rendered for verdict in item.document.verdicts},
        key=lambda verdict: (
            verdict.backend,
            verdict.object_id,
            verdict.field,
            verdict.grade.value,
            verdict.reason,
            verdict.instead,
        ),
    )
    resources = [
        ManifestResource(
            part.resource.backend,
            part.resource.kind,
            part.resource.key,
            item.document.path,
            tuple(part.resource.references),
            part.resource.was,
            part.resource.adopt,
        )
        for item in rendered
        for part in item.document.resources
    ]
    resources.sort(key=lambda resource: (resource.backend, resource.kind, resource.key, resource.path))
    return Manifest(
        project=project,
        environment=environment,
        monmc=monmc,
        inputs=inputs,
        files=files,
        objects=dict(sorted(places.items())),
        verdicts=tuple(verdict for verdict in verdicts if verdict.grade is not Grade.EXACT),
        counts=_counts(verdicts),
        resources=tuple(resources),
        exact=_exact(verdicts),
    )


def _backend(document: Document) -> str | None:
    if document.resource is not None:
        return document.resource.backend
    folder, _, name = document.path.partition("/")
    if name:
        return folder
    return document.verdicts[0].backend if document.verdicts else None


def _worst(verdicts: Sequence[Verdict]) -> dict[tuple[str, str], Grade]:
    """Backend and object -> the worst grade, in the order of both."""
    order = list(Grade)
    worst: dict[tuple[str, str], Grade] = {}
    for verdict in verdicts:
        key = (verdict.backend, verdict.object_id)
        worst[key] = max(worst.get(key, Grade.EXACT), verdict.grade, key=order.index)
    return dict(sorted(worst.items()))


def _counts(verdicts: Sequence[Verdict]) -> dict[str, dict[Grade, int]]:
    """Per backend, how many objects have each grade as their worst; every grade is named, also with 0."""
    counts: dict[str, dict[Grade, int]] = {}
    for (backend, _), grade in _worst(verdicts).items():
        counts.setdefault(backend, dict.fromkeys(Grade, 0))[grade] += 1
    return counts


def _exact(verdicts: Sequence[Verdict]) -> dict[str, tuple[str, ...]]:
    """Per backend, the objects whose worst grade is exact; backends without any are left out."""
    exact: dict[str, list[str]] = {}
    for (backend, object_id), grade in _worst(verdicts).items():
        if grade is Grade.EXACT:
            exact.setdefault(backend, []).append(object_id)
    return {backend: tuple(objects) for backend, objects in exact.items()}


def to_plain(manifest: Manifest) -> Plain:
    """``manifest`` as the plain data of its file; ``manifest_reader.from_plain`` reads it back."""
    return {
        "format_version": FORMAT_VERSION,
        "project": manifest.project,
        "environment": manifest.environment,
        "monmc": manifest.monmc,
        "inputs": manifest.inputs,
        "files": {path: _file_to_plain(entry) for path, entry in manifest.files.items()},
        "objects": {name: {"file": place.file, "line": place.line} for name, place in manifest.objects.items()},
        "verdicts": {
            "counts": {
                backend: {grade.value: count for grade, count in counts.items()}
                for backend, counts in manifest.counts.items()
            },
            "exact": {backend: list(objects) for backend, objects in manifest.exact.items()},
            "not_exact": [_verdict_to_plain(verdict) for verdict in manifest.verdicts],
        },
        "resources": [_resource_to_plain(resource) for resource in manifest.resources],
    }


def manifest_bytes(manifest: Manifest) -> bytes:
    """The content of ``manifest.json``."""
    return write_json(to_plain(manifest)).encode()


def _file_to_plain(entry: ManifestFile) -> Plain:
    plain: dict[str, Any] = {"sha256": entry.sha256, "size": entry.size, "format": entry.format.value}
    if entry.backend is not None:
        plain["backend"] = entry.backend
    plain["objects"] = list(entry.objects)
    return plain


def _verdict_to_plain(verdict: Verdict) -> Plain:
    plain = {"backend": verdict.backend, "object": verdict.object_id, "grade": verdict.grade.value}
    optional = {"field": verdict.field, "reason": verdict.reason, "instead": verdict.instead}
    return plain | {key: text for key, text in optional.items() if text}


def _resource_to_plain(resource: ManifestResource) -> Plain:
    return {
        "backend": resource.backend,
        "kind": resource.kind,
        "key": resource.key,
        "path": resource.path,
        "references": [{"kind": reference.kind, "key": reference.key} for reference in resource.references],
        **({"was": resource.was} if resource.was else {}),
        **({"adopt": resource.adopt} if resource.adopt else {}),
    }
