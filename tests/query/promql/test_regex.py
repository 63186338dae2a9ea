"""Regular expressions: which ones Prometheus takes, and which of them match a label that is missing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.query.promql.regex import RegexError, matches_empty

PIECES = st.sampled_from(
    ["a", "b", ".", "*", "+", "?", "|", "(", ")", "(?:", "[a-z]", "[^x]", "\\d", "\\.", "{2}", "{0,3}", "^", "$", "-"]
)


@pytest.mark.parametrize(
    "pattern",
    ["", ".*", "a|", "|a", "a*", "(a|b*)?", "(?:a?)(b?)", "^$", "a{0,3}", "()", "(?i)", "\\Q\\E", "x*?", "\\A\\z", "\\B",
     "(a*)+", "[a]{0}", "(?s).*", "a|b|.*"],
)  # fmt: skip
def test_patterns_that_match_a_missing_label(pattern: str) -> None:
    assert matches_empty(pattern)


@pytest.mark.parametrize(
    "pattern",
    [".+", "a", "5..", "a|b", "(a|b)", "a+?", "[[:digit:]]", "\\pL", "\\p{Greek}", "\\x{41}", "\\077", "\\b", "\\Qa*\\E",
     "(?i:x)", "(?P<n>x)", "(?<n>x)", "]", "}", "{", "{,2}", "a{,2}", "[]a]", "[^]a]", "[a-]", "[a-b-c]", "\\_", "\\-",
     "x(?i)y", "(?-s).", "web-\\d+"],
)  # fmt: skip
def test_patterns_that_need_a_label(pattern: str) -> None:
    assert not matches_empty(pattern)


@pytest.mark.parametrize(
    ("pattern", "message", "start", "end"),
    [
        ("a)", "unexpected `)`: no group is open here", 1, 2),
        ("x(a|b", "the group is never closed: expected `)`", 1, 5),
        ("+", "`+` has nothing to repeat", 0, 1),
        ("a|{2}", "`{2}` has nothing to repeat", 2, 5),
        ("(?i)*", "`*` has nothing to repeat", 4, 5),
        ("a+?*", "`*` cannot follow `+?`", 3, 4),
        ("(a{40}){40}", "the pattern repeats more than 1000 times", 0, 11),
        ("(?<=a)b", "RE2 has no look-around (`(?<=`)", 0, 3),
        ("(?#x)", "`(?#` does not open a group of RE2", 0, 3),
        (r"(a)\1", r"`\1` refers back to a group, which RE2 does not have", 3, 5),
        (r"\é", r"`\é` is not an escape of RE2", 0, 2),
        (r"[\x{110000}]", r"`\x{110000}` is not a Unicode character", 1, 11),
        ("[[:nope:]]", "`[:nope:]` is not a class of characters", 1, 9),
        (r"\p", r"the character class is not complete: write `\p{L}` or `\pL`", 0, 2),
    ],
)
def test_a_refused_pattern_is_explained(pattern: str, message: str, start: int, end: int) -> None:
    with pytest.raises(RegexError) as caught:
        matches_empty(pattern)
    assert (caught.value.message, caught.value.start, caught.value.end) == (message, start, end)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_python_agrees_where_the_two_syntaxes_are_the_same(pattern: str) -> None:
    try:
        ours = matches_empty(pattern)
    except RegexError:
        return
    try:
        theirs = re.compile(pattern)
    except re.error:  # Python refuses some repetitions of what may be empty
        return
    assert ours == (theirs.fullmatch("") is not None)
