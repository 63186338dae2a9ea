"""MON607x: what stands in the way of running the rules of a spec."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

PROMTOOL_MISSING = Code(
    "MON6070",
    "promtool-missing",
    Severity.ERROR,
    "`monmc test` finds no promtool, or one that does not run.",
    "The rules are run by Prometheus's own tool; without it nothing is proved.",
    untestable="It is about the machine, not about a spec.",
)

NO_RULES = Code(
    "MON6071",
    "nothing-to-test",
    Severity.ERROR,
    "`monmc test` was asked to test a spec that has no target `prometheus`, or a name that nothing has.",
    "A test run that runs nothing would pass.",
    untestable="It is about what a command was asked, not about a spec.",
)

PROMTOOL_FAILED = Code(
    "MON6072",
    "promtool-failed",
    Severity.ERROR,
    "promtool ended without saying which expectation was not met.",
    "What it did not judge is not proved.",
    untestable="It takes a promtool that fails.",
)
