"""MON3235: a policy that comes back to people whom it told before."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.policies import level_path, told_when
from skillforge_mon.model.project import Escalation, Level, Project

_PEOPLE = ("  shop: {webhook:", '  cto: {webhook: "http://hooks:8080/cto"}\n  shop: {webhook:')
_LOOP = "[{notify: shop, timeout: 5m}, {notify: cto, timeout: 5m}, {notify: shop}]"
CODE = Code(
    "MON3235",
    "levels-loop",
    Severity.WARNING,
    "A policy goes from some people to others, and then back to exactly the first ones.",
    "A policy ends with its last level: it does not go round. Who did not react is asked once more, and then nobody is.",
    bad=changed(_PEOPLE, ("[{notify: shop}]", _LOOP)),
    good=changed(_PEOPLE, ("[{notify: shop}]", "{levels: [{notify: shop, timeout: 5m}, {notify: cto}], repeat: 30m}")),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Levels that are not next to each other (see MON3205), whatever the order of their teams."""
    for policy in project.escalation.values():
        for level in policy.levels:
            earlier = _earlier(policy, level)
            if earlier is not None:
                first = policy.place.at(*level_path(policy, earlier.number - 1), "notify")
                yield CODE.at(
                    policy.place.at(*level_path(policy, level.number - 1), "notify"),
                    f"level {level.number} of `{policy.name}` goes back to the people of level {earlier.number}",
                    label="the same people",
                    secondary=(Label(first, "told here already"),),
                    help="end with somebody who has not been told yet; `repeat` tells every level again",
                )


def _earlier(policy: Escalation, level: Level) -> Level | None:
    """The first level with the same teams, unless it is the one just before."""
    same = (each for each in policy.levels[: level.number - 1] if each.teams and told_when(each) == told_when(level))
    found = next(same, None)
    return found if found is not None and found.number < level.number - 1 else None
