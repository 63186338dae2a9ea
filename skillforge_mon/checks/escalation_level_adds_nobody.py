"""MON3236: a level that tells only what the level before it has told already."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.channels import channels
from skillforge_mon.model.policies import level_path, told_when
from skillforge_mon.model.project import Level, Project
from skillforge_mon.model.working_hours import Hours
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
            reached, told = _addresses(level), _addresses(before)
            if told_when(level) == told_when(before) or not reached or not all(map(told.__contains__, reached)):
                continue
            if any(not _within(hours, told[address]) for address, hours in reached.items()):
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


def _addresses(level: Level) -> dict[object, set[Hours | None]]:
    """The channels of the level, and the handles by which Datadog and Sentry know its teams; each with its hours."""
    found: dict[object, set[Hours | None]] = {}
    for team, hours in told_when(level):
        own: list[object] = [(channel.kind, str(channel.spec)) for channel in channels(team)]
        own += [("datadog", str(handle)) for handle in team.spec.datadog or ()]
        own += [("sentry", str(team.spec.sentry))] if team.spec.sentry else []
        for address in own:
            found.setdefault(address, set()).add(hours)
    return found


def _within(hours: set[Hours | None], others: set[Hours | None]) -> bool:
    """Whether what is told in ``hours`` is told in ``others`` as well."""
    always = None in others or any(each is not None and each.opposite in others for each in others)
    return always or hours <= others
