"""The canonical text, and the text over several lines."""

from __future__ import annotations

import math

import pytest

from skillforge_mon.query.promql import (
    Binary,
    Call,
    Duration,
    Expr,
    Matcher,
    NumberLiteral,
    StringLiteral,
    Subquery,
    Unary,
    VectorSelector,
    parse,
    pretty,
    print_expr,
)
from skillforge_mon.query.promql.printer import number_text

UP = VectorSelector("up")
ONE, TWO = NumberLiteral(1), NumberLiteral(2)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("up { a = \"b\" , c=~'d' , }", 'up{a="b", c=~"d"}'),
        ("{  __name__='x' }", '{__name__="x"}'),
        ('{"x"}', "x"),
        ('{"on"}', '{"on"}'),
        ('{"a.b",c="d"}', '{"a.b", c="d"}'),
        ('{"x",__name__=~"y"}', '{"x", __name__=~"y"}'),
        ("up{}", "up"),
        ("SUM(up)BY(job)", "sum by (job) (up)"),
        ("sum without()(up)", "sum without () (up)"),
        ('sum by ("job","a.b","without")(up)', 'sum by (job, "a.b", "without") (up)'),
        ("TOPK(5,up)", "topk(5, up)"),
        ("a AND on(x)b", "a and on (x) b"),
        ("a*ignoring(x)group_left b", "a * ignoring (x) group_left () b"),
        ("a>BOOL b", "a > bool b"),
        ("rate( x [ 300 ]offset-60 )", "rate(x[5m] offset -1m)"),
        ("x offset 5m @ 1.5", "x @ 1.5 offset 5m"),
        ("x[90m:60]@end()", "x[1h30m:1m] @ end()"),
        ("x[1d12h]", "x[1d12h]"),
        ("x[14d]", "x[2w]"),
        ("x[90d]", "x[90d]"),
        ("x[1500ms]", "x[1s500ms]"),
        ("x > 1d", "x > 86400"),
        ("-  x", "-x"),
        ('info(x,{"y"})', 'info(x, {"y"})'),
        ("label_replace(x,'a','$1','b',`\\d\"`)", r'label_replace(x, "a", "$1", "b", "\\d\"")'),
        ('x{a="\\u00e9\\t\\x00\\ufffd\\xff"}', r'x{a="é\t\u0000\ufffd\xff"}'),
        ("x # comment", "x"),
    ],
)
def test_the_canonical_text(text: str, canonical: str) -> None:
    assert print_expr(parse(text)) == canonical


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.999, "0.999"),
        (300.0, "300"),
        (-1.5, "-1.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (1e22, "1e+22"),
        (5e-324, "5e-324"),
        (-0.0, "-0"),
        (math.inf, "Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
        (86_400, "86400"),
    ],
)
def test_numbers_are_printed_with_as_few_digits_as_tell_them_apart(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Binary("*", Binary("+", ONE, UP), TWO), "(1 + up) * 2"),
        (Binary("+", ONE, Binary("*", UP, TWO)), "1 + up * 2"),
        (Binary("-", UP, Binary("-", UP, TWO)), "up - (up - 2)"),
        (Binary("^", Binary("^", UP, UP), TWO), "(up ^ up) ^ 2"),
        (Binary("^", UP, Binary("^", UP, TWO)), "up ^ up ^ 2"),
        (Binary("^", NumberLiteral(-1), UP), "(-1) ^ up"),
        (Binary("^", UP, NumberLiteral(-1)), "up ^ -1"),
        (Binary("^", Unary("-", UP), TWO), "(-up) ^ 2"),
        (Unary("-", Binary("^", UP, TWO)), "-up ^ 2"),
        (Unary("-", Binary("*", UP, TWO)), "-(up * 2)"),
        (Unary("-", ONE), "-(1)"),
        (Unary("-", Unary("-", UP)), "--up"),
        (Subquery(Binary("+", UP, ONE), Duration(60_000)), "(up + 1)[1m:]"),
        (Subquery(Unary("-", UP), Duration(60_000)), "(-up)[1m:]"),
        (Call("info", (UP, VectorSelector("target_info"))), 'info(up, {"target_info"})'),
        (VectorSelector(None, (Matcher("größe", "=", '"\n'),)), r'{"größe"="\"\n"}'),
        (StringLiteral("\U0001f600\u200b"), r'"😀\u200b"'),
    ],
)
def test_a_built_tree_gets_the_parentheses_and_quotes_that_it_needs(tree: Expr, text: str) -> None:
    assert print_expr(tree) == text


def test_what_fits_stays_on_one_line() -> None:
    assert pretty(parse("sum by (job) (rate(x[5m])) > 1")) == "sum by (job) (rate(x[5m])) > 1"


def test_a_long_expression_is_broken_at_operators_and_brackets() -> None:
    tree = parse(
        'sum by (service) (rate(http_requests_total{status=~"5..",service="backend"}[5m])) / on (service) group_left '
        "sum by (service) (rate(http_requests_total[5m])) > 0.05 and -(a_long_name_of_a_metric + another_long_name) > 0"
    )
    assert pretty(tree, 68) == (
        "sum by (service) (\n"
        '  rate(http_requests_total{status=~"5..", service="backend"}[5m])\n'
        ")\n"
        "/ on (service) group_left () sum by (service) (\n"
        "  rate(http_requests_total[5m])\n"
        ")\n"
        "> 0.05\n"
        "and -(a_long_name_of_a_metric + another_long_name) > 0"
    )


def test_a_long_selector_is_broken_between_its_matchers() -> None:
    tree = parse('topk(5, max_over_time(a_metric{first="one",second="two",third="three"}[1h] offset 1d))')
    assert pretty(tree, 40) == (
        "topk(\n"
        "  5,\n"
        "  max_over_time(\n"
        "    a_metric{\n"
        '      first="one",\n'
        '      second="two",\n'
        '      third="three"\n'
        "    }[1h] offset 1d\n"
        "  )\n"
        ")"
    )
