"""MON3252 and MON3255: teams that should be told outside hours, where nothing is outside."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.hours_examples import BY_HOURS, HOURS
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.policies import level_path
from skillforge_mon.model.project import Escalation, Project
from skillforge_mon.model.working_hours import hours_of, is_zone, shared_hours

WITHOUT_HOURS = Code(
    "MON3252",
    "otherwise-without-hours",
    Severity.ERROR,
    "`otherwise` names teams, and neither the level, nor its policy, nor the teams of the level have hours: or these "
    "teams have different ones.",
    "It does not say when: the teams would be told never, or always.",
    bad=changed((f", hours: {HOURS}", ""), text=BY_HOURS),
    good=BY_HOURS,
)
NEVER = Code(
    "MON3255",
    "otherwise-never-told",
    Severity.WARNING,
    "`otherwise` names teams, and the hours are all hours of the week.",
    "The teams are never told, and look as if they were.",
    bad=changed((HOURS, "{days: day}"), text=BY_HOURS),
    good=BY_HOURS,
)
CODES = (WITHOUT_HOURS, NEVER)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every `otherwise`, of policies and of levels."""
    for policy in project.escalation.values():
        spec = policy.spec
        if spec.otherwise and not spec.hours:
            yield WITHOUT_HOURS.at(
                policy.place.at("otherwise"), f"`{policy.name}` has no `hours`", help="add `hours` beside `otherwise`"
            )
        elif spec.otherwise and _always(policy, None):
            yield NEVER.at(policy.place.at("otherwise"), f"nothing is outside the hours of `{policy.name}`")
        for index, level in enumerate(spec.levels):
            place = policy.place.at(*level_path(policy, index), "otherwise")
            if not level.otherwise:
                continue
            if not level.hours and not spec.hours:
                told = [team for name in level.notify if (team := project.teams.get(name)) is not None]
                if len(told) == len(level.notify) and shared_hours(told) is None:
                    yield WITHOUT_HOURS.at(
                        place, f"level {index + 1} of `{policy.name}` has no `hours`", help="add `hours` to the level"
                    )
            elif _always(policy, index):
                yield NEVER.at(place, f"nothing is outside the hours of level {index + 1} of `{policy.name}`")


def _always(policy: Escalation, index: int | None) -> bool:
    """Whether the hours of the policy, or of one of its levels, are right and mean always."""
    stated = policy.spec.hours
    if index is not None:
        stated = policy.spec.levels[index].hours or stated
    right = all(hours.start.minutes < hours.end.minutes and is_zone(hours.timezone) for hours in stated)
    return right and hours_of(stated) is None
