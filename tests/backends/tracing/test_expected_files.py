"""Whole specs, and every file that their traces need."""

from __future__ import annotations

import pytest

from tests.backends.tracing.compiled import CASES, HERE, files


@pytest.mark.parametrize("name", CASES)
def test_a_spec_compiles_to_these_files_and_no_others(name: str) -> None:
    folder = HERE / "expected" / name
    expected = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert files(name) == expected
