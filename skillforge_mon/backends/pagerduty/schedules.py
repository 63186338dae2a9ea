"""Rotas as a schedule with layers: https://developer.pagerduty.com/api-reference (``Schedule``, ``ScheduleLayer``)."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.pagerduty.capabilities import LONGEST_DAILY_SECONDS
from skillforge_mon.backends.pagerduty.teams import belonging_to
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import reference
from skillforge_mon.lower.paging import account_name
from skillforge_mon.model.project import Project, Team
from skillforge_mon.model.recurrence import DAYS
from skillforge_mon.model.rotas import DAY, WEEK, Part, first_turn, parts_of, turn_seconds
from skillforge_mon.spec.models.pagerduty import Rota


def schedule(project: Project, team: Team, rotas: list[Rota]) -> Plain:
    """The schedule of ``team``: a layer for each rota, the later ones above the earlier ones."""
    layers = [layer(rota, number, parts_of(rota)) for number, rota in enumerate(rotas, 1)]
    said = f"Who of {team.name} is on call."
    return restricted_schedule(project, team, (team.name,), rotas[0].timezone, said, layers)


def restricted_schedule(
    project: Project, team: Team, names: tuple[str, ...], zone: str, description: str, layers: list[Plain]
) -> Plain:
    """A schedule of ``team`` with these layers, called after ``names``."""
    return {
        "type": "schedule",
        "name": account_name(project, *names),
        "description": description,
        "time_zone": zone,
        "teams": belonging_to(project, team),
        "schedule_layers": layers,
    }


def layer(rota: Rota, number: int, parts: tuple[Part, ...]) -> Plain:
    """The layer of ``rota``, whose people are on call in ``parts`` of the week."""
    # PagerDuty moves a start that is written with an offset [terraform]: both are in UTC.
    start = first_turn(rota).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "name": f"rota {number}",
        "start": start,
        "rotation_virtual_start": start,
        "rotation_turn_length_seconds": turn_seconds(rota),
        "users": [{"user": {"type": "user_reference", "id": reference("user", address)}} for address in rota.users],
        "restrictions": list(_restrictions(parts)),
    }


def _restrictions(parts: tuple[Part, ...]) -> Iterator[Plain]:
    """None for always; one for each day where all days are alike; else one for each part of the week."""
    if parts == ((0, WEEK),):
        return
    start, length = parts[0]
    alike = tuple((start + day * DAY, length) for day in range(DAYS))
    if parts == alike and length <= LONGEST_DAILY_SECONDS:
        yield {"type": "daily_restriction", "start_time_of_day": _clock(start), "duration_seconds": length}
        return
    for start, length in parts:
        yield {
            "type": "weekly_restriction",
            "start_day_of_week": start // DAY + 1,  # Monday is 1 [api]
            "start_time_of_day": _clock(start),
            "duration_seconds": length,
        }


def _clock(second: int) -> str:
    rest = second % DAY
    return f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
