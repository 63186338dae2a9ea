"""What config.alloy cannot say: where Alloy serves its own page is a flag (Grafana Alloy, "The run command")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.documents.document import Document, Format
from skillforge_mon.spec.models.log_targets import AlloyTarget

USUAL: Final = "127.0.0.1:12345"
"""Where Alloy serves its page unless it is told otherwise."""


def flags_file(target: AlloyTarget, objects: tuple[str, ...]) -> Iterator[Document]:
    """One flag a line, for ``alloy run $(cat alloy.flags) config.alloy``; nothing where there are none."""
    if target.listen != USUAL:
        yield Document("alloy/alloy.flags", f"--server.http.listen-addr={target.listen}\n", Format.TEXT, objects)
