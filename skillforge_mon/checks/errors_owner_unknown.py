"""MON3664: an owner of errors whom Sentry would not find."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.suggest import suggestion

_ADDRESS = re.compile(r"[^@\s#]+@[^@\s]+\.[^@\s.]+")

CODE = Code(
    "MON3664",
    "unknown-owner-of-errors",
    Severity.ERROR,
    "An ownership rule names an owner that is neither a team of the spec nor an e-mail address, or a team that Sentry "
    "does not have.",
    "Sentry refuses all rules of a project when it does not know one owner.",
    bad=set_up_with("owners: shop", "owners: shoppers"),
    good=SET_UP,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Owners of all rules."""
    for service in project.services.values():
        ownership = service.spec.errors.ownership if service.spec.errors is not None else None
        if ownership is None:
            continue
        bare = service.place.find("errors", "ownership", 0) is not None
        for number, rule in enumerate(ownership.rules):
            above = ("errors", "ownership", number) if bare else ("errors", "ownership", "rules", number)
            many = service.place.find(*above, "owners", 0) is not None
            for place, owner in enumerate(rule.owners):
                what, instead = _problem(project, owner)
                if what:
                    path = (*above, "owners", place) if many else (*above, "owners")
                    yield CODE.at(service.place.at(*path), what, help=instead)


def _problem(project: Project, owner: str) -> tuple[str, str]:
    """What is wrong with an owner, and what to do; two empty texts where nothing is."""
    team = project.teams.get(owner)
    if team is None:
        if _ADDRESS.fullmatch(owner):
            return "", ""
        return (
            f"`{owner}` is no team of this spec, and no e-mail address",
            suggestion(owner, project.teams) or "declare it under `teams`, or write the address of a person",
        )
    if team.spec.sentry is None and not team.spec.email:
        return (
            f"the team `{owner}` has no team in Sentry, and no e-mail address",
            f"write `sentry: …` on the team `{owner}`",
        )
    return "", ""
