"""The text format: carets stand under what they mean, whatever stands before them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from skillforge_mon.diagnostics.diagnostic import Severity, Span
from skillforge_mon.diagnostics.render import render
from skillforge_mon.diagnostics.render.cells import measure
from skillforge_mon.diagnostics.render.clip import clip
from skillforge_mon.diagnostics.render.paint import Paint
from skillforge_mon.diagnostics.render.snippet import context
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary
from tests.diagnostics.cases import CASES, CODES, UNKNOWN_LABEL

WORDS = ["up", " ", "監視", "ｱ", "Ａ", "e\u0301", "👩‍👩‍👧", "❤️", "👍🏽", "🇫🇷", "1️⃣", "각", "\u1100\u1161", "é", "→"]


@given(st.lists(st.sampled_from(WORDS)).map("".join))
def test_a_line_is_as_wide_as_an_independent_library_says(line: str) -> None:
    assert measure(line).width == cell_len(line)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("a\tb", "a   b"),
        ("\t\tb", "        b"),
        ("監\tb", "監  b"),
        ("abcd\tb", "abcd    b"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202e\u200b\U000e0020\x85", "\\u202e\\u200b\\U000e0020\\x85"),
        ("\ufeffversion: 1", "\\ufeffversion: 1"),
    ],
)
def test_tabs_become_blanks_and_dangerous_characters_their_escapes(line: str, shown: str) -> None:
    cells = measure(line)
    assert "".join(cells.shown) == shown
    assert cells.width == cell_len(shown)


def test_a_newline_in_a_headline_is_shown_and_not_obeyed() -> None:
    assert visible("a\nb\r\tc") == "a\\nb\\r\\tc"


@given(
    st.lists(st.sampled_from([*WORDS, "\t", "\x1b"]), max_size=300).map("".join),
    st.integers(0, 600),
    st.integers(1, 50),
    st.integers(20, 100),
)
@settings(deadline=None)
def test_a_clipped_line_fits_and_keeps_its_caret_in_sight(line: str, start: int, length: int, room: int) -> None:
    start = min(start, len(line))
    clipped = clip(line, [(start, start + length)], room)
    begin, end = clipped.stretches[0]
    assert measure(clipped.text).width <= room
    assert 0 <= begin < end <= room + 1


@given(st.integers(0, 300), st.integers(0, 300), st.integers(20, 100))
def test_what_stands_over_the_caret_is_what_the_span_means(before: int, after: int, room: int) -> None:
    clipped = clip("." * before + "WRONG" + "." * after, [(before, before + 5)], room)
    begin, end = clipped.stretches[0]
    assert clipped.text[begin:end] == "WRONG"
    assert ("…" in clipped.text) is (before + after + 5 > room)


@given(st.text(st.sampled_from("監視ab \t👍")), st.integers(0, 20))
def test_the_caret_starts_where_the_text_before_it_ends(line: str, start: int) -> None:
    assume(start < len(line))
    assume(line.strip())
    source = Sources.from_texts({"a.yaml": line})
    found = [UNKNOWN_LABEL.at(Span.at("a.yaml", 1, start + 1), "x")]
    rows = render(found, source, "text", Summary(1), codes=CODES).splitlines()
    expanded = "".join(measure(line).shown[:start])
    assert rows[4].removeprefix("   | ").index("^") == cell_len(expanded)


def test_carets_cover_the_words_of_the_wide_case() -> None:
    case = CASES["wide"]
    covered = []
    for diagnostic in case.diagnostics:
        assert diagnostic.span is not None
        line = case.sources.line("wide.yaml", diagnostic.span.line) or ""
        covered.append(line[diagnostic.span.column - 1 : diagnostic.span.end_column - 1])
    assert covered == ["terrible", "ダッシュボード", "cafe\u0301", "end", "\u200d", "x"]


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("a:\n  b:\n    c: 1\n", 3, [1, 2]),
        ("a:\n  x: 1\n  y: 1\n  z: 1\n", 4, [2, 3]),
        ("a:\n  b:\n    c: 1\n  d: 1\n", 4, []),
        ("a:\n  b: 1\n\n  c: 1\n", 4, []),
        ("a:\n  # why\n  c: 1\n", 3, []),
        ("a: 1\nb: 1\n", 2, []),
        ("  a: 1\n", 1, []),
    ],
    ids=[
        "parents",
        "siblings",
        "not a neighbour's inside",
        "not over a blank line",
        "not a comment",
        "margin",
        "first",
    ],
)
def test_context_is_the_block_around_a_line(text: str, line: int, shown: list[int]) -> None:
    assert context(Sources.from_texts({"a.yaml": text}), "a.yaml", line) == shown


def test_without_colour_nothing_is_painted_and_with_it_only_the_paint_differs() -> None:
    case = CASES["places"]
    plain = render(case.diagnostics, case.sources, "text", case.summary)
    colour = render(case.diagnostics, case.sources, "text", case.summary, colour=True)
    for code in ("\x1b[1;31m", "\x1b[1;33m", "\x1b[34m", "\x1b[1m", "\x1b[0m"):
        assert code in colour
        colour = colour.replace(code, "")
    assert colour == plain
    assert Paint(True)("x", Severity.NOTE) == "\x1b[1;36mx\x1b[0m"


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"^no format 'xml': there are text, concise, json, sarif, github, markdown$"):
        render([], Sources(), "xml", Summary(0))
