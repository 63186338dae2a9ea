"""Whether PagerDuty answers, takes the token, and knows the people whom the spec names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from skillforge_mon.model.paging import on_call
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import RemoteError, UnauthorisedError
from skillforge_mon.remote.service import Service


def checks(service: Service, project: Project, user_id: Callable[[str], str | None]) -> Iterator[Check]:
    """The token, what the account can do, and every user; ``user_id`` finds one by e-mail address."""
    try:
        abilities = service.request("GET", "/abilities").body["abilities"]
    except UnauthorisedError as error:
        yield Check("token", ok=False, detail=str(error), help="set `PAGERDUTY_TOKEN` to a REST API key of the account")
        return
    except RemoteError as error:
        yield Check("token", ok=False, detail=str(error), help=f"is {service.base_url} the address of the API?")
        return
    yield Check("token", ok=True, detail=f"accepted by {service.base_url}")
    yield Check(
        "permission to write", ok=True, detail="PagerDuty does not say whether a key is read-only", skipped=True
    )
    target = project.targets.pagerduty
    if target is not None and target.teams:
        known = "teams" in abilities
        yield Check(
            "teams",
            ok=known,
            detail="the account has them" if known else "the account has no teams",
            help="" if known else "write `teams: false` in `targets.pagerduty`, or change the plan",
        )
    for address in addresses(project):
        try:
            known = user_id(address) is not None
        except RemoteError as error:
            yield Check(f"user {address}", ok=False, detail=str(error))
            continue
        yield Check(
            f"user {address}",
            ok=known,
            detail="" if known else "the account has no user with this address",
            help="" if known else "invite them, or correct the address: users are never made by monmc",
        )


def addresses(project: Project) -> tuple[str, ...]:
    """Every user whom the spec names, the one in whose name objects are changed first."""
    target = project.targets.pagerduty
    found = dict.fromkeys((target.sender,) if target is not None and target.sender is not None else ())
    for team in project.teams.values():
        people = team.spec.pagerduty
        if people is not None and on_call(project, team):
            found |= dict.fromkeys((*people.users, *(user for rota in people.schedule for user in rota.users)))
    return tuple(found)
