"""Where a spec says working hours: at teams, policies and levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skillforge_mon.model.policies import level_path
from skillforge_mon.model.project import Place, Project

if TYPE_CHECKING:
    from skillforge_mon.spec.models.people import WorkingHours

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """The hours that one object states. ``whose`` says which: ``level 1 of `page` ``."""

    place: Place
    path: Path
    whose: str
    hours: list[WorkingHours]

    def of(self, index: int) -> Path:
        """The place of one of them: a single one may be written without a list."""
        many = self.place.find(*self.path, "hours", 0) is not None
        return (*self.path, "hours", index) if many else (*self.path, "hours")


def stated_hours(project: Project) -> Iterator[Stated]:
    """All hours of a spec, in its order."""
    for team in project.teams.values():
        if team.spec.hours:
            yield Stated(team.place, (), f"`{team.name}`", team.spec.hours)
    for policy in project.escalation.values():
        if policy.spec.hours:
            yield Stated(policy.place, (), f"`{policy.name}`", policy.spec.hours)
        for number, level in enumerate(policy.spec.levels, 1):
            if level.hours:
                path = level_path(policy, number - 1)
                yield Stated(policy.place, path, f"level {number} of `{policy.name}`", level.hours)
