"""In traffic that does not change, a translated query has the same value in Datadog as in Prometheus.

What differs between the two is how they see change; so with constant rates and constant gauges nothing may differ.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skillforge_mon.spec.quantities import Duration
from tests.backends.datadog.translating import outcome

RATES = {"requests_total": 3.0, "errors_total": 0.7}
GAUGES = {"queue_length": 20.0, "queue_limit": 50.0}
IN_DATADOG = {
    "shop.requests.count": 3.0,
    "acme.http.errors": 0.7,
    "shop.queue_length": 20.0,
    "shop.queue_limit": 50.0,
}
METRIC = re.compile(r"sum:([\w.]+)\{\*\}(?:\.(as_count|as_rate)\(\))?")
QUERY = re.compile(r"(avg|sum|min|max)\(last_(\d+)([mhdw])\):(.+) > 5")
SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True)
class Steady:
    """PromQL, and its value in Prometheus."""

    promql: str
    value: float


def counted(length: str) -> st.SearchStrategy[Steady]:
    """Rates and increases over ``length``."""
    seconds = Duration.parse(length).seconds
    return st.sampled_from(
        [Steady(f"sum(rate({name}[{length}]))", rate) for name, rate in RATES.items()]
        + [Steady(f"sum(increase({name}[{length}]))", rate * seconds) for name, rate in RATES.items()]
        + [Steady(f"(sum(rate({name}[{length}])) or vector(0))", rate) for name, rate in RATES.items()]
    )


def gauges(length: str) -> st.SearchStrategy[Steady]:
    """Gauges as they are, and on average over ``length``."""
    return st.sampled_from(
        [Steady(f"sum({name})", value) for name, value in GAUGES.items()]
        + [Steady(f"sum(avg_over_time({name}[{length}]))", value) for name, value in GAUGES.items()]
        + [Steady(f"abs(sum({name}) - 100)", abs(value - 100)) for name, value in GAUGES.items()]
    )


numbers = st.sampled_from([Steady("2", 2), Steady("0.5", 0.5), Steady("-3", -3), Steady("100", 100)])


def calculated(left: Steady, op: str, right: Steady) -> Steady:
    assume(op != "/" or right.value != 0)
    values = {
        "+": left.value + right.value,
        "-": left.value - right.value,
        "*": left.value * right.value,
        "/": left.value / (right.value or 1),
    }
    return Steady(f"({left.promql}) {op} ({right.promql})", values[op])


def expressions(length: str) -> st.SearchStrategy[Steady]:
    leaves = st.one_of(counted(length), gauges(length))

    def grown(inner: st.SearchStrategy[Steady]) -> st.SearchStrategy[Steady]:
        ops = st.sampled_from("+-*/")
        return st.one_of(
            st.builds(calculated, inner, ops, inner),
            st.builds(calculated, inner, ops, numbers),
            st.builds(calculated, numbers, ops, inner),
        )

    return st.recursive(leaves, grown, max_leaves=5)


def value_in_datadog(text: str) -> float:
    """The value of a query's expression, with the window that it has."""
    match = QUERY.fullmatch(text)
    assert match is not None, text
    window = int(match[2]) * SECONDS[match[3]]

    def number(metric: re.Match[str]) -> str:
        value = IN_DATADOG[metric[1]] * (window if metric[2] == "as_count" else 1)
        assert metric[2] != "as_count" or match[1] == "sum", text
        return f"({value!r})"

    expression = METRIC.sub(number, match[4])
    functions = {"abs": abs, "default_zero": lambda value: value}
    return float(eval(expression, {"__builtins__": {}}, functions))  # noqa: S307 - numbers and two functions


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(("30s", "5m", "1h")), st.sampled_from(("0s", "5m", "90s")))
def test_steady_values_are_the_same(data: st.DataObject, length: str, hold: str) -> None:
    steady = data.draw(expressions(length))
    text = outcome(f"{steady.promql} > 5", hold)
    assert math.isclose(value_in_datadog(text), steady.value, rel_tol=1e-6, abs_tol=1e-6), text
