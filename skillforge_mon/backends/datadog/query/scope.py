"""What stands in the braces of a metric: ``{env:prod,!host:a*}``, or ``{env IN (a,b) AND NOT host:a*}``.

Grammar: docs.datadoghq.com, "Advanced filtering". The two styles must not be mixed in one pair of braces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError
from skillforge_mon.backends.datadog.query.lexer import Scanner
from skillforge_mon.backends.datadog.query.scope_tree import (
    Filter,
    Place,
    TagFilter,
    all_of,
    any_of,
    negation,
    side_by_side,
)

_TOKEN = re.compile(r"[^\s,(){}]+")
_WORDS = {"AND": "AND", "and": "AND", "OR": "OR", "or": "OR", "NOT": "NOT", "not": "NOT", "IN": "IN", "in": "IN"}
_MIXED = (
    "write `,` and `!`, as in `{env:prod,!host:a}`, or AND, OR, NOT and IN, as in `{env:prod AND NOT host:a}`, not both"
)


@dataclass(frozen=True, slots=True)
class _Everything:
    """``*``, which filters nothing."""

    place: Place


class ScopeParser:
    """Reads the scope of one metric. ``variables`` says whether ``$name`` is one, as it is on dashboards only."""

    def __init__(self, scanner: Scanner, *, variables: bool) -> None:
        self.scanner = scanner
        self.variables = variables
        self.signs = False
        self.words = False

    def scope(self) -> tuple[Filter, ...]:
        """The filters between braces, both of which are read."""
        scanner = self.scanner
        opened = scanner.start()
        scanner.expect("{", "before the filters")
        if scanner.take("}"):
            raise scanner.error("the braces are empty", (opened, scanner.position), "write `{*}` for everything")
        found = self._sequence()
        filters = [item for item in found if not isinstance(item, _Everything)]
        if self._word("OR"):
            choices = [self._all(found), self._all(self._sequence())]
            while self._word("OR"):
                scanner.part()
                choices.append(self._all(self._sequence()))
            filters = [any_of(choices)]
        if not scanner.take("}"):
            raise self._unclosed(opened)
        return side_by_side(filters)

    def _unclosed(self, opened: int) -> DatadogSyntaxError:
        if self.scanner.at_end:
            return self.scanner.error("`{` is not closed", (opened, opened + 1), "close it with `}`")
        return self.scanner.unexpected("expected `,`, AND, OR or `}`", "tags in `{…}` are joined by `,` or by words")

    def _sequence(self) -> list[Filter | _Everything]:
        """Filters that must all hold."""
        found = [self._filter()]
        while True:
            if self.scanner.sees(","):
                self._style(",", words=False)
                self.scanner.take(",")
            elif not self._word("AND"):
                return found
            found.append(self._filter())
            self.scanner.part()

    def _filter(self) -> Filter | _Everything:
        scanner = self.scanner
        with scanner.deeper():
            if scanner.sees("!"):
                self._style("!", words=False)
                scanner.take("!")
                return negation(self._something(self._filter()))
            if self._word("NOT"):
                return negation(self._something(self._filter()))
            if scanner.sees("("):
                return self._group()
            return self._tag()

    def _something(self, item: Filter | _Everything) -> Filter:
        if isinstance(item, _Everything):
            raise self.scanner.error("`*` is everything, which cannot be left out or one of several", item.place)
        return item

    def _all(self, found: list[Filter | _Everything]) -> Filter:
        return all_of(map(self._something, found))

    def _group(self) -> Filter:
        opened = self.scanner.start()
        self.scanner.take("(")
        choices = [self._all(self._sequence())]
        while self._word("OR"):
            self.scanner.part()
            choices.append(self._all(self._sequence()))
        if not self.scanner.take(")"):
            if self.scanner.at_end or self.scanner.sees("}"):
                raise self.scanner.error("`(` is not closed", (opened, opened + 1), "close it with `)`")
            raise self.scanner.unexpected("expected AND, OR or `)`")
        return any_of(choices)

    def _tag(self) -> TagFilter | _Everything:
        scanner = self.scanner
        match = scanner.read(_TOKEN)
        if match is None:
            raise scanner.unexpected("expected a tag", "tags are written `env:prod`; `*` is everything")
        written, place = match[0], match.span()
        if written == "*":
            return _Everything(place)
        if written in _WORDS:
            raise scanner.error(f"expected a tag, and there is `{written}`", place, "tags are written `env:prod`")
        self._plain(written, place)
        tag, colon, value = written.partition(":")
        if colon and not value:
            further = scanner.read(_TOKEN)
            if further is None:
                raise scanner.error(f"the tag `{tag}` has no value", place, f"write `{tag}:*` for any value")
            value, place = further[0], (place[0], further.end())
        if colon:
            return TagFilter(tag, (value,), place=place)
        outside = self._word("NOT")
        if self._word("IN"):
            return TagFilter(tag, self._values(), negated=outside, place=(place[0], scanner.position))
        if outside:
            raise scanner.unexpected(
                "expected IN after NOT", f"write `{tag} NOT IN (…)`, or `NOT {tag}:…` before the tag"
            )
        return TagFilter(tag, (), place=place)

    def _plain(self, written: str, place: tuple[int, int]) -> None:
        """Tell what a tag of another language was meant to be."""
        if "$" in written and not self.variables:
            at = place[0] + written.index("$")
            raise self.scanner.error(
                f"`{written[written.index('$') :]}` is a template variable, which only dashboards have", (at, place[1]),
                "write the value, or `*` and group the query `by` the tag",
            )  # fmt: skip
        equals = re.match(r"([\w.-]+)(!?=~?)[\"']?([^\"']*)", written)
        if equals is not None:
            exclude = "!" if equals[2].startswith("!") else ""
            raise self.scanner.error(
                f"`{written}` is no tag", place, f"write `{exclude}{equals[1]}:{equals[3] or '*'}`"
            )  # fmt: skip
        if written.startswith("-") and ":" in written:
            raise self.scanner.error(f"`{written}` begins with `-`", place, f"write `!{written[1:]}` to leave it out")
        if written.startswith(":"):
            raise self.scanner.error(f"`{written}` has no name before the colon", place, "tags are written `env:prod`")

    def _values(self) -> tuple[str, ...]:
        scanner = self.scanner
        scanner.expect("(", "after IN", "write `env IN (prod,staging)`")
        found = []
        while True:
            match = scanner.read(_TOKEN)
            if match is None or match[0].startswith("!"):
                if match is not None:
                    scanner.position = match.start()
                raise scanner.unexpected("expected a value", "write `env IN (prod,staging)`")
            found.append(match[0])
            if scanner.take(")"):
                return tuple(found)
            scanner.expect(",", "or `)` after a value of IN")

    def _word(self, word: str) -> bool:
        match = self.scanner.looks_like(_TOKEN)
        if match is None or _WORDS.get(match[0]) != word:
            return False
        self._style(match[0], words=True)
        self.scanner.position = match.end()
        return True

    def _style(self, found: str, *, words: bool) -> None:
        if (self.signs and words) or (self.words and not words):
            start = self.scanner.start()
            other = "`,` and `!`" if words else "AND, OR, NOT and IN"
            raise self.scanner.error(f"`{found}` is mixed with {other}", (start, start + len(found)), _MIXED)
        self.signs, self.words = self.signs or not words, self.words or words
