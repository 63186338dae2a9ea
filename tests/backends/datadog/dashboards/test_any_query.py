"""Whatever the query of a panel: formulas that Datadog's grammar has, or a refusal; and in steady traffic its value."""

from __future__ import annotations

import math
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.dashboards.drawing import Drawn, drawn
from skillforge_mon.backends.datadog.dashboards.reader import PanelReader
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.query.promql import PromQLSyntaxError, parse
from tests.backends.datadog.test_any_expression import METRIC, values
from tests.backends.datadog.test_steady import IN_DATADOG, expressions
from tests.backends.datadog.translating import shop

FUNCTIONS = ("abs", "clamp_min", "default_zero", "day_before", "count_not_null", "moving_rollup", "top")


def panel(promql: str, *, scalar: bool) -> Drawn:
    """The queries and the formula of ``promql``. Raises Untranslatable."""
    found = shop()
    told: list[str] = []
    return drawn(PanelReader(found, Names(found), {}, told.append), [parse(promql)], told.append, scalar=scalar)


@settings(max_examples=200, deadline=None)
@given(values, st.sampled_from(("", "topk(5, {})", "bottomk(200, {})", "sort_desc({})")), st.booleans())
def test_every_query_is_drawn_or_refused(promql: str, around: str, scalar: bool) -> None:
    promql = around.format(promql) if around else promql
    try:
        parse(promql)
    except PromQLSyntaxError:
        return
    told: tuple[str, ...] = ()
    try:
        found = panel(promql, scalar=scalar)
    except Untranslatable as stop:
        told = (stop.reason, stop.instead)
    else:
        holds(found, scalar=scalar)
    assert all(told)


def holds(found: Drawn, *, scalar: bool) -> None:
    """What Datadog takes: queries of its grammar under names of their own, and arithmetic over all of these names."""
    names = [query.name for query in found.queries]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(METRIC, query.text) for query in found.queries), found
    assert all((query.aggregator is None) != scalar for query in found.queries)
    (formula,) = found.formulas
    left = re.sub(rf"\b(?:{'|'.join(FUNCTIONS)})\(", "(", formula)
    left = re.sub(r"'\w+'", "1", left)
    assert set(re.findall(r"[a-z]\w*", left)) == set(names), formula
    compile(left, "formula", "eval")


IN_STEADY_TRAFFIC: dict[str, Any] = {"abs": abs, "default_zero": lambda value: value}


def value_of(found: Drawn) -> float:
    """What the widget shows where nothing changes."""

    def of(text: str) -> float:
        match = re.fullmatch(r"sum:([\w.]+)\{\*\}(?:\.(as_count|as_rate)\(\))?", text)
        assert match is not None, text
        if match[2] == "as_count" and found.over:
            return IN_DATADOG[match[1]] * found.over.seconds
        return IN_DATADOG[match[1]]

    def rolled(value: float, seconds: float, how: str) -> float:
        return value * seconds if how == "sum" else value

    names = {query.name: of(query.text) for query in found.queries}
    functions = {**IN_STEADY_TRAFFIC, "moving_rollup": rolled}
    return float(eval(found.formulas[0], {"__builtins__": {}}, {**functions, **names}))  # noqa: S307 - arithmetic


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(("1m", "5m", "1h")), st.booleans())
def test_steady_values_are_the_same(data: st.DataObject, length: str, scalar: bool) -> None:
    steady = data.draw(expressions(length))
    shown = panel(steady.promql, scalar=scalar)
    assert math.isclose(value_of(shown), steady.value, rel_tol=1e-6, abs_tol=1e-6), shown
