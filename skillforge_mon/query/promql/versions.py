"""Which version of Prometheus an expression needs.

From promql/parser and CHANGELOG.md of the releases named; what is older than 2.20 is taken as given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skillforge_mon.query.promql.functions import ALWAYS, FUNCTIONS, Version
from skillforge_mon.query.promql.printer import is_plain_label, is_plain_listed_label, metric_text
from skillforge_mon.query.promql.tree import (
    Aggregate,
    At,
    Binary,
    Call,
    Duration,
    Expr,
    LabelName,
    MatrixSelector,
    NumberLiteral,
    Span,
    Subquery,
    VectorSelector,
)
from skillforge_mon.query.promql.walk import walk

UTF8_NAMES: Version = (3, 0)
"""Names beyond letters, digits and ``_`` work without a feature flag."""

QUOTED_NAMES: Version = (2, 51)
"""A quoted name inside braces is read."""

STABLE_TIME_MODIFIERS: Version = (2, 33)
"""``@`` and negative offsets work without a feature flag."""

NUMBERS_ARE_DURATIONS: Version = (2, 54)
"""``rate(x[300])`` and ``x > 5m`` are read, and digits may be grouped: ``1_000``."""

_DURATION = re.compile(r"(?:[0-9]+(?:ms|[ywdhms]))+").fullmatch
_OPERATORS: dict[str, Version] = {"atan2": (2, 31)}
_AGGREGATIONS: dict[str, tuple[Version, bool]] = {
    "group": ((2, 20), False),
    "limitk": ((2, 54), True),
    "limit_ratio": ((2, 54), True),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a target must offer for an expression to be accepted, and which part of the expression asks for it.

    ``since`` is the first version with the feature, ``removed`` the first without it. ``experimental`` features need
    Prometheus to run with ``--enable-feature=promql-experimental-functions``. ``printed`` is False for spellings that
    ``print_expr`` replaces by ones that every version reads, so that only the text as written needs the feature.
    """

    feature: str
    since: Version
    span: Span
    experimental: bool = False
    removed: Version | None = None
    replacement: str = ""
    printed: bool = True

    def met_by(self, version: Version) -> bool:
        """True when a Prometheus of ``version`` has the feature, experiments allowed."""
        return self.since <= version and (self.removed is None or version < self.removed)


def requirements(expr: Expr) -> list[Requirement]:
    """Everything that ``expr`` needs beyond Prometheus 2.0, in the order of the text."""
    found = [requirement for node in walk(expr) for requirement in _of(node)]
    return sorted(found, key=lambda requirement: requirement.span)


def _of(node: Expr) -> Iterable[Requirement]:
    match node:
        case Call():
            return _call(node)
        case Aggregate():
            return _aggregate(node)
        case Binary():
            return _binary(node)
        case VectorSelector():
            return _selector(node)
        case MatrixSelector():
            return _durations(node.range)
        case Subquery():
            return (*_durations(node.range, node.step), *_time(node.at, node.offset))
        case NumberLiteral():
            return _number(node)
    return ()


def _call(call: Call) -> Iterator[Requirement]:
    function = FUNCTIONS[call.function]
    if function.since > ALWAYS or function.removed is not None:
        yield Requirement(
            f"{function.name}()", function.since, call.name_span, function.experimental, function.removed,
            function.replacement,
        )  # fmt: skip


def _aggregate(aggregate: Aggregate) -> Iterator[Requirement]:
    if aggregate.op in _AGGREGATIONS:
        since, experimental = _AGGREGATIONS[aggregate.op]
        yield Requirement(f"{aggregate.op}()", since, aggregate.op_span, experimental)
    if aggregate.grouping is not None:
        yield from _listed(aggregate.grouping.labels)


def _binary(binary: Binary) -> Iterator[Requirement]:
    if binary.op in _OPERATORS:
        yield Requirement(binary.op, _OPERATORS[binary.op], binary.op_span)
    if binary.matching is not None:
        yield from _listed((*binary.matching.labels, *binary.matching.include))


def _listed(labels: Iterable[LabelName]) -> Iterator[Requirement]:
    for label in labels:
        if not is_plain_listed_label(label.name):
            yield Requirement("a quoted label name in a list", UTF8_NAMES, label.span)


def _selector(selector: VectorSelector) -> Iterator[Requirement]:
    if selector.name is not None and metric_text(selector.name) is None:
        if is_plain_label(selector.name):
            yield Requirement("a quoted metric name", QUOTED_NAMES, selector.name_span)
        else:
            yield Requirement("a UTF-8 metric name", UTF8_NAMES, selector.name_span)
    for matcher in selector.matchers:
        if not is_plain_label(matcher.label):
            yield Requirement("a UTF-8 label name", UTF8_NAMES, matcher.label_span)
    yield from _time(selector.at, selector.offset)


def _time(at: At | None, offset: Duration | None) -> Iterator[Requirement]:
    if at is not None:
        yield Requirement("the @ modifier", STABLE_TIME_MODIFIERS, at.span)
    if offset is not None and offset.milliseconds < 0:
        yield Requirement("a negative offset", STABLE_TIME_MODIFIERS, offset.span)
    yield from _durations(offset)


def _durations(*durations: Duration | None) -> Iterator[Requirement]:
    for duration in durations:
        if duration is not None and duration.text and not _DURATION(duration.text):
            yield Requirement("a number as a duration", NUMBERS_ARE_DURATIONS, duration.span, printed=False)


def _number(number: NumberLiteral) -> Iterator[Requirement]:
    text = number.text.lstrip("+- ")
    if _DURATION(text):
        yield Requirement("a duration as a number", NUMBERS_ARE_DURATIONS, number.span, printed=False)
    if "_" in text:
        yield Requirement("`_` between digits", NUMBERS_ARE_DURATIONS, number.span, printed=False)
