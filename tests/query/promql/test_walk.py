"""Going through trees and rebuilding them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skillforge_mon.query.promql import (
    Expr,
    Matcher,
    NumberLiteral,
    VectorSelector,
    metric_name,
    parse,
    print_expr,
    selectors,
    transform,
    walk,
    walk_with_parents,
)
from tests.query.promql.corpus import GOOD

TEXT = "topk(5, sum by (job) (rate(a[5m]))) / (-b) > bool max_over_time(c[1h:]) + vector(1)"


def test_walking_goes_through_the_text_from_left_to_right_parents_first() -> None:
    assert [print_expr(node) for node in walk(parse(TEXT))] == [
        TEXT,
        "topk(5, sum by (job) (rate(a[5m]))) / (-b)",
        "topk(5, sum by (job) (rate(a[5m])))",
        "5",
        "sum by (job) (rate(a[5m]))",
        "rate(a[5m])",
        "a[5m]",
        "a",
        "(-b)",
        "-b",
        "b",
        "max_over_time(c[1h:]) + vector(1)",
        "max_over_time(c[1h:])",
        "c[1h:]",
        "c",
        "vector(1)",
        "1",
    ]


def test_walking_can_show_the_ancestors() -> None:
    found = {print_expr(node): [type(parent).__name__ for parent in parents]
             for node, parents in walk_with_parents(parse(TEXT)) if isinstance(node, VectorSelector)}  # fmt: skip
    assert found == {
        "a": ["Binary", "Binary", "Aggregate", "Aggregate", "Call", "MatrixSelector"],
        "b": ["Binary", "Binary", "Paren", "Unary"],
        "c": ["Binary", "Binary", "Call", "Subquery"],
    }


def test_selectors_are_found_and_named() -> None:
    tree = parse('a + rate({__name__="b"}[5m]) + {"c.d"} + {__name__=~"e.*"} + {job="f"}')
    assert [metric_name(selector) for selector in selectors(tree)] == ["a", "b", "c.d", None, None]


def test_a_label_can_be_added_everywhere() -> None:
    def with_environment(node: Expr) -> Expr:
        if isinstance(node, VectorSelector):
            return replace(node, matchers=(*node.matchers, Matcher("env", "=", "prod")))
        return node

    assert print_expr(transform(parse(TEXT), with_environment)) == (
        'topk(5, sum by (job) (rate(a{env="prod"}[5m]))) / (-b{env="prod"})'
        ' > bool max_over_time(c{env="prod"}[1h:]) + vector(1)'
    )


def test_children_are_transformed_before_their_parents() -> None:
    seen: list[str] = []

    def note(node: Expr) -> Expr:
        seen.append(print_expr(node))
        return NumberLiteral(2) if node == NumberLiteral(1) else node

    assert print_expr(transform(parse("-(1 + a)"), note)) == "-(2 + a)"
    assert seen == ["1", "a", "2 + a", "(2 + a)", "-(2 + a)"]


@pytest.mark.parametrize("text", [case.text for case in GOOD])
def test_a_transformation_that_changes_nothing_returns_the_same_tree(text: str) -> None:
    tree = parse(text)
    assert transform(tree, lambda node: node) is tree


def test_a_range_keeps_a_selector() -> None:
    with pytest.raises(TypeError, match="a range can only have a selector, not NumberLiteral"):
        transform(parse("rate(a[5m])"), lambda node: NumberLiteral(1) if isinstance(node, VectorSelector) else node)
