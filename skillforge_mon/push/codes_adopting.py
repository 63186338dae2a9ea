"""MON608x: what can keep one live object from being adopted by ``monmc adopt``."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_RUN = "it is about how a command was run, which a spec cannot show"
_LIVE = "it is about what lives on a server, which a spec cannot show"

NO_SUCH_OBJECT: Final = Code(
    "MON6080",
    "nothing-to-adopt-as",
    Severity.ERROR,
    "The spec has no object of that name and kind for that system, or has several.",
    "A live object can become exactly one object of the spec.",
    untestable=_RUN,
)
LIVES_ALREADY: Final = Code(
    "MON6081",
    "object-lives-already",
    Severity.ERROR,
    "The object of the spec that is to adopt a live one has a live one of its own.",
    "After the adoption there would be two of it, which both call people.",
    untestable=_LIVE,
)
