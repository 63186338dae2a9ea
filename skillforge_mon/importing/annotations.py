"""The annotations that other tools put on an SLO's alerts: a runbook is carried over, the other texts are told of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.importing.fields import Fields

_RUNBOOKS = ("runbook", "runbook_url")
_OWN_TEXTS = ("title", "summary", "description", "message")


def runbook_of(fields: Fields, annotations: Iterable[tuple[str, str, Span]]) -> str:
    """The address of the runbook, "" where there is none. What is lost is reported as lost of ``fields``."""
    runbook = ""
    for name, value, span in annotations:
        if name in _RUNBOOKS and re.fullmatch(r"https?://[^\s{}]+", value):
            runbook = value
        elif name in _OWN_TEXTS:
            fields.lost(name, "monmc writes this text itself, with the numbers of the burn", place=span)
        else:
            fields.lost(name, "an SLO has no annotations of its own", place=span)
    return runbook
