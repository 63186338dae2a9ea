"""Which paths an output tree may hold, whatever the system that it is checked out on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.codes import DUPLICATE_PATH, FILE_IS_FOLDER, PATHS_DIFFER_BY_CASE, UNSAFE_PATH
from skillforge_mon.documents.document import Document

MANIFEST_NAME: Final = "manifest.json"
ROLL_FORWARD_NAME: Final = ".monmc-new"
"""The one temporary name inside a tree; see ``tree_swap``."""
_LONGEST_PART: Final = 255  # bytes, the limit of ext4, APFS and NTFS alike
_RENAME: Final = "rename one of the two objects, or what it belongs to"


def path_problem(path: str) -> str:
    """Why ``path`` may not be a file of an output tree, as the end of a sentence; empty if it may."""
    if not path:
        return "is empty"
    if path.startswith("/") or (len(path) > 1 and path[1] == ":"):
        return "is absolute"
    if "\\" in path:
        return "has a backslash"
    if not path.isprintable():
        return "has a character that cannot be printed"
    for part in path.split("/"):
        if not part:
            return "has an empty part"
        if part in {".", ".."}:
            return f"has the part `{part}`"
        if len(part.encode()) > _LONGEST_PART:
            return f"has a part of more than {_LONGEST_PART} bytes"
    if path in {MANIFEST_NAME, ROLL_FORWARD_NAME}:
        return "is a name that monmc keeps for itself"
    return ""


def check_paths(documents: Iterable[Document]) -> tuple[Diagnostic, ...]:
    """Every reason why these documents cannot stand side by side in one tree, next to its manifest."""
    found: list[Diagnostic] = []
    files = {MANIFEST_NAME: "it is the manifest"}  # each path with what it comes from
    folders: dict[str, Document] = {}  # each folder with the first document in it
    spelling = {MANIFEST_NAME: (MANIFEST_NAME, "it is the manifest")}  # by how a system without case sees the path
    for document in documents:
        path, origin = document.path, _origin(document)
        if problem := path_problem(path):
            found.append(UNSAFE_PATH.at(None, f"output path `{path}` {problem}", notes=(origin,)))
            continue
        if path in files:
            help_text = _RENAME if document.objects else ""
            named = f"two documents are named `{path}`"
            found.append(DUPLICATE_PATH.at(None, named, notes=(files[path], origin), help=help_text))
            continue
        files[path] = origin
        above = folders_above(path)
        for folder in above:
            folders.setdefault(folder, document)
        for prefix in (*above, path):
            seen = unicodedata.normalize("NFC", prefix).casefold()
            first, first_origin = spelling.setdefault(seen, (prefix, origin))
            if first != prefix:
                headline = f"output paths `{first}` and `{prefix}` differ only in their spelling"
                help_text = _RENAME if document.objects else ""
                found.append(PATHS_DIFFER_BY_CASE.at(None, headline, notes=(first_origin, origin), help=help_text))
                break
    found.extend(
        FILE_IS_FOLDER.at(None, f"output path `{path}` is a file, and the folder of `{folders[path].path}`")
        for path in sorted(files.keys() & folders.keys())
    )
    return tuple(found)


def folders_above(path: str) -> list[str]:
    """The folders that ``path`` stands in, the outermost first: ``a/b/c`` stands in ``a`` and ``a/b``."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _origin(document: Document) -> str:
    return f"`{document.path}` comes from {', '.join(document.objects) or 'no object of the spec'}"
