"""The output folder of one project and environment: what a build would change in it, and the change itself.

Whose files are whose: a file that the folder's manifest names is ours, every other one is the user's and is never
touched. One of ours that the user edited is overwritten where the spec still makes it, with a note; where the spec no
longer makes it, it is left in place, with a warning, because nothing else has its content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.documents.codes import (
    EDIT_KEPT,
    EDIT_OVERWRITTEN,
    FILE_IN_THE_WAY,
    FOREIGN_MANIFEST,
    LINK_IN_TREE,
    LOCKED,
    NOT_A_FOLDER,
    UNWRITABLE,
)
from skillforge_mon.documents.manifest import Manifest, manifest_bytes
from skillforge_mon.documents.manifest_reader import read_manifest
from skillforge_mon.documents.paths import MANIFEST_NAME, check_paths, folders_above
from skillforge_mon.documents.render import Rendered
from skillforge_mon.documents.scan import Snapshot, scan
from skillforge_mon.documents.tree_lock import TreeLocked, locked
from skillforge_mon.documents.tree_swap import is_unfinished, lock_path, recover, replace_tree, settled_root

PATIENCE: Final = 10.0
"""Seconds that a build waits for another one on the same folder."""


@dataclass(frozen=True, slots=True)
class TreePlan:
    """What a build changes below ``root``. All paths are relative to it and sorted; the manifest is one of them.

    ``contents`` are all files that the tree shall have. ``kept`` are the user's own files. ``diagnostics`` may hold
    notes and warnings; with an error among them the plan is refused, and the lists of paths are empty.
    """

    root: Path
    manifest: Manifest
    contents: Mapping[str, bytes]
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    before: Snapshot | None = None

    @property
    def failed(self) -> bool:
        """True when the plan must not be carried out."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    @property
    def stale(self) -> tuple[str, ...]:
        """The paths that are not on disk as the spec says: to add, to change, to remove."""
        return tuple(sorted((*self.added, *self.changed, *self.removed)))


def plan_tree(root: Path, rendered: Sequence[Rendered], manifest: Manifest) -> TreePlan:
    """What makes ``root`` (``<out>/<project>/<environment>``) hold ``rendered`` and ``manifest``. Writes nothing."""
    contents = {item.document.path: item.content for item in rendered}
    contents[MANIFEST_NAME] = manifest_bytes(manifest)
    refused = check_paths(item.document for item in rendered)
    if refused:
        return TreePlan(root, manifest, contents, diagnostics=refused)
    return _planned(root, manifest, contents)


def write_tree(plan: TreePlan, patience: float = PATIENCE) -> TreePlan:
    """Carry out ``plan`` whole or not at all; the result is the plan that was carried out, with what was found.

    If the folder changed since it was planned, the plan is made anew under the lock. A result that ``failed`` says in
    its help whether the folder is as it was; it is whole in any case. Waits up to ``patience`` seconds for another
    build.
    """
    if plan.failed or not (plan.stale or is_unfinished(plan.root)):
        return plan
    try:
        plan.root.parent.mkdir(parents=True, exist_ok=True)
        with locked(lock_path(plan.root), patience):
            recover(plan.root)
            if plan.before != scan(plan.root):
                plan = _planned(plan.root, plan.manifest, plan.contents)
            if plan.before is not None and plan.stale and not plan.failed:
                written = {path: plan.contents[path] for path in (*plan.added, *plan.changed)}
                replace_tree(plan.root, written, (*plan.unchanged, *plan.kept), plan.before)
    except TreeLocked:
        headline = f"another monmc has been writing `{plan.root}` for {patience:g} s"
        return _refused(plan, LOCKED.at(None, headline, help="wait for it to end, then run this again"))
    except OSError as error:
        return _refused(plan, _unwritable(plan, error))
    return plan


def _unwritable(plan: TreePlan, error: OSError) -> Diagnostic:
    place = str(error.filename or plan.root)
    reason = error.strerror or type(error).__name__
    if _is_as_before(plan):
        help_text = "the folder is as it was before"
    else:
        help_text = "put that right and build again: the next build finishes this one"
    return UNWRITABLE.at(None, f"cannot write `{plan.root}`: {reason}", notes=(f"at `{place}`",), help=help_text)


def _is_as_before(plan: TreePlan) -> bool:
    try:
        return settled_root(plan.root) == plan.root and scan(plan.root) == plan.before
    except OSError:
        return False


def _refused(plan: TreePlan, *diagnostics: Diagnostic) -> TreePlan:
    return TreePlan(plan.root, plan.manifest, plan.contents, diagnostics=diagnostics)


def _planned(root: Path, manifest: Manifest, contents: Mapping[str, bytes]) -> TreePlan:
    blank = TreePlan(root, manifest, contents)
    try:
        if (in_the_way := _root_problem(root)) is not None:
            return _refused(blank, in_the_way)
        settled = settled_root(root)
        before = scan(settled)
        if (mounted := _mounted_problem(root, before)) is not None:
            return _refused(blank, mounted)
        if MANIFEST_NAME in before.links:
            return _refused(blank, _linked_problem(root, MANIFEST_NAME, MANIFEST_NAME))
        earlier = read_manifest(settled / MANIFEST_NAME)
        if isinstance(earlier, Diagnostic):
            return _refused(blank, earlier)
        if earlier is not None and (foreign := _foreign_problem(root, earlier, manifest)) is not None:
            return _refused(blank, foreign)
        return _compared(blank, settled, before, earlier)
    except OSError as error:
        return _refused(blank, UNWRITABLE.at(None, f"cannot read `{error.filename or root}`: {error.strerror}"))


def _root_problem(root: Path) -> Diagnostic | None:
    """What is wrong with the root itself, or with the first folder above it that exists."""
    if root.is_symlink():
        return LINK_IN_TREE.at(
            None, f"output folder `{root}` is a symbolic link", help="name the folder that it leads to as the output"
        )
    for folder in (root, *root.parents):
        if folder.is_dir():
            return None
        if folder.exists() or folder.is_symlink():
            return NOT_A_FOLDER.at(None, f"`{folder}` is not a folder", help="choose another output folder")
    return None


def _mounted_problem(root: Path, before: Snapshot) -> Diagnostic | None:
    if not before.mounted:
        return None
    headline = f"`{root / before.mounted[0]}` is on another file system than the output folder"
    return LINK_IN_TREE.at(None, headline, help="unmount it, or choose another output folder")


def _linked_problem(root: Path, link: str, path: str) -> Diagnostic:
    headline = f"`{root / link}` is a symbolic link where `{path}` has to be written"
    return LINK_IN_TREE.at(None, headline, help="remove the link, or choose another output folder")


def _foreign_problem(root: Path, earlier: Manifest, manifest: Manifest) -> Diagnostic | None:
    theirs = (earlier.project, earlier.environment)
    if theirs == (manifest.project, manifest.environment):
        return None
    return FOREIGN_MANIFEST.at(
        None,
        f"`{root}` holds project `{theirs[0]}`, environment `{theirs[1]}`",
        notes=(f"this build is of project `{manifest.project}`, environment `{manifest.environment}`",),
        help="choose another output folder",
    )


def _compared(blank: TreePlan, settled: Path, before: Snapshot, earlier: Manifest | None) -> TreePlan:
    ours = earlier.files if earlier is not None else {}
    diagnostics: list[Diagnostic] = []
    removed = set()
    for path in ours:
        if path in blank.contents or path not in before.files:
            continue
        if before.files[path].is_regular and _sha256(settled / path) == ours[path].sha256:
            removed.add(path)
        else:
            headline = f"`{path}` is no longer generated, but was edited by hand: left in place"
            diagnostics.append(EDIT_KEPT.at(None, headline, help="move what it says into the spec, then delete it"))
    kept = before.files.keys() - blank.contents.keys() - removed
    folders_kept = {folder: path for path in sorted(kept, reverse=True) for folder in folders_above(path)}
    added, changed, unchanged = [], [], []
    for path, content in sorted(blank.contents.items()):
        if (problem := _obstacle(blank.root, path, before, kept, folders_kept)) is not None:
            diagnostics.append(problem)
        elif path not in before.files:
            added.append(path)
        elif before.files[path].size == len(content) and (settled / path).read_bytes() == content:
            unchanged.append(path)
        elif path == MANIFEST_NAME:
            changed.append(path)
        elif path not in ours:
            headline = f"`{blank.root / path}` was not written by monmc and would be overwritten"
            diagnostics.append(FILE_IN_THE_WAY.at(None, headline, help="move the file away, then build again"))
        else:
            changed.append(path)
            if _sha256(settled / path) != ours[path].sha256:
                headline = f"`{path}` was edited by hand and is overwritten"
                diagnostics.append(EDIT_OVERWRITTEN.at(None, headline, help="make the change in the spec"))
    errors = tuple(diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR)
    if errors:
        return _refused(blank, *errors)
    return TreePlan(
        blank.root,
        blank.manifest,
        blank.contents,
        tuple(added),
        tuple(changed),
        tuple(sorted(removed)),
        tuple(unchanged),
        tuple(sorted(kept)),
        tuple(diagnostics),
        before,
    )


def _obstacle(
    root: Path, path: str, before: Snapshot, kept: set[str], folders_kept: Mapping[str, str]
) -> Diagnostic | None:
    """What of the user's stands where ``path``, or a folder that it needs, has to be."""
    for part in (*folders_above(path), path):
        if part in before.links:
            return _linked_problem(root, part, path)
    for folder in folders_above(path):
        if folder in kept:
            headline = f"`{root / folder}` is a file where `{path}` needs a folder"
            return FILE_IN_THE_WAY.at(None, headline, help="move the file away, then build again")
    if path in folders_kept:
        headline = f"`{root / path}` is a folder that holds your file `{folders_kept[path]}`"
        return FILE_IN_THE_WAY.at(None, headline, help="move the file away, then build again")
    if path in before.files and not before.files[path].is_regular:
        headline = f"`{root / path}` is not a regular file"
        return FILE_IN_THE_WAY.at(None, headline, help="move it away, then build again")
    return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
