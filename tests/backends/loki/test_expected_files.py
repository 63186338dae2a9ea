"""Whole specs, and every file of Loki, Alloy and Promtail that is written from them."""

from __future__ import annotations

import pytest

from tests.backends.loki.compiled import CASES, HERE, files


@pytest.mark.parametrize("case", CASES)
def test_a_spec_becomes_these_files_and_no_others(case: str) -> None:
    folder = HERE / "expected" / case
    expected = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert files(case) == expected
