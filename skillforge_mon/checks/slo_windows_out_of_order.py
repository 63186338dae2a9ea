"""MON3104: a pair of burn-rate windows that is not a short and a long one."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3104",
    "burn-windows-out-of-order",
    Severity.ERROR,
    "The short window of a pair is not shorter than the long one, or the long one is longer than the SLO's window.",
    "The long window makes sure that the trouble matters, the short one ends the alert when it is over; the other way round they do neither.",
    bad=GOOD + "    burn: [{short: 1h, long: 5m, budget: 2%, severity: critical}]\n",
    good=GOOD + "    burn: [{short: 5m, long: 1h, budget: 2%, severity: critical}]\n",
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Pairs under ``burn`` that are out of order."""
    for slo in project.slos.values():
        for index, pair in enumerate(slo.spec.burn):
            if pair.short >= pair.long:
                swap = pair.short > pair.long
                yield CODE.at(
                    slo.place.at("burn", index, "short"),
                    f"the short window of {pair.short} is not shorter than the long window of {pair.long}",
                    help=f"swap the two: `short: {pair.long}, long: {pair.short}`"
                    if swap
                    else "a twelfth of the long window is usual",
                )
            elif pair.long > slo.spec.window:
                yield CODE.at(
                    slo.place.at("burn", index, "long"),
                    f"the long window of {pair.long} is longer than the window of {slo.spec.window} of `{slo.name}`",
                    help="the budget is that of the SLO's window: nothing longer can burn it",
                )
