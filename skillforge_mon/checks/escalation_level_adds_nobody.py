"""MON3236: a level that tells only what the level before it has told already."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.channels import channels
from skillforge_mon.model.policies import level_path
from skillforge_mon.model.project import Level, Project
from skillforge_mon.spec.suggest import listed

_CTO = '  cto: {webhook: "http://hooks:8080/cto"}\n  shop: {webhook:'
_LEVELS = ("[{notify: shop}]", "[{notify: shop, timeout: 5m}, {notify: cto}]")
CODE = Code(
    "MON3236",
    "level-adds-nobody",
    Severity.WARNING,
    "Every channel of a level was told by the level before it: the same people in fewer words, or another team behind "
    "the same address.",
    "Who did not see the first message gets a second one in the same place. Nobody new hears of the trouble.",
    bad=changed(("  shop: {webhook:", _CTO.replace("8080/cto", "8080/")), _LEVELS),
    good=changed(("  shop: {webhook:", _CTO), _LEVELS),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Levels next to each other whose teams differ; the same teams are what MON3205 is about."""
    for policy in project.escalation.values():
        for before, level in pairwise(policy.levels):
            reached = _addresses(level)
            if set(level.teams) == set(before.teams) or not reached or not reached <= _addresses(before):
                continue
            earlier = policy.place.at(*level_path(policy, before.number - 1), "notify")
            names = listed([team.name for team in before.teams])
            yield CODE.at(
                policy.place.at(*level_path(policy, level.number - 1), "notify"),
                f"level {level.number} of `{policy.name}` reaches nobody whom level {before.number} has not told",
                label="only channels that were told before",
                secondary=(Label(earlier, f"told here: {names}"),),
                help="tell somebody else, or give the team a channel of its own",
            )


def _addresses(level: Level) -> set[object]:
    """The channels of the level, and the handles by which Datadog and Sentry know its teams."""
    found: set[object] = {(channel.kind, str(channel.spec)) for team in level.teams for channel in channels(team)}
    for team in level.teams:
        found |= {("datadog", str(handle)) for handle in team.spec.datadog or ()}
        found |= {("sentry", str(team.spec.sentry))} if team.spec.sentry else set()
    return found
