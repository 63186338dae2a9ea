"""What each construct of the language becomes, places included."""

from __future__ import annotations

import dataclasses
import math

import pytest

from skillforge_mon.query.promql import (
    Aggregate,
    At,
    Binary,
    Call,
    Card,
    Duration,
    Expr,
    Grouping,
    LabelName,
    Matcher,
    MatrixSelector,
    NumberLiteral,
    Paren,
    StringLiteral,
    Subquery,
    Unary,
    VectorMatching,
    VectorSelector,
    parse,
)
from skillforge_mon.query.promql.tree import MAX_DEPTH

UP = VectorSelector("up")
A, B, C = VectorSelector("a"), VectorSelector("b"), VectorSelector("c")
M5 = Duration(300_000)

TREES: list[tuple[str, Expr]] = [
    ("up", UP),
    ('up{a="b",c!~"d.*"}', VectorSelector("up", (Matcher("a", "=", "b"), Matcher("c", "!~", "d.*")))),
    ('{__name__="up"}', VectorSelector(None, (Matcher("__name__", "=", "up"),))),
    ('{"http.requests", "k8s.ns"="x"}', VectorSelector("http.requests", (Matcher("k8s.ns", "=", "x"),))),
    ('{"a", "b"}', VectorSelector("a", (Matcher("__name__", "=", "b"),))),
    ("SUM", VectorSelector("SUM")),
    ("offset offset 5m", VectorSelector("offset", offset=M5)),
    ("up offset -1h30m", VectorSelector("up", offset=Duration(-5_400_000))),
    ("up offset 0s", UP),
    ("up @ 1609746000.5 offset 5m", VectorSelector("up", (), M5, At(1_609_746_000_500))),
    ("up offset 5m @ end()", VectorSelector("up", (), M5, At("end"))),
    ("up[5m] offset 1d", MatrixSelector(VectorSelector("up", (), Duration(86_400_000)), M5)),
    ("up[300] @ start()", MatrixSelector(VectorSelector("up", (), None, At("start")), M5)),
    ("up @ start() [5m]", MatrixSelector(VectorSelector("up", (), None, At("start")), M5)),
    ("up[1h:]", Subquery(UP, Duration(3_600_000))),
    ("up[1h:5m] offset 5m @ 0", Subquery(UP, Duration(3_600_000), M5, M5, At(0))),
    ("up offset 5m [1h:]", Subquery(VectorSelector("up", offset=M5), Duration(3_600_000))),
    ("0x1F", NumberLiteral(31)),
    ("017", NumberLiteral(15)),
    ("08", NumberLiteral(8)),
    ("1_000.5", NumberLiteral(1000.5)),
    ("-1e3", NumberLiteral(-1000)),
    ("- -2", NumberLiteral(2)),
    ("-0", NumberLiteral(-0.0)),
    ("-Inf", NumberLiteral(-math.inf)),
    ("nAn", NumberLiteral(math.nan)),
    ("1h30m", NumberLiteral(5400)),
    (r'"a\n\x41\101\u00e9\U0001F600\""', StringLiteral('a\nAAé😀"')),
    (r"'it\'s'", StringLiteral("it's")),
    (r"`\d`", StringLiteral(r"\d")),
    (r'"\xc3\xa9\xff"', StringLiteral("é\udcff")),
    ("(a)", Paren(A)),
    ("-a", Unary("-", A)),
    ("-a ^ b", Unary("-", Binary("^", A, B))),
    ("-a * b", Binary("*", Unary("-", A), B)),
    ("a ^ b ^ c", Binary("^", A, Binary("^", B, C))),
    ("a - b - c", Binary("-", Binary("-", A, B), C)),
    ("2 ^ -1 * a", Binary("*", Binary("^", NumberLiteral(2), NumberLiteral(-1)), A)),
    ("a or b and c", Binary("or", A, Binary("and", B, C))),
    ("a + b > c % a", Binary(">", Binary("+", A, B), Binary("%", C, A))),
    ("a atan2 b * c", Binary("*", Binary("atan2", A, B), C)),
    ("a > bool b", Binary(">", A, B, None, True)),
    ("a == on () b", Binary("==", A, B, VectorMatching(Card.ONE_TO_ONE, True))),
    ("a / ignoring (x) b", Binary("/", A, B, VectorMatching(Card.ONE_TO_ONE, False, (LabelName("x"),)))),
    (
        "a >= bool on (x, y) group_left (z) b",
        Binary(
            ">=",
            A,
            B,
            VectorMatching(Card.MANY_TO_ONE, True, (LabelName("x"), LabelName("y")), (LabelName("z"),)),
            True,
        ),
    ),
    ("a + on (x) group_right b", Binary("+", A, B, VectorMatching(Card.ONE_TO_MANY, True, (LabelName("x"),)))),
    ("a UNLESS ON (x) b", Binary("unless", A, B, VectorMatching(Card.MANY_TO_MANY, True, (LabelName("x"),)))),
    ("1 + on () a", Binary("+", NumberLiteral(1), A)),
    ("sum(a)", Aggregate("sum", A)),
    ("sum by (x) (a)", Aggregate("sum", A, None, Grouping(False, (LabelName("x"),)))),
    ("sum(a) WITHOUT (x,)", Aggregate("sum", A, None, Grouping(True, (LabelName("x"),)))),
    ("sum by () (a)", Aggregate("sum", A, None, Grouping(False, ()))),
    ('sum by ("k8s.ns") (a)', Aggregate("sum", A, None, Grouping(False, (LabelName("k8s.ns"),)))),
    ("TopK(5, a)", Aggregate("topk", A, NumberLiteral(5))),
    ('count_values("v", a)', Aggregate("count_values", A, StringLiteral("v"))),
    ("time()", Call("time", ())),
    ("rate(up[5m])", Call("rate", (MatrixSelector(UP, M5),))),
    ("info(a, {})", Call("info", (A, VectorSelector(None)))),
    ("a # + b\n+ c", Binary("+", A, C)),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[text for text, _ in TREES])
def test_a_text_becomes_its_tree(text: str, tree: Expr) -> None:
    assert parse(text) == tree


def places(text: str, node: object, name: str = "") -> dict[str, str]:
    """The stretches of ``text`` that the spans of a tree cover, by the field's path."""
    found = {}
    assert dataclasses.is_dataclass(node)
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        path = f"{name}.{field.name}".lstrip(".")
        if field.name.endswith("span"):
            found[path] = text[value[0] : value[1]]
        elif dataclasses.is_dataclass(value):
            found.update(places(text, value, path))
        elif isinstance(value, tuple):
            for position, item in enumerate(value):
                found.update(places(text, item, f"{path}.{position}"))
    return found


def test_every_part_of_a_selector_has_its_place() -> None:
    text = ' up{a="ü", "b.c"=~`x` }  @ 5  offset  -5m '
    assert places(text, parse(text)) == {
        "matchers.0.label_span": "a",
        "matchers.0.span": 'a="ü"',
        "matchers.0.value_span": '"ü"',
        "matchers.1.label_span": '"b.c"',
        "matchers.1.span": '"b.c"=~`x`',
        "matchers.1.value_span": "`x`",
        "at.span": "@ 5",
        "offset.span": "-5m",
        "name_span": "up",
        "span": 'up{a="ü", "b.c"=~`x` }  @ 5  offset  -5m',
    }


def test_every_part_of_a_rule_has_its_place() -> None:
    text = (
        "# why\nsum by (job)\n  (rate(x_total[5m] offset 1h))\n"
        ">= bool on (job) group_left (team) topk(5, max_over_time((-limits)[1h:1m]))"
    )
    assert places(text, parse(text)) == {
        "lhs.expr.args.0.range.span": "5m",
        "lhs.expr.args.0.span": "x_total[5m] offset 1h",
        "lhs.expr.args.0.vector.name_span": "x_total",
        "lhs.expr.args.0.vector.offset.span": "1h",
        "lhs.expr.args.0.vector.span": "x_total",
        "lhs.expr.name_span": "rate",
        "lhs.expr.span": "rate(x_total[5m] offset 1h)",
        "lhs.grouping.labels.0.span": "job",
        "lhs.grouping.span": "by (job)",
        "lhs.op_span": "sum",
        "lhs.span": "sum by (job)\n  (rate(x_total[5m] offset 1h))",
        "matching.include.0.span": "team",
        "matching.labels.0.span": "job",
        "matching.span": "on (job) group_left (team)",
        "op_span": ">=",
        "rhs.expr.args.0.expr.expr.expr.name_span": "limits",
        "rhs.expr.args.0.expr.expr.expr.span": "limits",
        "rhs.expr.args.0.expr.expr.span": "-limits",
        "rhs.expr.args.0.expr.span": "(-limits)",
        "rhs.expr.args.0.range.span": "1h",
        "rhs.expr.args.0.span": "(-limits)[1h:1m]",
        "rhs.expr.args.0.step.span": "1m",
        "rhs.expr.name_span": "max_over_time",
        "rhs.expr.span": "max_over_time((-limits)[1h:1m])",
        "rhs.op_span": "topk",
        "rhs.param.span": "5",
        "rhs.span": "topk(5, max_over_time((-limits)[1h:1m]))",
        "span": text.removeprefix("# why\n"),
    }


def test_trees_compare_by_meaning_not_by_place_or_spelling() -> None:
    assert parse("sum  by(job)(rate(x[300]))>5m") == parse("SUM by (job,) (rate(x[5m])) > 300")
    assert parse("up") != parse("{__name__='up'}")
    assert parse("-0") != parse("0")
    assert parse("NaN") == parse("nan")


def test_trees_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        parse("up").span = (0, 0)  # type: ignore[misc]


def test_the_type_of_an_expression() -> None:
    types = {text: str(parse(text).type) for text in ("1", "'x'", "up", "up[5m]", "up[5m:]", "-(1 + 2)", "1 + up",
             "(up)", "time()", "pi() * scalar(up)", "vector(1)", "sum(up)")}  # fmt: skip
    assert types == {
        "1": "scalar",
        "'x'": "string",
        "up": "instant vector",
        "up[5m]": "range vector",
        "up[5m:]": "range vector",
        "-(1 + 2)": "scalar",
        "1 + up": "instant vector",
        "(up)": "instant vector",
        "time()": "scalar",
        "pi() * scalar(up)": "scalar",
        "vector(1)": "instant vector",
        "sum(up)": "instant vector",
    }


def test_a_tree_may_be_as_deep_as_the_limit_and_no_deeper() -> None:
    parse("-" * (MAX_DEPTH - 1) + "up")
    parse(" + ".join(["up"] * MAX_DEPTH))
    with pytest.raises(Exception, match=f"nested more than {MAX_DEPTH} levels deep"):
        parse(" + ".join(["up"] * (MAX_DEPTH + 1)))
