"""Texts of alerts with neutral placeholders, which each backend writes in its own way.

``{{ labels.service }} answers {{ value | percent }} of requests with an error`` is text, a label, text, the value as
a percentage, text. Placeholders: ``value``, ``threshold``, ``for``, ``severity``, ``service``, ``alert``,
``runbook``, ``labels.NAME``. Formats after a bar: see FORMATS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAMES = ("value", "threshold", "for", "severity", "service", "alert", "runbook")
FORMATS = {
    "percent": "a ratio as a percentage: 0.05 is 5%",
    "duration": "seconds as a length of time: 90 is 1m 30s",
    "bytes": "bytes with a binary prefix: 2147483648 is 2GiB",
    "humanize": "a number with a metric prefix: 12000 is 12k",
}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``{{ name | format }}``; ``label`` is set for ``labels.NAME``. Offsets are those of the text."""

    name: str
    label: str
    format: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MessageProblem:
    """What is wrong with a message, and where in its text."""

    text: str
    start: int
    end: int
    help: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A text in pieces: plain strings and placeholders."""

    parts: tuple[str | Placeholder, ...] = ()

    @property
    def placeholders(self) -> Iterator[Placeholder]:
        """The placeholders in the order of the text."""
        return (part for part in self.parts if isinstance(part, Placeholder))

    def __bool__(self) -> bool:
        return bool(self.parts)


_OPEN = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_INSIDE = re.compile(r"\s*(labels\.(?P<label>[A-Za-z_][A-Za-z0-9_.]*)|(?P<name>[a-z]+))\s*(\|\s*(?P<format>\w+)\s*)?")
_GO_LABEL = re.compile(r"\s*\$labels\.(\w+)\s*")
_GO_VALUE = re.compile(r"\s*\$value(\s*\|\s*(\w+))?\s*")


def parse_message(text: str | None) -> tuple[Message, tuple[MessageProblem, ...]]:
    """The pieces of ``text``, and all that is wrong with it. Wrong placeholders are left out of the message."""
    if not text:
        return Message(), ()
    parts: list[str | Placeholder] = []
    problems: list[MessageProblem] = []
    position = 0
    for match in _OPEN.finditer(text):
        if match.start() > position:
            parts.append(text[position : match.start()])
        position = match.end()
        inside = _INSIDE.fullmatch(match[1])
        if inside is None or (inside["name"] is not None and inside["name"] not in NAMES):
            problems.append(_unknown(match[1], match.start(), match.end()))
        elif inside["format"] is not None and inside["format"] not in FORMATS:
            known = ", ".join(FORMATS)
            problem = f"there is no format `{inside['format']}`"
            problems.append(MessageProblem(problem, match.start(), match.end(), f"formats are: {known}"))
        else:
            label = inside["label"] or ""
            name = inside["name"] or "labels"
            parts.append(Placeholder(name, label, inside["format"] or "", match.start(), match.end()))
    rest = text[position:]
    if "{{" in rest:
        start = position + rest.index("{{")
        problems.append(MessageProblem("a placeholder is not closed", start, start + 2, "close it with `}}`"))
    if rest:
        parts.append(rest)
    return Message(tuple(parts)), tuple(problems)


def _unknown(inside: str, start: int, end: int) -> MessageProblem:
    if match := _GO_LABEL.fullmatch(inside):
        meant = f"{{{{ labels.{match[1]} }}}}"
    elif match := _GO_VALUE.fullmatch(inside):
        form = {"humanizePercentage": " | percent", "humanizeDuration": " | duration", "humanize": " | humanize"}
        meant = f"{{{{ value{form.get(match[2] or '', '')} }}}}"
    else:
        known = ", ".join((*NAMES, "labels.NAME"))
        return MessageProblem(f"there is no placeholder `{inside.strip()}`", start, end, f"placeholders are: {known}")
    text = f"`{inside.strip()}` is the language of one backend"
    return MessageProblem(text, start, end, f"write `{meant}`, which every backend understands", meant)
