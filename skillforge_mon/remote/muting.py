"""What is muted by hand for a while: what it is about, until when, and the line by which it is known again.

The line is of another kind than that of objects that a spec describes: push never touches what carries it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Final

_LINE: Final = re.compile(
    r"\n*^-- muted with monmc maintenance: (?P<project>[^/\s]+)/(?P<environment>[^/\s]+) service=(?P<service>\S+)"
    r"(?: alert=(?P<alert>\S+))?(?: severity=(?P<severity>\S+))? by (?P<author>.+?)[ \t\r]*$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The alerts of a service, of one name and one severity where these are not empty."""

    service: str
    alert: str = ""
    severity: str = ""

    def __str__(self) -> str:
        """``backend, HighErrorRate, critical``."""
        return ", ".join(part for part in (self.service, self.alert, self.severity) if part)


@dataclass(frozen=True, slots=True)
class Muting:
    """One thing on a server that mutes ``subject`` until a moment (UTC). ``identifier`` is the server's."""

    subject: Subject
    until: datetime.datetime
    reason: str
    author: str
    identifier: str


def marked(reason: str, subject: Subject, author: str, project: str, environment: str) -> str:
    """``reason`` with a last line that says what is muted by whom."""
    words = [f"-- muted with monmc maintenance: {project}/{environment} service={subject.service}"]
    words += [f"alert={subject.alert}"] if subject.alert else []
    words += [f"severity={subject.severity}"] if subject.severity else []
    # A line break in a name would end the line by which this is known again.
    return f"{reason.strip()}\n\n{' '.join(words)} by {' '.join(author.split())}"


def read_mark(text: str, project: str, environment: str, until: datetime.datetime, identifier: str) -> Muting | None:
    """What the text of something on a server says; None where nobody muted that for this project and environment."""
    lines = list(_LINE.finditer(text))
    if not lines or (lines[-1]["project"], lines[-1]["environment"]) != (project, environment):
        return None
    found = lines[-1]
    subject = Subject(found["service"], found["alert"] or "", found["severity"] or "")
    return Muting(subject, until, _LINE.sub("", text).strip(), found["author"], identifier)
