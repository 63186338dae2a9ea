"""How much each person hears in the worst case.

The worst case of a week: every alert and every SLO fires once at each of its severities, the milder one first, for one
series; each time until its last level has been told; at times that no window mutes; and so far apart that no two share
a message. What is told again after ``repeat`` is not counted, nor is the end of an alert. A page is a message through a
channel that may wake somebody: PagerDuty, Opsgenie or a webhook.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from skillforge_mon.routing.calls import calls, services_of
from skillforge_mon.routing.inspection import Inspection


@dataclass(frozen=True, slots=True)
class Load:
    """``told`` counts the alerts and severities that ``person`` hears of, ``pages`` the pages of each alert or SLO."""

    person: str
    told: int
    pages: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All pages of the week."""
        return sum(count for _, count in self.pages)

    @property
    def only_tickets(self) -> bool:
        """Whether nothing ever wakes the person."""
        return self.told > 0 and not self.pages


def loads(inspection: Inspection) -> tuple[Load, ...]:
    """Of every team of the project, in its order. Of the services that series may bring, the loudest counts."""
    told = dict.fromkeys(inspection.project.teams, 0)
    pages: dict[str, dict[str, int]] = {team: {} for team in told}
    for subject in inspection.subjects:
        heard: dict[str, int] = {}
        for service in services_of(subject, inspection.project.services):
            for person, own in calls(inspection, subject, service).items():
                count = sum(call.pages for call in own)
                heard[person] = max(heard.get(person, 0), count)
        for person, count in heard.items():
            told[person] += 1
            if count:
                pages[person][subject.name] = pages[person].get(subject.name, 0) + count
    return tuple(Load(person, told[person], _loudest_first(pages[person].items())) for person in told)


def _loudest_first(pages: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(pages, key=lambda each: (-each[1], each[0])))
