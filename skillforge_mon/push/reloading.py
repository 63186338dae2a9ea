"""Letting a server that reads files take what was built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from skillforge_mon.documents.document import Document
from skillforge_mon.push.sending import StepFailed
from skillforge_mon.remote.api import Difference, FileServer

_MOST = 3


def reload(files: FileServer, documents: Sequence[Document]) -> None:
    """Let it read its files again, and see whether they are those of the build. Raises StepFailed and RemoteError."""
    files.reload()
    left = tuple(files.differences(documents))
    if left:
        raise StepFailed(
            f"the built files have not reached the server: after a reload it still differs in {_named(left)}; "
            "deliver them, then push again"
        )


def _named(differences: Iterable[Difference]) -> str:
    names = [f"{each.kind} {each.name}" for each in differences]
    rest = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {rest} more" if rest > 0 else "")
