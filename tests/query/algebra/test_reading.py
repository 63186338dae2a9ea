"""What PromQL says in the algebra, construct by construct."""

from __future__ import annotations

from decimal import Decimal

import pytest

from skillforge_mon.query.algebra import (
    Absent,
    Aggregated,
    Anomaly,
    Applied,
    Arithmetic,
    Constant,
    Filled,
    Forecast,
    Join,
    Node,
    Quantile,
    Reason,
    Recorded,
    Selection,
    Shift,
    Single,
    Unsaid,
    Window,
    degree,
    is_linear,
    keeps_limits,
    leaves,
    parts,
    read,
    rises,
    walk,
)
from skillforge_mon.query.promql import Call, Expr, Matcher, VectorSelector, parse

ANY = parse("x")
"""What a node was read from is not compared."""
CALL = Call("time", ())
X = Selection("x", (), VectorSelector("x"))
Y = Selection("y", (), VectorSelector("y"))


def number(text: str) -> Constant:
    return Constant(Decimal(text))


def window(function: str, minutes: int, of: Selection = X) -> Window:
    return Window(function, of, minutes * 60_000, CALL)  # type: ignore[arg-type]


def calculated(op: str, left: Node, right: Node) -> Node:
    return Arithmetic(op, left, right, ANY)  # type: ignore[arg-type]


def summed(argument: Node, *labels: str, function: str = "sum", without: bool = False) -> Aggregated:
    return Aggregated(function, argument, labels, without, ANY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("promql", "node"),
    [
        ("5", number("5.0")),
        ("2 ^ 3 * -1", number("-8.0")),
        ("((x))", X),
        (
            'x{a="b", c!~"d.*"}',
            Selection("x", (Matcher("a", "=", "b"), Matcher("c", "!~", "d.*")), VectorSelector("x")),
        ),
        ("x offset 1h", Shift(X, 3_600_000, VectorSelector("x"))),
        ("x offset 0s", X),
        ("x offset -5m", Shift(X, -300_000, VectorSelector("x"))),
        ("-x", Arithmetic("*", number("-1"), X, ANY)),
        ("+x", X),
        ("sort_desc(x)", X),
        ("vector(5)", Single(Decimal("5.0"), CALL)),
        ("rate(x[5m])", window("rate", 5)),
        ("rate((x[5m]))", window("rate", 5)),
        ("irate(x[5m] offset 1m)", Shift(window("latest_rate", 5), 60_000, VectorSelector("x"))),
        ("last_over_time(x[5m])", window("last", 5)),
        ("deriv(x[5m])", window("slope", 5)),
        ("sum(x)", summed(X)),
        ("sum by (b, a) (x)", summed(X, "b", "a")),
        ("stddev without (a) (rate(x[1m]))", summed(window("rate", 1), "a", function="stddev", without=True)),
        ("x / y", Arithmetic("/", X, Y, ANY)),
        ("x / on (a) y", Arithmetic("/", X, Y, ANY, Join(on=True, labels=("a",)))),
        (
            "x * ignoring (a) group_left (b) y",
            Arithmetic("*", X, Y, ANY, Join(on=False, labels=("a",), many="left", include=("b",))),
        ),
        ("y * on (a) group_right () x", Arithmetic("*", Y, X, ANY, Join(on=True, labels=("a",), many="right"))),
        ("abs(x)", Applied("abs", X, ANY)),
        ("clamp(x, 1, 1 + 1)", Applied("clamp", X, ANY, (Decimal("1.0"), Decimal("2.0")))),
        ("x or vector(0)", Filled(X, Decimal("0.0"), ANY)),
        ("x or on () (vector(1))", Filled(X, Decimal("1.0"), ANY, alone=True)),
        (
            "histogram_quantile(0.9, sum by (le) (rate(x[5m])))",
            Quantile(0.9, summed(window("rate", 5), "le"), CALL),
        ),
        ("absent(x)", Absent(X, CALL)),
        ("absent_over_time(x[5m])", Absent(window("present", 5), CALL)),
        ("predict_linear(x[1h], 60)", Forecast(X, 3_600_000, Decimal("60.0"), CALL)),
        (
            "predict_linear(x[1h] offset 1m, 60)",
            Shift(Forecast(X, 3_600_000, Decimal("120.0"), CALL), 60_000, VectorSelector("x")),
        ),
        ("(x - avg_over_time(x[1h])) / stddev_over_time(x[1h])", Anomaly(X, 3_600_000, parse("x + x"))),  # type: ignore[arg-type]
        (
            "(x - avg_over_time(x[1h])) / stddev_over_time(x[2h])",
            calculated("/", calculated("-", X, window("avg", 60)), window("stddev", 120)),
        ),
    ],
)
def test_what_the_algebra_says(promql: str, node: Node) -> None:
    assert read(parse(promql)) == node


@pytest.mark.parametrize(
    ("promql", "reason", "written"),
    [
        ("topk(5, x)", Reason.AGGREGATION, "topk(5, x)"),
        ("quantile(0.9, x)", Reason.AGGREGATION, "quantile(0.9, x)"),
        ("count_values('v', x)", Reason.AGGREGATION, "count_values('v', x)"),
        ("x and y", Reason.SET_OPERATOR, "x and y"),
        ("x or y", Reason.SET_OPERATOR, "x or y"),
        ("x or ignoring (a) vector(0)", Reason.SET_OPERATOR, "x or ignoring (a) vector(0)"),
        ("x > 5", Reason.COMPARISON, "x > 5"),
        ("x == bool 5", Reason.COMPARISON, "x == bool 5"),
        ("x % 5", Reason.OPERATOR, "x % 5"),
        ("time()", Reason.FUNCTION, "time()"),
        ("vector(time())", Reason.FUNCTION, "time()"),
        ("label_replace(x, 'a', 'b', 'c', 'd')", Reason.FUNCTION, "label_replace(x, 'a', 'b', 'c', 'd')"),
        ("quantile_over_time(0.9, x[5m])", Reason.FUNCTION, "quantile_over_time(0.9, x[5m])"),
        ("rate(x[5m:])", Reason.SUBQUERY, "rate(x[5m:])"),
        ("quantile_over_time(0.9, x[5m:])", Reason.SUBQUERY, "quantile_over_time(0.9, x[5m:])"),
        ("predict_linear(x[5m:], 1)", Reason.SUBQUERY, "predict_linear(x[5m:], 1)"),
        ("x @ 5", Reason.FIXED_TIME, "x @ 5"),
        ("rate(x[5m] @ end())", Reason.FIXED_TIME, "x @ end()"),
        ("clamp_min(x, scalar(y))", Reason.LIMIT, "clamp_min(x, scalar(y))"),
        ("predict_linear(x[5m], scalar(y))", Reason.LIMIT, "predict_linear(x[5m], scalar(y))"),
        ("histogram_quantile(scalar(y), x)", Reason.LEVEL, "histogram_quantile(scalar(y), x)"),
        ("'text'", Reason.NO_VALUE, "'text'"),
        ("x[5m]", Reason.NO_VALUE, "x[5m]"),
    ],
)
def test_what_it_cannot_say_is_kept_with_its_reason(promql: str, reason: Reason, written: str) -> None:
    node = read(parse(promql))
    assert isinstance(node, Unsaid)
    assert (node.reason, node.source) == (reason, parse(written))


RECORDED = {
    "job:x:rate": Recorded(parse("sum by (job) (rate(x[5m]))"), sets_labels=False),
    "twice": Recorded(parse("2 * job:x:rate"), sets_labels=False),
    "labelled": Recorded(ANY, sets_labels=True),
    "circle": Recorded(parse("circle + 1"), sets_labels=False),
}


def test_a_recording_is_its_query() -> None:
    assert read(parse("twice"), RECORDED.get) == Arithmetic("*", number("2.0"), summed(window("rate", 5), "job"), ANY)


@pytest.mark.parametrize("promql", ['twice{job="a"}', "twice offset 5m", "twice @ 5", "labelled"])
def test_a_part_of_a_recording_is_not_read(promql: str) -> None:
    assert read(parse(promql), RECORDED.get) == Unsaid(Reason.PART_OF_RECORDING, ANY)


def test_a_recording_that_reads_itself_is_found() -> None:
    assert read(parse("circle"), RECORDED.get) == Arithmetic(
        "+", Unsaid(Reason.RECORDS_ITSELF, ANY), number("1.0"), ANY
    )


def test_everything_below_is_walked_in_the_order_of_the_query() -> None:
    node = read(parse("sum(rate(x[5m] offset 1m)) + absent(y)"))
    assert list(walk(node)) == [
        node,
        summed(Shift(window("rate", 5), 60_000, VectorSelector("x"))),
        Shift(window("rate", 5), 60_000, VectorSelector("x")),
        window("rate", 5),
        X,
        Absent(Y, CALL),
        Y,
    ]


def test_calculations_end_at_series() -> None:
    node = read(parse("2 * sum(x + y) + x"))
    assert [type(part).__name__ for part in parts(node)] == [
        "Arithmetic", "Arithmetic", "Constant", "Aggregated", "Selection",
    ]  # fmt: skip
    assert list(leaves(node)) == [summed(Arithmetic("+", X, Y, ANY)), X]


@pytest.mark.parametrize(
    ("promql", "linear", "grows_by", "rising"),
    [
        ("x", True, 1, True),
        ("5", True, 0, None),
        ("x + y", True, 1, None),
        ("x + 5", True, None, True),
        ("5 - x", True, None, False),
        ("x * -2", True, 1, False),
        ("x / 2", True, 1, True),
        ("2 / x", False, -1, None),
        ("x * y", False, 2, None),
        ("x / y", False, 0, None),
        ("x / y * 100", False, 0, None),
        ("1 - x / y", False, 0, None),
        ("x / (y + 1)", False, None, None),
        ("abs(x)", False, None, None),
        ("x or vector(0)", True, 1, None),
    ],
)
def test_what_the_shape_of_a_calculation_says(
    promql: str, linear: bool, grows_by: int | None, rising: bool | None
) -> None:
    node: Expr = parse(promql)
    read_node = read(node)
    assert (is_linear(read_node), degree(read_node), rises(read_node)) == (linear, grows_by, rising)


@pytest.mark.parametrize(
    ("promql", "keeps"),
    [
        ("x", True),
        ("x + 2 * y", True),
        ("x / y", True),
        ("1 - (x + 1) / (y + 1) * 100", True),
        ("2 / x", True),
        ("x * y", False),
        ("x / y + x", False),
        ("(x / y) / y", False),
        ("abs(x)", False),
    ],
)
def test_whether_ranges_over_a_limit_are_so_together(promql: str, keeps: bool) -> None:
    assert keeps_limits(read(parse(promql))) is keeps
