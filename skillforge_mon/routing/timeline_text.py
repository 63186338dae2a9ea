"""A timeline as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.model.working_hours import when
from skillforge_mon.routing.moment import moment_text
from skillforge_mon.routing.timeline import Between, Notification, Timeline, paged_next
from skillforge_mon.routing.words import when_not
from skillforge_mon.spec.quantities import Duration


def timeline_text(found: Timeline) -> str:
    """The timeline as lines: when, who or what, and through which channels."""
    rows = [("0:00", "condition true", "")]
    rows += [
        (between_text(item.told), ", ".join(item.who.teams) or item.receiver, how(item)) for item in found.notifications
    ]
    first = min((item.fires for item in found.notifications), key=lambda each: each.earliest)
    rows.insert(1, (between_text(first), "fires", detection(found)))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [headline(found)]
    lines += [f"{row[0]:>{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}".rstrip() for row in rows]
    lines += [" " * (widths[0] + 2) + line for line in remarks(found)]
    return "\n".join(lines) + "\n"


def headline(found: Timeline) -> str:
    """What the timeline is about: the alert, its severity, and the moment that was asked about."""
    return f"{found.name}, {found.severity}" + (f", {moment_text(found.at)}" if found.at is not None else "")


def detection(found: Timeline) -> str:
    """What the delay until the alert fires is made of."""
    parts = [f"scrape {found.scrape}", f"evaluation {found.rule.interval}"]
    if found.fill.earliest:
        parts.append(f"windows {found.fill.earliest} when everything fails")
    elif found.fill.latest:
        parts.append(f"window {found.fill.latest}")
    return ", ".join((*parts, *([f"for {found.rule.hold}"] if found.rule.hold else [])))


def how(item: Notification) -> str:
    """Channels and level, and what keeps the message back."""
    parts = [", ".join(item.who.channels) or "no channel"]
    if item.level is not None:
        parts.append(f"(level {item.level})")
    if item.muted is not None:
        by = f"by {', '.join(item.muted.inside)}"
        parts.append(f"- muted {by if item.muted.inside else ' and '.join(map(when_not, item.muted.outside))}")
    elif item.only:
        parts.append(f"- only {' or '.join(map(when, item.only))}")
    return " ".join(parts)


def remarks(found: Timeline) -> Iterator[str]:
    """Sentences about what PagerDuty does next, repeats, windows, inhibition and the end."""
    for text, levels in _grouped((_next_page(found, item), item) for item in found.notifications if item.who.goes_on):
        yield f"{text}{levels}"
    for text, levels in _grouped((f"repeats every {item.repeats}", item) for item in found.notifications):
        yield f"{text}{levels}"
    if found.at is None:
        for text, levels in _grouped(
            (f"except during {', '.join(item.windows)}", item) for item in found.notifications if item.windows
        ):
            yield f"{text}{levels}"
    for item in found.notifications:
        if item.muted is not None and found.at is not None:
            end = f"until {moment_text(item.until, found.at.tzinfo)}" if item.until else "for more than 15 days"
            yield f"{_of(item)} is muted {end}; a firing alert is told of afterwards, one that is over is not"
    if found.at is not None:
        covered = {name for item in found.notifications if item.muted for name in item.muted.inside}
        others = dict.fromkeys(name for item in found.notifications for name in item.windows if name not in covered)
        if others:
            yield f"not muted then by {', '.join(others)}"
    if found.inhibited_by:
        yield f"not told while this fires: {', '.join(found.inhibited_by)}"
    if found.inhibits:
        yield f"while it fires, not told: {', '.join(found.inhibits)}"
    last = max(item.over_within for item in found.notifications)
    yield f"its end is told within {last}" + ("" if any(item.over for item in found.notifications) else ": to nobody")


def _next_page(found: Timeline, item: Notification) -> str:
    """Whom PagerDuty's policy pages after this message."""
    later = ", ".join(f"{' and '.join(teams)} {after} later" for after, teams in paged_next(found, item))
    if not later:
        return f"PagerDuty pages nobody else: what is {found.severity} has low urgency there"
    return f"PagerDuty's policy goes on until somebody acknowledges: {later}"


def _of(item: Notification) -> str:
    level = f"level {item.level}" if item.level is not None else item.receiver
    return f"{level} ({', '.join(item.who.teams)})" if item.only else level


def _grouped(pairs: Iterable[tuple[str, Notification]]) -> Iterator[tuple[str, str]]:
    """Texts that several notifications share, once, with their levels where not all are the same."""
    found: dict[str, list[Notification]] = {}
    for text, item in pairs:
        found.setdefault(text, []).append(item)
    for text, items in found.items():
        levels = dict.fromkeys(str(item.level) for item in items if item.level is not None)
        yield text, f" (level {', '.join(levels)})" if levels else ""


def between_text(when: Between) -> str:
    """``5:10 - 10:55``, or one time when both are the same."""
    first, last = clock(when.earliest), clock(when.latest)
    return first if first == last else f"{first} - {last}"


def clock(length: Duration) -> str:
    """Minutes and seconds, ``10:45``; from an hour on ``1:10:45``."""
    minutes, seconds = divmod(-(-length // 1000), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
