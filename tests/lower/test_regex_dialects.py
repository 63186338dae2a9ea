"""Regular expressions of RE2 in other dialects."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.lower.regex_dialects import Dialect, UnsayableRegexError, group_names, in_dialect, literal_text
from skillforge_mon.routing.go_regex import whole_pattern


@pytest.mark.parametrize(
    ("pattern", "java", "oniguruma"),
    [
        ("a+b", "a+b", "a+b"),
        ("^a$", r"\Aa\z", r"\Aa\z"),
        ("(?m)^a$", "(?m)^a$", "^a$"),
        ("(?s)a.b", "(?s)a.b", "(?m)a.b"),
        ("(?i:a)", "(?i:a)", "(?i:a)"),
        ("(?m:^a)^", r"(?m:^a)\A", r"(?:^a)\A"),
        ("(?P<x_1>a)(b)", "(?:a)(?:b)", "(?:a)(?:b)"),
        ("[[]", r"[\[]", r"[\[]"),
        ("[]a]", r"[\]a]", r"[\]a]"),
        ("[a&&b]", r"[a\&\&b]", r"[a\&\&b]"),
        ("[^^]", r"[^\^]", r"[^\^]"),
        ("[[:alpha:]_]", r"[\p{Alpha}_]", "[[:alpha:]_]"),
        ("[[:^digit:]]", r"[\P{Digit}]", "[[:^digit:]]"),
        (r"\v\141", r"\x0B\x61", r"\x0B\x61"),
        (r"\pL\p{Greek}\P{^Nd}", r"\p{L}\p{IsGreek}\p{Nd}", r"\p{L}\p{Greek}\p{Nd}"),
        ("{a}", r"\{a\}", r"\{a\}"),
        ("a{2,3}", "a{2,3}", "a{2,3}"),
        (r"\Qa.b\E.", r"a\.b.", r"a\.b."),
    ],
)
def test_a_pattern_in_two_dialects(pattern: str, java: str, oniguruma: str) -> None:
    assert (in_dialect(pattern, "java"), in_dialect(pattern, "oniguruma")) == (java, oniguruma)


def test_groups_keep_their_names_where_they_are_wanted() -> None:
    pattern = "(?P<a>x)(?<b>y)(z)"
    assert in_dialect(pattern, "oniguruma", "f_") == "(?<f_a>x)(?<f_b>y)(?:z)"
    assert group_names(pattern) == ("a", "b")


@pytest.mark.parametrize("pattern", ["(?U)a", r"\C", "a(", "(?=a)"])
@pytest.mark.parametrize("dialect", ["java", "oniguruma"])
def test_what_has_no_counterpart_is_refused(pattern: str, dialect: Dialect) -> None:
    with pytest.raises(UnsayableRegexError):
        in_dialect(pattern, dialect)


@given(st.text(min_size=1, max_size=8), st.text(max_size=12))
def test_a_text_matches_itself_and_nothing_else(text: str, other: str) -> None:
    assert (re.fullmatch(literal_text(text), other) is not None) == (text == other)
    assert re.fullmatch(literal_text(text), text)


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c&]", r"\d", r"\w", "(a|b)", "(?:ab)?", "a*", "b+", "a{1,2}",
                         "[[]", "{", r"\.", "(?P<n>a)"])  # fmt: skip


@given(st.lists(ATOMS, max_size=5).map("".join), st.text("ab[{.1c", max_size=6))
def test_both_dialects_match_what_re2_matches(pattern: str, text: str) -> None:
    """Python stands for both: the letters that come out mean the same to it, but for ``\\z``."""
    if pattern.count("?P<n>") > 1:
        return
    expected = whole_pattern(pattern).fullmatch(text) is not None
    for dialect in ("java", "oniguruma"):
        written = in_dialect(pattern, dialect).replace(r"\z", r"\Z")
        assert (re.fullmatch(written, text, re.ASCII) is not None) == expected, dialect
