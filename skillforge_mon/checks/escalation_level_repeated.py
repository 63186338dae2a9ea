"""MON3205: a level that tells the same people as the one before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.policies import level_path, told_when
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3205",
    "level-repeated",
    Severity.NOTE,
    "A level tells exactly the teams of the level before it.",
    "People who did not react are told again, and nobody else is. `repeat` says the same with one level.",
    bad=changed(("[{notify: shop}]", "[{notify: shop, timeout: 5m}, {notify: shop}]")),
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Levels next to each other, whatever the order of their teams."""
    for policy in project.escalation.values():
        for before, level in pairwise(policy.levels):
            if level.teams and told_when(level) == told_when(before):
                yield CODE.at(
                    policy.place.at(*level_path(policy, level.number - 1), "notify"),
                    f"level {level.number} of `{policy.name}` tells the same people as level {before.number}",
                    help="tell somebody else as well, or leave the level out and write `repeat`",
                )
