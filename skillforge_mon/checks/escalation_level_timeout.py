"""MON3203: a level without the time after which the next one is told, or with one that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.policies import level_path
from skillforge_mon.model.project import Project

_PEOPLE = ("  shop: {webhook:", '  cto: {webhook: "http://hooks:8080/cto"}\n  shop: {webhook:')
CODE = Code(
    "MON3203",
    "level-timeout",
    Severity.ERROR,
    "A level that another one follows has no timeout. Or, as a note: the last level has one.",
    "Without a timeout both levels would be told at once. After the last level there is nobody left to be told.",
    bad=changed(_PEOPLE, ("[{notify: shop}]", "[{notify: shop}, {notify: cto}]")),
    good=changed(_PEOPLE, ("[{notify: shop}]", "[{notify: shop, timeout: 5m}, {notify: cto}]")),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every level but the last has a timeout."""
    for policy in project.escalation.values():
        last = len(policy.levels)
        for level in policy.levels:
            path = level_path(policy, level.number - 1)
            if level.number < last and level.timeout is None:
                yield CODE.at(
                    policy.place.at(*path),
                    f"level {level.number} of `{policy.name}` has no timeout",
                    label=f"when is level {level.number + 1} told?",
                    help="add `timeout: 15m`",
                )
            elif level.number == last and level.timeout is not None:
                yield CODE.at(
                    policy.place.at(*path, "timeout"),
                    f"the timeout of the last level of `{policy.name}` does nothing",
                    help="leave it out, or add a level; `repeat` says how often people are told again",
                    severity=Severity.NOTE,
                )
