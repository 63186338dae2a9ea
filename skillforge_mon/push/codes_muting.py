"""MON6060: what can keep ``monmc maintenance`` from muting."""

from __future__ import annotations

from typing import Final

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

NOT_MUTED: Final = Code(
    "MON6060",
    "not-muted",
    Severity.ERROR,
    "A system did not do what `monmc maintenance` asked of it; the others did.",
    "People would be called from that system in the midst of a maintenance that others know of.",
    untestable="it is about what happens on a server, which a spec cannot show",
)
NOWHERE_TO_MUTE: Final = Code(
    "MON6061",
    "nowhere-to-mute",
    Severity.ERROR,
    "The spec names no system with an address and credentials on which alerts can be muted.",
    "Nothing was muted, and people would be called.",
    untestable="it is about the credentials of a run, which a spec cannot show",
)
