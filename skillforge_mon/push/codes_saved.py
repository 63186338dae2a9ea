"""MON604x: what can keep a backup from being taken, or put back."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_NEEDS_A_FOLDER = "it is about files and systems, which one spec cannot show"

NOT_SAVED: Final = Code(
    "MON6040",
    "not-a-saved-body",
    Severity.ERROR,
    "A file that is to be put back is not one that monmc has saved.",
    "Anything else could overwrite a live object with what it never was.",
    untestable=_NEEDS_A_FOLDER,
)
BACKUP_NOT_WRITTEN: Final = Code(
    "MON6041",
    "backup-not-written",
    Severity.ERROR,
    "The folder of a backup is there already, or cannot be written.",
    "A backup is a folder of its own, so that it is never half an old one and half a new one.",
    untestable=_NEEDS_A_FOLDER,
)
NO_SUCH_SYSTEM: Final = Code(
    "MON6042",
    "no-system-for-saved-body",
    Severity.ERROR,
    "A saved body is of a system, or of a kind of object, that the spec's targets cannot reach.",
    "There is nowhere to put it back.",
    untestable=_NEEDS_A_FOLDER,
)
NOT_SAVED_WHOLLY: Final = Code(
    "MON6043",
    "backup-incomplete",
    Severity.ERROR,
    "Some live objects could not be read, so they are not in the backup.",
    "What is missing from a backup is missed on the day when it is needed.",
    untestable=_NEEDS_A_FOLDER,
)
