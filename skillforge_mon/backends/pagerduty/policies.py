"""Policies of the spec as escalation policies in PagerDuty, and how well these say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from skillforge_mon.backends.pagerduty.capabilities import (
    BACKEND,
    HIGH,
    LAST_DELAY_MINUTES,
    MOST_LOOPS,
    MOST_TARGETS,
    SHORTEST_DELAY_MINUTES,
)
from skillforge_mon.backends.pagerduty.shift_schedules import other_zones, schedules_of
from skillforge_mon.backends.pagerduty.teams import belonging_to
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.documents.references import reference
from skillforge_mon.lower.paging import PagerDutyService, account_name
from skillforge_mon.model.paging import on_call, paged_levels
from skillforge_mon.model.project import Escalation, Level, Project
from skillforge_mon.spec.quantities import Duration

_MINUTE = Duration.of(minutes=1)


def escalation_policy(project: Project, policy: Escalation) -> Plain:
    """A rule for each level with people on call. Time counts from the hand-over: the first rule pages at once."""
    levels = paged_levels(project, policy)
    first = next(team for team in levels[0].teams if on_call(project, team))
    delays = _delays(policy, levels)
    rules: list[Plain] = [
        {"escalation_delay_in_minutes": minutes, "targets": _targets(project, policy, level)}
        for level, minutes in zip(levels, delays, strict=True)
    ]
    return {
        "type": "escalation_policy",
        "name": account_name(project, policy.name),
        "description": f"The policy {policy.name} of {project.name}.",
        "num_loops": MOST_LOOPS if policy.spec.repeat is not None else 0,
        "teams": belonging_to(project, first),
        "escalation_rules": rules,
    }


def policy_verdict(project: Project, policy: Escalation, services: Iterable[PagerDutyService]) -> Verdict:
    """How well PagerDuty says ``policy`` to the alerts that page ``services``."""
    levels = paged_levels(project, policy)
    for level in levels:
        count = len(_targets(project, policy, level))
        if count > MOST_TARGETS:
            return Verdict(
                BACKEND,
                policy.id,
                Grade.UNTRANSLATABLE,
                f"level {level.number} pages {count} users and schedules; PagerDuty takes {MOST_TARGETS}",
                "put them on a schedule, or split the level",
                "levels",
            )
    for level, team, hours in other_zones(project, policy):
        return Verdict(
            BACKEND,
            policy.id,
            Grade.UNTRANSLATABLE,
            f"the hours of level {level.number} count in {hours.timezone}, the rotas of {team.name} in another zone",
            "write the hours in the zone of the rotas",
            "levels",
        )
    reasons = [
        *_rounding(levels, _delays(policy, levels)),
        *_repeating(policy, levels),
        *_low(levels, services),
        *_skipped(project, levels),
    ]
    if not reasons:
        return Verdict(BACKEND, policy.id, Grade.EXACT)
    return Verdict(BACKEND, policy.id, Grade.APPROXIMATE, "; ".join(reasons))


def _delays(policy: Escalation, levels: tuple[Level, ...]) -> list[int]:
    """Minutes from each level to the next, so that each comes at its time or within the minute after it.

    The last is how long it takes to begin again.
    """
    marks = [_minutes(level.after - levels[0].after) for level in levels]
    between = [max(SHORTEST_DELAY_MINUTES, later - mark) for mark, later in pairwise(marks)]
    last = policy.spec.repeat or levels[-1].timeout
    return [*between, max(SHORTEST_DELAY_MINUTES, _minutes(last)) if last is not None else LAST_DELAY_MINUTES]


def _minutes(length: int) -> int:
    return -(-length // _MINUTE)


def _targets(project: Project, policy: Escalation, level: Level) -> list[Plain]:
    """Schedules and users of the level's teams, each once; those who have hours through schedules that know them."""
    found: dict[str, Plain] = {}
    for shift in level.shifts:
        for team in shift.teams:
            people = team.spec.pagerduty
            if people is None or not on_call(project, team):
                continue
            if shift.hours is not None:
                for own in schedules_of(project, policy, level, shift, team):
                    found[own.key] = {"type": "schedule_reference", "id": reference("schedule", own.key)}
                continue
            if people.schedule:
                found[team.id] = {"type": "schedule_reference", "id": reference("schedule", team.id)}
            for address in people.users:
                found.setdefault(address.casefold(), {"type": "user_reference", "id": reference("user", address)})
    return list(found.values())


def _skipped(project: Project, levels: tuple[Level, ...]) -> Iterator[str]:
    """A schedule on which nobody is on call is passed over at once ([support] schedules, gaps).

    Alertmanager keeps the first level back until its hours begin; Datadog and Sentry cannot.
    """
    at_once = project.targets.datadog is not None or project.targets.sentry is not None
    for level in levels if at_once else levels[1:]:
        hours = [shift.hours for shift in level.shifts if any(on_call(project, team) for team in shift.teams)]
        known = [each for each in hours if each is not None]
        if None not in hours and not any(each.opposite in known for each in known):
            when = " and ".join(each.opposite.when for each in known)
            yield f"level {level.number} is passed over at once {when}: nobody is on call there then"


def _rounding(levels: tuple[Level, ...], delays: list[int]) -> Iterator[str]:
    after = 0
    for level, minutes in zip(levels[1:], delays, strict=False):
        after += minutes
        meant = Duration(level.after - levels[0].after)
        if after * _MINUTE != meant:
            yield f"level {level.number} is paged {Duration(after * _MINUTE)} after the first instead of {meant}"


def _repeating(policy: Escalation, levels: tuple[Level, ...]) -> Iterator[str]:
    if policy.spec.repeat is None:
        return
    delays = _delays(policy, levels)
    lasts = Duration(sum(delays) * (MOST_LOOPS + 1) * _MINUTE)
    yield (
        f"`repeat: {policy.spec.repeat}` pages all levels again, {Duration(delays[-1] * _MINUTE)} after the last, and "
        f"{MOST_LOOPS} times at most: for {lasts} in all"
    )


def _low(levels: tuple[Level, ...], services: Iterable[PagerDutyService]) -> Iterator[str]:
    low = sorted({severity for service in services for severity in service.climbing if severity != HIGH})
    if low and len(levels) > 1:
        numbers = ", ".join(str(level.number) for level in levels[1:])
        later = f"levels {numbers} are" if len(levels) > 2 else f"level {numbers} is"
        yield (
            f"an alert that is {' or '.join(low)} has low urgency, which PagerDuty does not escalate: {later} not "
            "paged for it"
        )
