"""Whatever the text: a tree or a PromQLSyntaxError whose span lies inside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.query.promql import PromQLSyntaxError, parse, pretty, print_expr, requirements
from tests.query.promql.corpus import BAD, GOOD

TEXTS = [case.text for case in GOOD] + BAD
PIECES = st.sampled_from(
    [*'(){}[],=!~<>+-*/%^@#"`:.0\\', "'", " ", "\n", "5m", "1e", "0x", "offset", "on", "by", "bool", "group_left",
     "sum", "rate", "info(", "{a=~", "start()", "inf", "\ufffd", "\ud800", "é", "\x00", "[5m]", "[1h:", "and"]
)  # fmt: skip


def outcome(text: str) -> None:
    try:
        tree = parse(text)
    except PromQLSyntaxError as error:
        refused = error
    else:
        assert parse(print_expr(tree)) == tree
        assert parse(pretty(tree, 30)) == tree
        assert all(need.span[1] <= len(text) for need in requirements(tree))
        return
    assert 0 <= refused.start <= refused.end <= len(text), (text, refused.start, refused.end)
    assert refused.message
    assert not refused.message.endswith(".")


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_random_text(text: str) -> None:
    outcome(text)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_random_pieces_of_the_language(text: str) -> None:
    outcome(text)


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(TEXTS), st.integers(0, 300), st.integers(0, 6), st.lists(PIECES, max_size=2).map("".join))
def test_damaged_expressions(text: str, start: int, length: int, insertion: str) -> None:
    start = min(start, len(text))
    outcome(text[:start] + insertion + text[start + length :])


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "up" + ")" * 10_000,
        "(" * 10_000,
        "-" * 10_000 + "up",
        "abs(" * 10_000 + "up" + ")" * 10_000,
        "up ^ " * 10_000 + "up",
        "up + " * 10_000 + "up",
        "1 + " * 10_000 + "1",
        "sum(" * 150 + " + ".join(["up"] * 150) + ")" * 150,
        "up" + "[5m:]" * 10_000,
        "max_over_time(" * 500 + "up" + "[5m:])" * 500,
    ],
    ids=["closed", "open", "signs", "calls", "powers", "sums", "numbers", "both", "subqueries", "nested subqueries"],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(PromQLSyntaxError):
        parse(text)


def test_the_deepest_tree_that_is_read_can_be_printed_compared_and_hashed() -> None:
    text = "(" * 99 + " + ".join(["up"] * 99) + ")" * 99
    tree = parse(text)
    assert print_expr(tree) == text
    assert parse(pretty(tree, 10)) == tree
    assert hash(parse(text)) == hash(tree)


def test_a_pattern_nested_deeply_is_refused() -> None:
    with pytest.raises(PromQLSyntaxError) as caught:
        parse(f'up{{a=~"{"(" * 5000}{")" * 5000}"}}')
    assert caught.value.message == "the regular expression is not valid: the groups are nested too deeply"
