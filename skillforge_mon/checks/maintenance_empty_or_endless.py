"""MON3301: a maintenance window that is no window: it has no length, or never ends."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.recurrence import longest_gap, start_days
from skillforge_mon.spec.quantities import Duration

_WINDOW = 'maintenance:\n  deploy: {every: [monday, thursday], from: "02:00", for: 4d}\n'
CODE = Code(
    "MON3301",
    "empty-or-endless-window",
    Severity.ERROR,
    "A maintenance window has no length, or begins anew before it ends, every time.",
    "The first mutes nothing. The second mutes for ever, and nobody hears of anything again.",
    bad=GOOD + _WINDOW,
    good=GOOD + _WINDOW.replace("4d", "2h"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """A recurring window must leave a gap somewhere in the week."""
    for window in project.maintenance.values():
        length, days = window.spec.length, start_days(window.spec.every)
        if length == 0:
            yield CODE.at(window.place.at("for"), f"the maintenance window `{window.name}` has no length")
        elif days and length >= Duration.of(days=longest_gap(days)):
            gap = Duration.of(days=longest_gap(days))
            yield CODE.at(
                window.place.at("for"),
                f"the maintenance window `{window.name}` never ends",
                label=f"the next one begins after {gap} at the latest",
                help=f"make it shorter than {gap}",
            )
