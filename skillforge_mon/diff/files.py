"""How many output files two sets of documents differ in."""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.diff.change import FileCounts
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render_documents


def files_touched(old: Iterable[Document], new: Iterable[Document]) -> FileCounts:
    """The files that come, change and go, by their bytes."""
    before, after = ({item.document.path: item.sha256 for item in render_documents(each)} for each in (old, new))
    return FileCounts(
        added=len(after.keys() - before.keys()),
        changed=sum(before[path] != digest for path, digest in after.items() if path in before),
        removed=len(before.keys() - after.keys()),
    )
