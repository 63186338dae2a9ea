"""Lines as editors count them, and the last line of a run."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary


def test_lines_end_at_lf_crlf_and_cr_and_at_nothing_else() -> None:
    sources = Sources.from_texts({"a": "one\ntwo\r\nthree\rfour\u2028still\x85four\x0cfour\n"})
    lines = [sources.line("a", number) for number in range(-1, 7)]
    assert lines == [None, None, "one", "two", "three", "four\u2028still\x85four\x0cfour", "", None]
    assert sources.line_count("a") == 5


def test_a_file_that_is_not_known_has_no_lines() -> None:
    assert (Sources().line("a", 1), Sources().line_count("a")) == (None, 0)


@pytest.mark.parametrize(
    ("severities", "summary", "line"),
    [
        ("", Summary(7, 0.314), "no problems in 7 files (0.31 s)"),
        ("", Summary(1), "no problems in 1 file"),
        ("ew", Summary(7, 0.3149), "1 error, 1 warning in 7 files (0.31 s)"),
        ("wnnee", Summary(0, 12.0), "2 errors, 1 warning, 2 notes (12.00 s)"),
        ("w", Summary(2, ignored=3), "1 warning, 3 ignored in 2 files"),
        ("", Summary(2, ignored=1), "no problems, 1 ignored in 2 files"),
    ],
)
def test_the_summary_counts_in_words(severities: str, summary: Summary, line: str) -> None:
    by_letter = {"e": Severity.ERROR, "w": Severity.WARNING, "n": Severity.NOTE}
    assert summary.line(Diagnostic("MON1001", by_letter[letter], "x") for letter in severities) == line
