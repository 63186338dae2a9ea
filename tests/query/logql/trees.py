"""Hypothesis strategies for trees of LogQL that mean something."""

from __future__ import annotations

from hypothesis import strategies as st

from skillforge_mon.query.logql.tree import (
    GROUPED_RANGES,
    RANGE_OPERATIONS,
    WITH_UNWRAP,
    Binary,
    Chosen,
    Decolorize,
    Extraction,
    Format,
    Grouping,
    LabelFilter,
    LabelFormat,
    LabelReplace,
    LabelTest,
    LabelTests,
    Length,
    LineFilter,
    LineText,
    LogLines,
    Matcher,
    Matching,
    MetricExpr,
    Number,
    Parser,
    RangeAggregate,
    Stage,
    Unwrap,
    Vector,
    VectorAggregate,
)

LABELS = st.sampled_from(["app", "level", "status", "method", "_x", "rate", "sum"])
TEXTS = st.sampled_from(["", "a", 'say "hi"', "back\\slash", "two\nlines", "ünï", "`tick`", "a.b|c", "$1"])
PATTERNS = st.sampled_from(["a", "a|b", ".+", "^x$", "[0-9]+", "(?i)err", "\\d+"])
NUMBERS = st.sampled_from(["0", "1", "0.5", "100"])
LENGTHS = st.sampled_from(["1s", "5m", "1h30m", "1d", "1w"]).map(Length)

MATCHERS = st.builds(Matcher, LABELS, st.sampled_from(["=", "!="]), TEXTS) | st.builds(
    Matcher, LABELS, st.sampled_from(["=~", "!~"]), PATTERNS
)
SELECTORS = st.lists(MATCHERS, max_size=2).map(lambda more: (Matcher("app", "=", "web"), *more))

_LINE_FILTERS = (
    st.builds(LineFilter, st.sampled_from(["|=", "!="]), st.lists(st.builds(LineText, TEXTS), min_size=1, max_size=2).map(tuple))
    | st.builds(LineFilter, st.sampled_from(["|~", "!~"]), st.builds(LineText, PATTERNS).map(lambda text: (text,)))
    | st.just(LineFilter("|=", (LineText("10.0.0.0/8", ip=True),)))
)  # fmt: skip
_TEST = (
    st.builds(LabelTest, LABELS, st.sampled_from(["=", "!="]), TEXTS, st.just("text"))
    | st.builds(LabelTest, LABELS, st.sampled_from(["=~", "!~"]), PATTERNS, st.just("text"))
    | st.builds(LabelTest, LABELS, st.sampled_from(["==", "!=", ">", ">=", "<", "<="]), NUMBERS, st.just("number"))
    | st.builds(LabelTest, LABELS, st.sampled_from([">", "<="]), st.sampled_from(["5s", "1h"]), st.just("duration"))
    | st.builds(LabelTest, LABELS, st.sampled_from([">", "<="]), st.sampled_from(["20KB", "1MiB"]), st.just("bytes"))
    | st.just(LabelTest("app", "=", "10.0.0.1", "ip"))
)
_TESTS = st.recursive(
    _TEST, lambda inner: st.builds(LabelTests, st.sampled_from(["and", "or"]), inner, inner), max_leaves=4
)
_EXTRACTIONS = st.lists(st.builds(Extraction, LABELS, st.none() | st.sampled_from(["a", "a.b"])), max_size=2).map(tuple)
_PLAIN_EXTRACTIONS = st.lists(st.builds(Extraction, LABELS), max_size=2).map(tuple)
_PARSERS = (
    st.builds(Parser, st.just("json"), st.none(), _EXTRACTIONS)
    | st.builds(Parser, st.just("logfmt"), st.none(), _PLAIN_EXTRACTIONS, st.sampled_from([(), ("--strict",), ("--strict", "--keep-empty")]))
    | st.just(Parser("unpack"))
    | st.just(Parser("regexp", "(?P<x>\\d+) .*"))
    | st.just(Parser("pattern", "<_> <x>"))
)  # fmt: skip


def _read_as_value(stage: Stage, following: Stage) -> bool:
    """``| drop a`` in front of ``!= "x"``, which no text says."""
    return isinstance(stage, Chosen) and isinstance(following, LineFilter) and following.op.startswith("!")


STAGES = st.lists(
    _LINE_FILTERS
    | _PARSERS
    | st.builds(LabelFilter, _TESTS)
    | st.builds(Format, st.sampled_from(["{{.msg}}", "x"]))
    | st.just(LabelFormat((("a", "b", False), ("c", "{{.d}}", True))))
    | st.builds(Chosen, st.sampled_from(["drop", "keep"]), st.lists(LABELS | MATCHERS, min_size=1, max_size=2).map(tuple))
    | st.just(Decolorize()),
    max_size=3,
).map(tuple).filter(lambda stages: not any(map(_read_as_value, stages, stages[1:])))  # fmt: skip
LINES = st.builds(LogLines, SELECTORS, STAGES)
GROUPINGS = st.builds(Grouping, st.booleans(), st.lists(LABELS, max_size=2).map(tuple))


@st.composite
def range_aggregates(draw: st.DrawFn) -> RangeAggregate:
    """One of every operation, with what it needs."""
    op = draw(st.sampled_from(sorted(RANGE_OPERATIONS)))
    lines = draw(LINES)
    if op in WITH_UNWRAP:
        unwrap = Unwrap("status", draw(st.sampled_from([None, "duration", "bytes", "duration_seconds"])))
        lines = LogLines(lines.matchers, (*lines.stages, unwrap))
    grouping = draw(st.none() | GROUPINGS) if op in GROUPED_RANGES else None
    param = "0.9" if RANGE_OPERATIONS[op] else None
    offset = draw(st.none() | LENGTHS)
    return RangeAggregate(op, lines, draw(LENGTHS), offset, param, grouping)


def _above(inner: st.SearchStrategy[MetricExpr]) -> st.SearchStrategy[MetricExpr]:
    matching = st.none() | st.builds(Matching, st.booleans(), st.just(("app",)))
    return (
        st.builds(VectorAggregate, st.sampled_from(["sum", "avg", "max", "count"]), inner, st.none(), st.none() | GROUPINGS)
        | st.builds(VectorAggregate, st.sampled_from(["topk", "bottomk"]), inner, st.just("3"), st.none() | GROUPINGS)
        | st.builds(VectorAggregate, st.sampled_from(["sort", "sort_desc"]), inner)
        | st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "%", "^"]), inner, inner, st.just(False), matching)
        | st.builds(Binary, st.sampled_from(["and", "or", "unless"]), inner, inner, st.just(False), matching)
        | st.builds(Binary, st.sampled_from([">", "<=", "==", "!="]), inner, inner, st.booleans())
        | st.builds(Binary, st.sampled_from([">", "<=", "+", "*"]), inner, NUMBERS.map(Number))
        | st.builds(LabelReplace, inner, st.just(("dst", "$1", "app", "(.*)")))
    )  # fmt: skip


METRICS: st.SearchStrategy[MetricExpr] = st.recursive(
    range_aggregates() | st.builds(Vector, NUMBERS), _above, max_leaves=3
)
QUERIES = LINES | METRICS
