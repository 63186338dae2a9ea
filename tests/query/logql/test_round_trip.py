"""Trees print to texts that are the same trees; whatever the text, there is a tree or an error with a place in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.query.logql import LogQLSyntaxError, parse_logql, print_logql
from skillforge_mon.query.logql.tree import LogQL
from tests.query.logql.test_against_loki import CASES
from tests.query.logql.trees import QUERIES

PIECES = st.sampled_from(
    [*"(){}[],=!~<>+-*/%^|#\"`.0\\'", " ", "\n", "5m", "20KB", "by", "json", "logfmt", "unwrap", "rate", "sum", "ip(",
     "{a=~", "|=", "$x", "${y}", "--strict", "offset", "é", "\x00", "[5m]", "or", "and"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(QUERIES)
def test_every_tree_prints_to_a_text_that_is_that_tree(tree: LogQL) -> None:
    assert parse_logql(print_logql(tree)) == tree


def outcome(text: str) -> None:
    try:
        tree = parse_logql(text, variables=True)
    except LogQLSyntaxError as error:
        refused = error
    else:
        assert parse_logql(print_logql(tree), variables=True) == tree
        return
    assert 0 <= refused.start <= refused.end <= len(text), (text, refused.start, refused.end)
    assert refused.message
    assert not refused.message.endswith(".")


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_random_text(text: str) -> None:
    outcome(text)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_random_pieces(text: str) -> None:
    outcome(text)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([text for _, text in CASES]), st.integers(0, 200), st.integers(0, 4), PIECES)
def test_spoilt_queries(text: str, at: int, length: int, piece: str) -> None:
    at = min(at, len(text))
    outcome(text[:at] + piece + text[at + length :])
