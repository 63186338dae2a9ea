"""MON3224: a user who is not named by an e-mail address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.pagerduty_examples import PAGED
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project, Team

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
CODE = Code(
    "MON3224",
    "user-without-address",
    Severity.ERROR,
    "A user of PagerDuty is not named by an e-mail address.",
    "Users are found by their address, which is theirs alone; two may have the same name.",
    bad=changed(("users: ann@example.com", "users: Ann"), text=PAGED),
    good=PAGED,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Users of teams, of their rotas, and the one in whose name objects are changed."""
    target, place = project.targets.pagerduty, project.target_place("pagerduty")
    if target is not None and place is not None and target.sender is not None and not _ADDRESS.fullmatch(target.sender):
        yield CODE.at(place.at("from"), f"`{target.sender}` is not an e-mail address", help="write the user's address")
    for team in project.teams.values():
        for path, address in _users(team):
            if not _ADDRESS.fullmatch(address):
                yield CODE.at(
                    team.place.at(*path), f"`{address}` is not an e-mail address", help="write the user's address"
                )


def _users(team: Team) -> Iterator[tuple[tuple[str | int, ...], str]]:
    people = team.spec.pagerduty
    if people is None:
        return
    for index, address in enumerate(people.users):
        yield ("pagerduty", "users", index), address
    many = team.place.find("pagerduty", "schedule", 0) is not None
    for number, rota in enumerate(people.schedule):
        where: tuple[str | int, ...] = ("pagerduty", "schedule", number) if many else ("pagerduty", "schedule")
        for index, address in enumerate(rota.users):
            yield (*where, "users", index), address
