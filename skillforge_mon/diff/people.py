"""Changes of who is told, in terms of people: of a policy's levels, and of what follows another policy than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.wording import length, list_words
from skillforge_mon.model.channels import PAGING, channels
from skillforge_mon.model.policies import everything_told
from skillforge_mon.model.project import Escalation, Level, Project, Team

_NAMED_FOLLOWERS = 3


def level_changes(old: Escalation, new: Escalation) -> Iterator[FieldChange]:
    """What differs between the levels of two policies: first who is told at all, then level by level."""
    people = told_change(old, new)
    if people is not None:
        yield people
    for index in range(max(len(old.levels), len(new.levels))):
        before = old.levels[index] if index < len(old.levels) else None
        after = new.levels[index] if index < len(new.levels) else None
        yield from _level(index + 1, before, after)


def _level(number: int, old: Level | None, new: Level | None) -> Iterator[FieldChange]:
    path = f"levels[{number}]"
    if old is None or new is None:
        level = old or new
        if level is not None:
            verb = "removed" if new is None else "added"
            text = f"{', '.join(_names(level.teams))} after {length(level.after)}"
            yield FieldChange(
                path, text if new is None else None, text if old is None else None, f"level {number} {verb}: {text}"
            )
        return
    before, after = _names(old.teams), _names(new.teams)
    if before != after:
        words = list_words(f"level {number}", before, after)
        yield FieldChange(f"{path}.notify", ", ".join(before), ", ".join(after), words)
    was, now = _hours(old), _hours(new)
    if was != now:
        yield FieldChange(f"{path}.hours", was, now, f"level {number} tells {now} (was {was})")
    if old.timeout != new.timeout:
        lasted, lasts = ("no end" if level.timeout is None else length(level.timeout) for level in (old, new))
        yield FieldChange(f"{path}.timeout", lasted, lasts, f"level {number} lasts {lasts} (was {lasted})")


def _hours(level: Level) -> str:
    """``dev during Monday to Friday …, on-call outside …``; ``always`` where nobody has hours."""
    if all(shift.hours is None for shift in level.shifts):
        return "always"
    return "; ".join(
        f"{_listed(_names(shift.teams))} {shift.hours.when if shift.hours is not None else 'always'}"
        for shift in level.shifts
    )


def told_change(old: Escalation | None, new: Escalation | None) -> FieldChange | None:
    """Who is told under ``new`` and was not under ``old``, and the other way round; None where these are the same."""
    before, after = _told(old), _told(new)
    came = [team for name, team in after.items() if name not in before]
    went = [team for name, team in before.items() if name not in after]
    if not came and not went:
        return None
    parts = [*_also(came, "pages", paging=True), *_also(came, "tells", paging=False)]
    if went:
        parts.append(f"no longer: {_listed(team.name for team in went)}")
    return FieldChange("told", _listed(before) or "nobody", _listed(after) or "nobody", "; ".join(parts))


def _also(teams: list[Team], verb: str, *, paging: bool) -> Iterator[str]:
    chosen = [team.name for team in teams if pages(team) is paging]
    if chosen:
        yield f"now also {verb}: {_listed(chosen)}"


def pages(team: Team) -> bool:
    """True when the team has a channel that wakes somebody."""
    return any(channel.kind in PAGING for channel in channels(team))


def _told(policy: Escalation | None) -> dict[str, Team]:
    return {team.name: team for level in policy.levels for team in level.teams} if policy is not None else {}


def _names(teams: Iterable[Team]) -> list[str]:
    return [team.name for team in teams]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def followers_words(project: Project, policy: Escalation) -> str:
    """``followed by HighErrorRate, SlowQueries and 12 more``; empty for a policy that nothing follows."""
    names = list(dict.fromkeys(told.object.name for told in everything_told(project) if told.policy is policy))
    if not names:
        return ""
    more = len(names) - _NAMED_FOLLOWERS
    first = ", ".join(names[:_NAMED_FOLLOWERS])
    return f"followed by {first} and {more} more" if more > 0 else f"followed by {first}"
