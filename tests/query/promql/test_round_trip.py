"""What is printed reads back as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.query.promql import Expr, ValueType, parse, pretty, print_expr
from tests.query.promql.corpus import GOOD
from tests.query.promql.strategies import expressions, without_parentheses


@pytest.mark.parametrize("text", [case.text for case in GOOD])
def test_an_accepted_expression_reads_back_from_its_canonical_text(text: str) -> None:
    tree = parse(text)
    assert parse(print_expr(tree)) == tree
    assert print_expr(parse(print_expr(tree))) == print_expr(tree)


@pytest.mark.parametrize("width", [1, 20, 60, 100])
def test_an_accepted_expression_reads_back_from_its_pretty_text(width: int) -> None:
    trees = [parse(case.text) for case in GOOD]
    assert [parse(pretty(tree, width)) for tree in trees] == trees


@settings(max_examples=300, deadline=None)
@given(expressions())
def test_a_built_tree_gets_the_parentheses_that_it_needs(tree: Expr) -> None:
    assert without_parentheses(parse(print_expr(tree))) == without_parentheses(tree)


@settings(max_examples=100, deadline=None)
@given(expressions(wanted=ValueType.SCALAR))
def test_scalars_too(tree: Expr) -> None:
    assert without_parentheses(parse(print_expr(tree))) == without_parentheses(tree)


@settings(max_examples=150, deadline=None)
@given(expressions(), st.integers(1, 120))
def test_lines_of_any_width_read_back_as_the_tree_of_the_single_line(tree: Expr, width: int) -> None:
    assert parse(pretty(tree, width)) == parse(print_expr(tree))


@settings(max_examples=150, deadline=None)
@given(expressions())
def test_printing_what_was_parsed_changes_nothing(tree: Expr) -> None:
    text = print_expr(tree)
    assert print_expr(parse(text)) == text


@settings(max_examples=100, deadline=None)
@given(expressions())
def test_equal_trees_hash_alike(tree: Expr) -> None:
    text = print_expr(tree)
    assert hash(parse(text)) == hash(parse(f"  {text} # again"))
