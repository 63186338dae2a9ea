"""Label matchers as Datadog's tag filters, and labels as tags.

Datadog's metric filters know values, lists of values and wildcards (docs.datadoghq.com, "Advanced filtering"), no
regular expressions: of those, only patterns that say the same can be translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from skillforge_mon.backends.datadog.capabilities import ENDPOINT_TAG, TAG_LENGTH
from skillforge_mon.backends.datadog.query.scope_tree import TagFilter
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.query.labels import values_matched
from skillforge_mon.query.promql import Matcher
from skillforge_mon.query.promql.printer import matcher_text
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL

INSTANCE = "instance"

_NOT_IN_TAGS = re.compile(r"[^\w\-./:]")
_UNDERSCORES = re.compile(r"__+")
_LITERAL = re.compile(r"(?:[^\\.+*?()|\[\]{}^$]|\\[.+*?()|\[\]{}^$\\/-])*")
_ESCAPE = re.compile(r"\\(.)")
_ANYTHING = (".*", ".+")
_SINGLE_SIGNS = re.compile(r"(?<!\\)(?:(?:\.|\\d|\[0-9\])(?:\{\d+\})?)+$")
"""Single signs at the end of a pattern, such as the two in ``5..``, ``5\\d\\d`` or ``5[0-9]{2}``."""
_FIRST_CLASS = re.compile(r"\[([\w/]{1,8})\]")


def tag_text(text: str) -> str:
    """``text`` as Datadog stores it in tags: lower case, other signs than ``_-./:`` as ``_``, at most 200 long.

    docs.datadoghq.com, "Getting started with tags", "Define tags".
    """
    return _tag_part(text).rstrip("_")[:TAG_LENGTH]


def _tag_part(text: str) -> str:
    return _UNDERSCORES.sub("_", _NOT_IN_TAGS.sub("_", text.lower()))


def tag_of(label: str) -> str:
    """The tag that the Agent makes of ``label``: the same name, and its own ``endpoint`` for Prometheus's instance."""
    return ENDPOINT_TAG if label == INSTANCE else tag_text(label)


def tag_filters(
    matchers: Iterable[Matcher], values: Mapping[str, tuple[str, ...]], differs: Callable[[str], None]
) -> tuple[TagFilter, ...]:
    """The filters that select what ``matchers`` select, apart from the metric's name.

    ``values`` has the labels whose values are all known: a pattern on one of them becomes the list of what it fits.
    Raises Untranslatable for a regular expression that is more than values and wildcards.
    """
    found: dict[TagFilter, None] = {}
    for matcher in matchers:
        if matcher.label == METRIC_NAME_LABEL:
            continue
        known = values.get(matcher.label)
        item = _listed(matcher, known) if known and matcher.op in {"=~", "!~"} else None
        item = item or _filter(matcher, differs)
        if item is not None:
            found[item] = None
    return tuple(found)


def _listed(matcher: Matcher, known: tuple[str, ...]) -> TagFilter | None:
    """A pattern as the list of the known values that it fits; None when it fits none, or Python cannot read it."""
    fitting = values_matched(matcher, known)
    if not fitting or fitting == known:
        return None
    return TagFilter(tag_of(matcher.label), tuple(map(tag_text, fitting)), matcher.op == "!~")


def _filter(matcher: Matcher, differs: Callable[[str], None]) -> TagFilter | None:
    tag = tag_of(matcher.label)
    negated = matcher.op.startswith("!")
    if not matcher.value:
        return TagFilter(tag, ("*",), not negated)
    if matcher.op in {"=", "!="}:
        value = tag_text(matcher.value)
        if not value:
            raise _cannot(matcher, "as a tag of Datadog, the value is empty")
        return TagFilter(tag, (f"*{value}*" if matcher.label == INSTANCE else value,), negated)
    if matcher.value == ".*":
        if negated:
            raise _cannot(matcher, "it selects nothing")
        return None
    if matcher.value == ".+":
        return TagFilter(tag, ("*",), negated)
    found: dict[str, None] = {}
    for branch in _branches(matcher):
        for expanded in _expanded(branch):
            shortened = _SINGLE_SIGNS.sub(".*", expanded)
            found[_wildcard(shortened, matcher)] = None
            if shortened != expanded:
                differs(f"`{matcher_text(matcher)}` becomes `{tag}:{next(reversed(found))}`, which fits any length")
    return TagFilter(tag, tuple(found), negated)


def _expanded(branch: str) -> list[str]:
    """``[45]..`` as ``4..`` and ``5..``; a class that is more than a few signs is left as it is."""
    match = _FIRST_CLASS.match(branch)
    return [sign + branch[match.end() :] for sign in match[1]] if match is not None else [branch]


def _branches(matcher: Matcher) -> list[str]:
    """The alternatives of a pattern, out of brackets around all of it: ``(a|b)`` and ``a|b`` both are two."""
    pattern = matcher.value
    if pattern.startswith("^") and not pattern.endswith("\\$"):
        pattern = pattern.removeprefix("^").removesuffix("$")
    for opening in ("(?:", "("):
        if pattern.startswith(opening) and pattern.endswith(")") and "(" not in pattern[len(opening) :]:
            pattern = pattern[len(opening) : -1]
            break
    return pattern.split("|")


def _wildcard(branch: str, matcher: Matcher) -> str:
    """One alternative as a value with wildcards at its ends: ``web-.*`` is ``web-*``, and so is ``web-.+``."""
    start = next((wild for wild in _ANYTHING if branch.startswith(wild)), "")
    rest = branch[len(start) :]
    end = next((wild for wild in _ANYTHING if rest.endswith(wild) and not rest.endswith("\\" + wild)), "")
    literal = rest[: len(rest) - len(end)] if end else rest
    if not literal or _LITERAL.fullmatch(literal) is None:
        raise _cannot(matcher, "Datadog filters by values, lists of values and `*` at their ends, not by patterns")
    literal = _ESCAPE.sub(r"\1", literal)
    value = _tag_part(literal) if end else tag_text(literal)
    if not value:
        raise _cannot(matcher, "as a tag of Datadog, the value is empty")
    return f"{'*' if start else ''}{value}{'*' if end else ''}"


def _cannot(matcher: Matcher, reason: str) -> Untranslatable:
    return Untranslatable(f"`{matcher_text(matcher)}`: {reason}")
