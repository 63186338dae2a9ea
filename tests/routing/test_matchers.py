"""Matchers and regular expressions are read as Alertmanager reads them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.routing.go_regex import whole_pattern
from skillforge_mon.routing.matchers import Matcher, MatcherError, matcher, parse_matchers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a="b"', (("a", "=", "b"),)),
        ("a=b", (("a", "=", "b"),)),
        ("a=", (("a", "=", ""),)),
        ('{a="b", c!~"d|e"}', (("a", "=", "b"), ("c", "!~", "d|e"))),
        (r'a=~"x\\.y"', (("a", "=~", r"x\.y"),)),
        (r'a="x\y"', (("a", "=", r"x\y"),)),
        ('a="x,y",', (("a", "=", "x,y"),)),
        ('"k8s.ns"="b"', (("k8s.ns", "=", "b"),)),
        (r'"é"="\u00e9"', (("é", "=", "é"),)),
        # The classic parser takes the brace at the end for its own, as Alertmanager does.
        ("a=~[0-9]{3}", (("a", "=~", "[0-9]{3"),)),
    ],
)
def test_texts_are_read_by_the_parser_that_alertmanager_would_take(
    text: str, expected: tuple[tuple[str, str, str], ...]
) -> None:
    assert parse_matchers(text) == tuple(Matcher(*parts) for parts in expected)


@pytest.mark.parametrize("text", ["a", 'a="b', 'a="b"c"', "=b", 'a=~"("', '{"a b"="c"', '"a" "b"', r'"a b"="\q"'])
def test_what_alertmanager_refuses_is_refused(text: str) -> None:
    with pytest.raises(MatcherError):
        parse_matchers(text)


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        ("a|b", ["a", "b"], ["ab", "", "xa"]),
        ("a$", ["a"], ["a\n"]),
        (r"\d+", ["12"], ["١", "a"]),
        (r"\w", ["a", "_"], ["é", ""]),
        (r"[\s]", [" ", "\t"], ["\v"]),
        (r"[^\D5]", ["4"], ["5", "x"]),
        ("a(?i)b|c", ["ab", "aB", "C"], ["Ab", "aC"]),
        ("(?i:a)b", ["Ab"], ["aB"]),
        ("[[:^digit:][:space:]]", ["a", " "], ["7"]),
        (r"\Qa.b\E+", ["a.b", "a.bb"], ["axb"]),
        ("(?U)x{2,}?", ["xx", "xxx"], ["x"]),
        ("(?m)^a$", ["a"], ["a\nb"]),
        (r"\x{41}\x42\103\n", ["ABC\n"], ["ABC"]),
        ("[]a-c-]", ["]", "b", "-"], ["d"]),
        (".", ["x"], ["\n", ""]),
    ],
)
def test_regular_expressions_mean_what_they_mean_in_go(pattern: str, fitting: list[str], other: list[str]) -> None:
    found = whole_pattern(pattern)
    assert [text for text in (*fitting, *other) if found.fullmatch(text)] == fitting


@given(st.text(), st.sampled_from(("=", "!=", "=~", "!~")), st.text())
def test_any_text_is_a_matcher_or_an_error(name: str, op: str, value: str) -> None:
    for text in (f"{name}{op}{value}", f'{name}{op}"{value}"', f'"{name}"{op}"{value}"'):
        with contextlib.suppress(MatcherError):
            parse_matchers(text)


@given(st.text())
def test_a_missing_label_is_empty_and_a_negation_is_the_opposite(value: str) -> None:
    assert matcher("a", "=", value).fits({}) is (value == "")
    assert matcher("a", "!=", value).fits({"a": "x"}) is not matcher("a", "=", value).fits({"a": "x"})
