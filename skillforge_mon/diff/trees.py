"""What a build would change in the output folder, part by part, and what somebody else has changed there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from skillforge_mon.diff.change import Change, ChangeKind, ChangeSet, FieldChange, FileCounts, headline_of
from skillforge_mon.diff.part_changes import Part, part_changes
from skillforge_mon.diff.parts import FileIdentity, PartKey, pieces
from skillforge_mon.diff.reading import read_plain
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.documents.manifest import Manifest
from skillforge_mon.documents.manifest_reader import read_manifest
from skillforge_mon.documents.paths import MANIFEST_NAME
from skillforge_mon.documents.tree import TreePlan
from skillforge_mon.documents.tree_swap import settled_root

_IN_PLACE_TYPES = frozenset(("metric alert", "query alert"))
"""The types between which Datadog changes a monitor in place; every other change of type is refused ("Edit a
monitor", Datadog API reference: the type cannot be changed once it is created)."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """The files that differ: what is on disk, and what the build writes, as plain data."""

    disk: Mapping[str, Any]
    built: Mapping[str, Any]


def compare_tree(plan: TreePlan, documents: Sequence[Document], renamed: Mapping[str, str], against: str) -> ChangeSet:
    """What carrying out ``plan`` changes. ``documents`` are those that it was made from.

    ``renamed`` has the former id of every spec object that has one now. A file whose hash is not that of the manifest
    beside it has drifted: it is told apart from what the spec changes. Raises OSError when a file cannot be read.
    """
    root = settled_root(plan.root)
    found = read_manifest(root / MANIFEST_NAME)
    earlier = found if isinstance(found, Manifest) else None
    drifted, overwritten = _drifted(plan, root, earlier)
    ours = {path for path in plan.stale if path != MANIFEST_NAME and path not in drifted}
    sides = _sides(plan, root, earlier, documents, {*ours, *drifted})
    changes = _changes(
        _parts(plan.manifest, earlier, sides.disk, ours, former=True),
        _parts(plan.manifest, earlier, sides.built, ours, former=False),
        renamed,
    )
    told = {path for change in changes for path in change.files}
    layout = sum(path in plan.changed and path not in told for path in ours)
    files = FileCounts(
        sum(path in ours for path in plan.added),
        sum(path in ours for path in plan.changed) - layout,
        sum(path in ours for path in plan.removed),
        layout,
    )
    drift = (*_drift(plan, earlier, sides, drifted), *_overwritten(plan, overwritten))
    return ChangeSet(plan.manifest.project, plan.manifest.environment, against, tuple(changes), drift, files)


def _drifted(plan: TreePlan, root: Path, earlier: Manifest | None) -> tuple[list[str], list[str]]:
    """Files that only somebody else has changed or deleted; and those that both they and the spec have."""
    if earlier is None:
        return [], []
    only: list[str] = []
    both: list[str] = []
    for path, entry in earlier.files.items():
        content = plan.contents.get(path)
        if content is None:
            if path in plan.kept:
                only.append(path)
        elif path in plan.added or (path in plan.changed and _sha256((root / path).read_bytes()) != entry.sha256):
            (only if _sha256(content) == entry.sha256 else both).append(path)
    return only, both


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sides(
    plan: TreePlan, root: Path, earlier: Manifest | None, documents: Sequence[Document], paths: set[str]
) -> _Sides:
    built = {document.path: document.content for document in documents if document.path in paths}
    for path, content in built.items():
        if isinstance(content, str):  # as it is written, with its last newline
            built[path] = plan.contents[path].decode()
    disk = {}
    for path in sorted(paths):
        if path not in plan.added and earlier is not None and path in earlier.files:
            form = earlier.files[path].format
            disk[path] = read_plain((root / path).read_bytes(), form)
            if isinstance(disk[path], str) and form is not Format.TEXT and path in built:
                built[path] = plan.contents[path].decode()
    return _Sides(disk, built)


def _identities(manifest: Manifest, paths: Iterable[str]) -> Iterator[FileIdentity]:
    resources = {resource.path: resource for resource in manifest.resources}
    for path in paths:
        entry = manifest.files.get(path)
        resource = resources.get(path)
        yield FileIdentity(
            path,
            (entry.backend if entry is not None else None) or path.partition("/")[0],
            entry.objects if entry is not None else (),
            resource.kind if resource is not None else "",
            resource.key if resource is not None else "",
        )


_Parts = dict[PartKey, Part]


def _parts(
    manifest: Manifest, earlier: Manifest | None, data: Mapping[str, Any], paths: Iterable[str], *, former: bool
) -> _Parts:
    """All parts in the files ``paths``, whichever of them they stand in."""
    described = earlier if former and earlier is not None else manifest
    variants: dict[PartKey, dict[str, Any]] = {}
    files: dict[PartKey, list[str]] = {}
    for identity in _identities(described, sorted(path for path in paths if path in data)):
        for piece in pieces(identity, data[identity.path]):
            own = variants.setdefault(piece.key, {})
            name, number = piece.variant, 1
            while name in own:
                number += 1
                name = f"{piece.variant} ({number})".strip()
            own[name] = piece.data
            files.setdefault(piece.key, []).append(piece.file)
    return {key: Part(own, tuple(dict.fromkeys(files[key]))) for key, own in variants.items()}


def _changes(old: _Parts, new: _Parts, renamed: Mapping[str, str]) -> list[Change]:
    found: list[Change] = []
    matched: set[PartKey] = set()
    for key, part in new.items():
        former = key if key in old else _former(key, old, renamed)
        before = old.get(former)
        if before is None:
            found.append(Change(ChangeKind.ADD, key.backend, key.kind, key.name, files=part.files))
            continue
        matched.add(former)
        change = _change(former, key, before, part)
        if change is not None:
            found.append(change)
    found += [
        Change(ChangeKind.REMOVE, key.backend, key.kind, key.name, files=part.files)
        for key, part in old.items()
        if key not in matched
    ]
    return sorted(found, key=lambda change: change.backend)


def _former(key: PartKey, old: _Parts, renamed: Mapping[str, str]) -> PartKey:
    """The key that a part had before its object was renamed, where there is one."""
    was = renamed.get(key.object_id)
    if was is None:
        return key
    now_name, was_name = key.object_id.partition(".")[2], was.partition(".")[2]
    wanted = PartKey(key.backend, key.kind, key.name.replace(now_name, was_name, 1), was)
    return wanted if wanted in old else key


def _change(former: PartKey, key: PartKey, before: Part, after: Part) -> Change | None:
    fields = part_changes(key.kind, before, after)
    files = tuple(dict.fromkeys((*before.files, *after.files)))
    kind, headline, was = ChangeKind.CHANGE, headline_of(fields), ""
    if former.name != key.name:
        kind, was = ChangeKind.RENAME, former.name
        headline = f"was {was}"
    elif before.files != after.files:
        paths = ", ".join(before.files), ", ".join(after.files)
        place = FieldChange("file", *paths)
        kind = ChangeKind.CHANGE if fields else ChangeKind.MOVE
        headline = headline if fields else f"to {paths[1]}"
        fields = (*fields, place)
    elif not fields:
        return None
    elif key.kind == "monitor" and _another_type(before, after):
        kind = ChangeKind.REPLACE
        headline = "made anew, because its type cannot be changed in place"
    return Change(kind, key.backend, key.kind, key.name, headline, fields, was, files)


def _another_type(before: Part, after: Part) -> bool:
    types = {str(data.get("type")) for part in (before, after) for data in part.variants.values()}
    return len(types) > 1 and not types <= _IN_PLACE_TYPES


def _drift(plan: TreePlan, earlier: Manifest | None, sides: _Sides, paths: Sequence[str]) -> Iterator[Change]:
    """What somebody else changed in the files that the spec leaves as they were."""
    for path in paths:
        identity = next(_identities(earlier or plan.manifest, [path]))
        if path not in plan.contents:
            yield _about_file(identity, "changed outside monmc and no longer generated: left in place")
        elif path not in sides.disk:
            yield _about_file(identity, "deleted outside monmc: build writes it again")
        else:
            changes = _changes(
                _parts(plan.manifest, earlier, sides.built, [path], former=True),
                _parts(plan.manifest, earlier, sides.disk, [path], former=True),
                {},
            )
            if not changes:
                yield _about_file(identity, "changed outside monmc: only comments, order or layout")
            for change in changes:
                verbs = {ChangeKind.ADD: "added", ChangeKind.REMOVE: "deleted"}
                what = f": {change.headline}" if change.headline else ""
                headline = f"{verbs.get(change.kind, 'changed')} outside monmc{what}"
                rest = tuple(field for field in change.fields if field.lines or field.sentence != change.headline)
                yield replace(change, headline=headline, fields=rest)


def _overwritten(plan: TreePlan, paths: Sequence[str]) -> Iterator[Change]:
    for identity in _identities(plan.manifest, paths):
        verb, end = ("deleted", "writes it again") if identity.path in plan.added else ("changed", "overwrites it")
        yield _about_file(identity, f"{verb} outside monmc, and by the spec since: build {end}")


def _about_file(identity: FileIdentity, headline: str) -> Change:
    return Change(ChangeKind.CHANGE, identity.backend, "file", identity.path, headline, files=(identity.path,))
