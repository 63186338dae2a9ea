"""MON322x: what is wrong with an Alertmanager configuration that monmc is asked about, and with who hears of what."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

BAD_CONFIGURATION = Code(
    "MON3220",
    "bad-alertmanager-configuration",
    Severity.ERROR,
    "A configuration of Alertmanager, given with `--config`, holds something that Alertmanager refuses.",
    "An answer about a configuration that does not load would be an answer about nothing.",
    untestable="It is about a file of Alertmanager, not about a spec.",
)
