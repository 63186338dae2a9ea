"""Whatever the query: a translation that Datadog's grammar has, or a refusal; never a crash."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.query.promql import PromQLSyntaxError, parse
from tests.backends.datadog.translating import outcome

NAMES = ("requests_total", "errors_total", "queue_length", "queue_limit", "worker_ready", "latency_seconds_bucket",
         "latency_seconds_count", "rpc_seconds", "size_bytes", "unknown_total", "service:errors:ratio", "up")  # fmt: skip
MATCHERS = ('status="500"', 'status=~"5.."', 'service!~"a|b.*"', 'le="0.3"', 'queue=~"(?i)x"', 'job=""')
LABELS = ("service", "queue", "instance", "job", "le")

names = st.sampled_from(NAMES)
matchers = st.lists(st.sampled_from(MATCHERS), max_size=2).map(",".join)
selectors = st.builds(
    lambda name, inside, offset: f"{name}{{{inside}}}{offset}",
    names,
    matchers,
    st.sampled_from(("", " offset 1d", " offset 5m")),
)
ranges = st.builds(
    lambda function, name, inside, length: f"{function}({name}{{{inside}}}[{length}])",
    st.sampled_from(("rate", "increase", "irate", "avg_over_time", "max_over_time", "sum_over_time", "changes")),
    names,
    matchers,
    st.sampled_from(("30s", "5m", "1h", "8d")),
)
numbers = st.sampled_from(("0", "1", "100", "0.5", "-3", "1e30", "Inf"))
groupings = st.builds(
    lambda word, labels: f"{word} ({', '.join(labels)})" if word else "",
    st.sampled_from(("", "by", "without")),
    st.lists(st.sampled_from(LABELS), max_size=2),
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(
            lambda op, by, expr: f"{op} {by} ({expr})",
            st.sampled_from(("sum", "max", "avg", "count")),
            groupings,
            inner,
        ),
        st.builds(
            lambda left, op, right: f"({left}) {op} ({right})",
            inner,
            st.sampled_from(
                ("+", "-", "*", "/", "%", "and", "or", ">", "/ on (service)", "* ignoring (le) group_left")
            ),
            inner,
        ),
        st.builds(lambda expr: f"histogram_quantile(0.95, {expr})", inner),
        st.builds(lambda expr: f"clamp_min(-({expr}), 1)", inner),
        st.builds(lambda expr: f"{expr} or vector(0)", inner),
    )


values = st.recursive(st.one_of(selectors, ranges, numbers), grown, max_leaves=6)
conditions = st.builds(
    lambda value, op, number: f"({value}) {op} {number}", values, st.sampled_from((">", "<", "==", "!=", ">=")), numbers
)

METRIC = r"(?:avg|sum|min|max|count|p\d\d)(?:\(v: v<=[\d.]+\))?:[\w.]+\{[^{}]+\}(?: by \{[\w,./-]+\})?(?:\.as_(?:count|rate)\(\))?"
QUERY = re.compile(r"(avg|sum|min|max|percentile)\(last_\d+[mhdw]\):(.+) (>=|<=|>|<) -?\d+(\.\d+)?")


def is_arithmetic(text: str) -> bool:
    """True when nothing but numbers, operators and functions is left once metrics are taken out."""
    left = re.sub(METRIC, "1", text)
    left = re.sub(r"\b(?:abs|clamp_min|default_zero|day_before)\(", "(", left)
    if re.fullmatch(r"[\d.\s()+\-*/,]+", left) is None:
        return False
    compile(left, "query", "eval")
    return True


@settings(max_examples=400, deadline=None)
@given(st.one_of(values, conditions), st.sampled_from(("0s", "90s", "10m", "6d")))
def test_every_expression_is_translated_or_refused(promql: str, hold: str) -> None:
    try:
        parse(promql)
    except PromQLSyntaxError:
        return
    text = outcome(promql, hold)
    if text.startswith("untranslatable: "):
        assert text.removeprefix("untranslatable: ")
        return
    match = QUERY.fullmatch(text)
    assert match is not None, text
    assert is_arithmetic(match[2]), text
