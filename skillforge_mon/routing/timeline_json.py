"""A timeline as JSON, for programs. Times are in seconds from the moment at which the condition became true."""

from __future__ import annotations

from skillforge_mon.documents.document import Plain
from skillforge_mon.routing.timeline import Between, Notification, Timeline, paged_next
from skillforge_mon.spec.quantities import Duration

FORMAT_VERSION = 1


def timeline_data(found: Timeline) -> dict[str, Plain]:
    """What is written, as plain data."""
    return {
        "format_version": FORMAT_VERSION,
        "name": found.name,
        "severity": found.severity,
        "labels": dict(found.labels),
        "at": found.at.isoformat() if found.at is not None else None,
        "detection": {
            "scrape": found.scrape.seconds,
            "evaluation": found.rule.interval.seconds,
            "window": _between(found.fill),
            "for": found.rule.hold.seconds,
        },
        "notifications": [_notification(found, item) for item in found.notifications],
        "inhibited_by": list(found.inhibited_by),
        "inhibits": list(found.inhibits),
    }


def _notification(found: Timeline, item: Notification) -> dict[str, Plain]:
    return {
        "level": item.level,
        "fires": _between(item.fires),
        "told": _between(item.told),
        "receiver": item.receiver,
        "teams": list(item.who.teams),
        "channels": list(item.who.channels),
        "pages": item.who.pages,
        "group": dict(item.group),
        "repeats_every": item.repeats.seconds,
        "windows": list(item.windows),
        "only_during": list(item.only),
        "muted_by": list(item.muted.inside) if item.muted is not None else [],
        "muted_outside": list(item.muted.outside) if item.muted is not None else [],
        "muted_until": item.until.isoformat() if item.until is not None else None,
        "end_told_by": list(item.over),
        "end_told_within": item.over_within.seconds,
        **({"goes_on": [_next_page(*each) for each in paged_next(found, item)]} if item.who.goes_on else {}),
    }


def _next_page(after: Duration, teams: tuple[str, ...]) -> Plain:
    """Whom PagerDuty's policy pages, counted from the message, where nobody acknowledges."""
    return {"after": after.seconds, "teams": list(teams)}


def _between(when: Between) -> dict[str, Plain]:
    return {"earliest": when.earliest.seconds, "latest": when.latest.seconds}
