"""Whole specs, and every file that Grafana gets from them."""

from __future__ import annotations

import pytest

from tests.backends.grafana.compiled import CASES, HERE, files


@pytest.mark.parametrize("case", CASES)
def test_a_spec_compiles_to_these_files_and_no_others(case: str) -> None:
    folder = HERE / "expected" / case
    expected = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert files(case) == expected
