"""The expressions of corpus.txt: what Prometheus accepts, from which version on, and what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

Version = tuple[int, int]

_HEADING = re.compile(
    r"== (?:accepted(?: since (?P<since>\d+\.\d+))?(?: before (?P<before>\d+\.\d+))?(?P<experimental>, experimental)?"
    r"|(?P<refused>refused))"
)

OLDEST: Version = (2, 37)
"""The oldest Prometheus that the corpus speaks of."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An expression that every Prometheus from ``since`` to just before ``before`` accepts."""

    text: str
    since: Version
    before: Version | None
    experimental: bool

    def on(self, version: Version, *, experimental: bool = False) -> bool:
        """Whether a Prometheus of ``version`` accepts it, with or without experimental functions enabled."""
        known = self.since <= version and (self.before is None or version < self.before)
        return known and (experimental or not self.experimental)


def _version(text: str | None) -> Version | None:
    if text is None:
        return None
    major, minor = text.split(".")
    return int(major), int(minor)


def _read() -> tuple[list[Accepted], list[str]]:
    text = Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8")
    preface, *sections = re.split(r"^(?=== )", text, flags=re.MULTILINE)
    assert all(line.startswith("#") or not line for line in preface.splitlines())
    good: list[Accepted] = []
    bad: list[str] = []
    for section in sections:
        heading, body = section.split("\n", 1)
        match = _HEADING.fullmatch(heading)
        assert match is not None, heading
        expressions = [line for line in re.split(r"(?<!\\)\n", body.strip("\n")) if line]
        expressions = [expression.replace("\\\n", "\n") for expression in expressions]
        if match["refused"]:
            bad.extend(expressions)
            continue
        since, before = _version(match["since"]) or OLDEST, _version(match["before"])
        good.extend(Accepted(each, since, before, match["experimental"] is not None) for each in expressions)
    return good, bad


GOOD, BAD = _read()
"""Accepted expressions, and the texts of refused ones. No version from 2.37 to 3.5 accepts any of the latter."""
