"""Safe fixes change only the text that is wrong, wherever the file really lies."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Severity, Span
from skillforge_mon.fixes import apply_fixes, fixed_text, safe_fixes

BAD = "version: 1\nproject: shop  # ours\nrunbooks:\n  a: {title: 2024, resolve: [x]}  # by hand\n"
GOOD = BAD.replace("2024", '"2024"')


def test_line_ends_byte_order_marks_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    link = tmp_path / "link.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    link.symlink_to(real)
    apply_fixes(compile_project(link).diagnostics)
    assert real.read_bytes() == b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640


def _fix(line: int, start: int, end: int, text: str, *, safe: bool = True) -> Diagnostic:
    span = Span("f", line, start, line, end)
    return Diagnostic("MON1103", Severity.ERROR, "x", span, fix=Fix(span, text, "put it right", safe))


def test_of_two_fixes_that_overlap_the_first_is_kept_and_unsafe_ones_are_left() -> None:
    found = [_fix(1, 5, 9, "b"), _fix(1, 1, 6, "a"), _fix(2, 1, 2, "c", safe=False), _fix(2, 3, 4, "d")]
    assert {file: [fix.replacement for fix in fixes] for file, fixes in safe_fixes(found).items()} == {"f": ["a", "d"]}


@given(st.lists(st.text("ab \t", max_size=8), min_size=1, max_size=5), st.data())
def test_everything_outside_the_spans_stays(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    number = data.draw(st.integers(1, len(lines)))
    start = data.draw(st.integers(1, len(lines[number - 1]) + 1))
    end = data.draw(st.integers(start, len(lines[number - 1]) + 1))
    fixed = fixed_text(text, [Fix(Span("f", number, start, number, end), "NEW", "x")])
    expected = list(lines)
    expected[number - 1] = lines[number - 1][: start - 1] + "NEW" + lines[number - 1][end - 1 :]
    assert fixed == "\n".join(expected)
