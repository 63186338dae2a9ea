"""MON3101: an objective of 100 %."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.quantities import Duration

CODE = Code(
    "MON3101",
    "slo-without-budget",
    Severity.ERROR,
    "The objective of an SLO is 100 %.",
    "Nothing may ever go wrong, so there is no budget: burn rates divide by zero, and every error is a page.",
    bad=GOOD.replace("99.9%", "100%"),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Objectives that leave no budget."""
    for slo in project.slos.values():
        if slo.spec.objective == 1:
            yield CODE.at(
                slo.place.at("objective"),
                f"the objective of `{slo.name}` leaves no error budget",
                label="no event may be bad",
                help=f"promise what users need: `99.9%` of {slo.spec.window} still is {_minutes(slo.spec.window)}; "
                "to hear of every error, write an alert",
            )


def _minutes(window: Duration) -> str:
    """A thousandth of ``window``, in minutes; below one, in seconds."""
    minutes = window // Duration.of(minutes=1000)
    return f"{minutes} minutes" if minutes else f"{window // Duration.of(seconds=1000)} seconds"
