"""What can keep a command that asks a system from having its secrets."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_AT_RUN_TIME = "it is about the environment of a command that asks a system; a build needs no secret"

MISSING_SECRET: Final = Code(
    "MON6000",
    "missing-secret",
    Severity.ERROR,
    "A secret that is needed to ask a system, or to write an object, is not set.",
    "Without it the system would refuse every request, or the object would be of no use.",
    untestable=_AT_RUN_TIME,
)
SECRET_SOURCE_FAILS: Final = Code(
    "MON6001",
    "secret-source-fails",
    Severity.ERROR,
    "The file or the command that a secret comes from does not give it.",
    "Without it the system would refuse every request, or the object would be of no use.",
    untestable=_AT_RUN_TIME,
)
CODES = (MISSING_SECRET, SECRET_SOURCE_FAILS)
