"""What a change does to people, as text, as Markdown for reviewers, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap

from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.documents.document import Plain
from skillforge_mon.routing.call_changes import CallChange, CallDifference
from skillforge_mon.routing.calls import About

FORMAT_VERSION = 1
WIDTH = 112
INDENT = " " * 6
MOST_ON_A_LINE = 3
"""Alerts that stand in the line of their change; more of them get lines of their own."""
_SPECIAL = re.compile(r"[\\`*_\[\]!|~<>&#@]")


def changes_text(found: CallDifference, against: str) -> str:
    """Person by person, what they hear more (+), less (-) and otherwise (~)."""
    lines: list[str] = []
    for person, entries in _by_person(found):
        lines.append(person)
        for head, below in entries:
            lines.append(f"  {head}")
            for line in below:
                lines += wrap(line, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False)
    return "\n".join([*map(visible, lines), _summary(found, against)]) + "\n"


Entry = tuple[str, tuple[str, ...]]
"""The line of a change, and those below it."""


def _by_person(found: CallDifference) -> Iterator[tuple[str, list[Entry]]]:
    """Every person, with what changes: what is said in the same words is said once."""
    for person, changes in groupby(found.changes, key=lambda each: each.person):
        same: dict[tuple[str, str], list[CallChange]] = {}
        for change in changes:
            same.setdefault((change.sign, change.words), []).append(change)
        yield person, [_entry(f"{sign} {words}", each) for (sign, words), each in same.items()]


def _entry(said: str, changes: list[CallChange]) -> Entry:
    everything = [each for change in changes for each in change.about]
    if len(changes) == 1 and len(everything) <= MOST_ON_A_LINE:
        return f"{said} for {_all(_names(everything))}{_detail(changes[0])}", ()
    return f"{said} for {len(_names(everything))} alerts", tuple(
        f"{', '.join(_names(change.about))}{_detail(change)}" for change in changes
    )


def _detail(change: CallChange) -> str:
    return f": {change.detail}" if change.detail else ""


def _all(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _names(about: Iterable[About]) -> list[str]:
    """``CacheDown (warning) of web and api``: the services of an alert together."""
    services: dict[str, list[str]] = {}
    for each in about:
        services.setdefault(f"{each.name} ({each.severity})", []).extend([each.service] if each.service else [])
    return [f"{name} of {_all(own)}" if own else name for name, own in services.items()]


def _summary(found: CallDifference, against: str) -> str:
    weeks = ", ".join(found.weeks)
    compared = f"{found.compared} alerts and severities, every minute of the weeks from {weeks}"
    if not found.changes:
        return f"nobody is called otherwise than at {against}: {compared}"
    people = "1 person is" if len(found.people) == 1 else f"{len(found.people)} people are"
    return f"{people} called otherwise than at {against}: {compared}"


def changes_markdown(found: CallDifference, against: str) -> str:
    """The same for a comment on a pull request: names stand in bold, long lists are folded."""
    lines = [f"### monmc route: {_escaped(_summary(found, against))}"]
    for person, entries in _by_person(found):
        lines += ["", f"**{_escaped(person)}**", ""]
        for head, below in entries:
            sign, _, words = head.partition(" ")
            lines.append(f"- `{sign}` {_escaped(words)}")
            if below:
                folded = "<br>".join(map(_escaped, below))
                lines.append(f"  <details><summary>which</summary>{folded}</details>")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", visible(text))


def changes_data(found: CallDifference, against: str) -> dict[str, Plain]:
    """The same as plain data."""
    return {
        "format_version": FORMAT_VERSION,
        "against": against,
        "compared": found.compared,
        "weeks": list(found.weeks),
        "changes": [
            {
                "person": change.person,
                "sign": change.sign.value,
                "words": change.words,
                "detail": change.detail or None,
                "about": [
                    {
                        "name": each.name,
                        "kind": "slo" if each.is_slo else "alert",
                        "severity": each.severity,
                        "service": each.service or None,
                    }
                    for each in change.about
                ],
            }
            for change in found.changes
        ],
    }
