"""Whole specs, and every dashboard that Datadog gets from them."""

from __future__ import annotations

import pytest

from tests.backends.datadog.dashboards.boards import CASES, HERE, files


@pytest.mark.parametrize("case", CASES)
def test_a_spec_compiles_to_these_dashboards_and_no_others(case: str) -> None:
    folder = HERE / "expected" / case
    expected = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert files(case) == expected
