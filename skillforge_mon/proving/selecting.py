"""Matchers against the labels of made-up series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import Matcher, VectorSelector
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.DOTALL)
    except (re.error, OverflowError, RecursionError):
        raise UnsupportedError(f"the regular expression `{text}`") from None


def fits(matcher: Matcher, value: str) -> bool:
    """Whether a label with this value ("" when it is missing) is let through. Raises UnsupportedError."""
    match matcher.op:
        case "=":
            return value == matcher.value
        case "!=":
            return value != matcher.value
        case "=~":
            return _pattern(matcher.value).fullmatch(value) is not None
        case "!~":
            return _pattern(matcher.value).fullmatch(value) is None


def selects(selector: VectorSelector, labels: Mapping[str, str]) -> bool:
    """Whether ``selector`` reads the series with these ``labels``, the name among them. Raises UnsupportedError."""
    if selector.name is not None and labels.get(METRIC_NAME_LABEL) != selector.name:
        return False
    return all(fits(matcher, labels.get(matcher.label, "")) for matcher in selector.matchers)


_SPELLINGS = ("a", "1", "200", "500", "x-1", "test", "A", "/", "/api", "10.0.0.1", "true", "GET", "ab", "abc", "a1")


def fitting_value(matchers: Iterable[Matcher], wanted: Iterable[str], avoid: Iterable[Matcher]) -> str | None:
    """A value that all ``matchers`` let through, of ``wanted`` if one does; if possible one that no ``avoid`` fits.

    The empty string stands for a label that is missing. None when no value was found.
    """
    own, others = tuple(matchers), tuple(avoid)
    candidates = dict.fromkeys((*wanted, *_suggested(own), *_SPELLINGS, ""))
    fitting = [value for value in candidates if all(fits(matcher, value) for matcher in own)]
    apart = (value for value in fitting if not any(fits(matcher, value) for matcher in others))
    return next(apart, fitting[0] if fitting else None)


def _suggested(matchers: Iterable[Matcher]) -> Iterable[str]:
    for matcher in matchers:
        if matcher.op == "=":
            yield matcher.value
        elif matcher.op == "=~":
            yield from _samples(matcher.value)


_ATOMS = ((re.compile(r"\\d|\[0-9\]"), "0"), (re.compile(r"\\w|\[a-z\]"), "a"), (re.compile(r"\[\^/\]"), "a"))
_REPEATED = re.compile(r"(\([^()]*\)|\\?.)(\+|\*|\?|\{\d+(?:,\d*)?\})")


def _samples(pattern: str) -> Iterable[str]:
    """Texts that a simple pattern may fit: its alternatives with every dot and class filled in."""
    for alternative in re.split(r"\|(?![^()]*\))", pattern.removeprefix("^").removesuffix("$")):
        text = alternative
        for atom, value in _ATOMS:
            text = atom.sub(value, text)
        text = re.sub(r"\[([^\]^])[^\]]*\]", r"\1", text)
        for shown in (text, _REPEATED.sub(r"\1", text), _REPEATED.sub("", text)):
            chosen = re.sub(r"\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)", r"\1", shown)
            yield re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\.", "0", chosen))
