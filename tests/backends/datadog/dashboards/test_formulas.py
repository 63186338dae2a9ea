"""Formulas print as what they calculate."""

from __future__ import annotations

from decimal import Decimal, DivisionByZero, DivisionUndefined, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.dashboards.formulas import (
    Applied,
    Calculated,
    Formula,
    Named,
    Value,
    names_in,
    print_formula,
)

VALUES = {"a": 7, "b": -3, "c": 2}
A, B = Named("a"), Named("b")

formulas = st.recursive(
    st.one_of(st.sampled_from([A, B, Named("c")]), st.builds(Value, st.sampled_from([Decimal(5), Decimal("-0.5")]))),
    lambda inner: st.one_of(
        st.builds(Calculated, st.sampled_from(("+", "-", "*", "/")), inner, inner),
        st.builds(lambda argument: Applied("abs", argument), inner),
    ),
    max_leaves=8,
)


def value(formula: Formula) -> Decimal:
    match formula:
        case Named():
            return Decimal(VALUES[formula.name])
        case Value():
            return formula.value
        case Applied():
            return abs(value(formula.argument))
        case Calculated():
            left, right = value(formula.left), value(formula.right)
            results = {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__}
            return results[formula.op](right)


@given(formulas)
def test_a_formula_prints_as_what_it_calculates(formula: Formula) -> None:
    try:
        wanted = float(value(formula))
    except (DivisionByZero, DivisionUndefined, InvalidOperation):
        return
    text = print_formula(formula)
    found = eval(text, {"__builtins__": {}}, {**VALUES, "abs": abs})  # noqa: S307 - arithmetic of three names
    assert float(found) == pytest.approx(wanted)


@given(formulas)
def test_its_names_are_those_that_stand_in_it(formula: Formula) -> None:
    assert list(names_in(formula)) == [
        letter for letter in print_formula(formula).replace("abs", "") if letter in "abc"
    ]


def test_parameters_follow_the_argument() -> None:
    rolled = Applied("moving_rollup", Calculated("+", A, B), ("300", "'sum'"))
    assert print_formula(Calculated("/", rolled, Value(Decimal(300)))) == "moving_rollup(a + b, 300, 'sum') / 300"
