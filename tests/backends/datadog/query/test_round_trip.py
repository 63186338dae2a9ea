"""What is printed is read back as the same tree, and what was read and printed stays as it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.query.parser import (
    normal_expression,
    normal_query,
    parse_expression,
    parse_monitor,
)
from skillforge_mon.backends.datadog.query.printer import print_node, print_query
from skillforge_mon.backends.datadog.query.tree import AnyQuery, Node
from tests.backends.datadog.query.strategies import expressions, queries
from tests.backends.datadog.test_any_expression import conditions, values
from tests.backends.datadog.translating import translated_or_none


@settings(max_examples=600, deadline=None)
@given(queries)
def test_a_tree_is_read_back_from_its_text(found: tuple[str, AnyQuery]) -> None:
    type_, query = found
    assert parse_monitor(type_, print_query(query)) == query


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_an_expression_is_read_back_from_its_text(node: Node) -> None:
    assert parse_expression(print_node(node)) == node


@settings(max_examples=300, deadline=None)
@given(queries, st.sampled_from((" ", "\n  ")))
def test_white_space_means_nothing(found: tuple[str, AnyQuery], space: str) -> None:
    type_, query = found
    text = print_query(query)
    spaced = f"{space}{text}{space}"
    assert parse_monitor(type_, spaced) == query
    assert normal_query(type_, spaced) == normal_query(type_, text) == text


@settings(max_examples=400, deadline=None)
@given(st.one_of(values, conditions), st.sampled_from(("0s", "90s", "10m", "6d")))
def test_every_translation_is_read_back_as_the_same_tree(promql: str, hold: str) -> None:
    query = translated_or_none(promql, hold)
    if query is not None:
        assert parse_monitor("query alert", print_query(query)) == query


def test_what_cannot_be_read_is_normal_as_it_is() -> None:
    assert normal_query("query alert", " not a query ") == "not a query"
    assert normal_query("synthetics alert", "no_query") == "no_query"
    assert normal_expression(" sum:a ") == "sum:a"
