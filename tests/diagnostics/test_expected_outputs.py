"""Every run in every format, whole outputs compared with the files under expected/."""

from __future__ import annotations

import pytest

from tests.diagnostics.regenerate import EXPECTED, outputs

OUTPUTS = outputs()


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_format_writes_what_is_expected(name: str) -> None:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        assert OUTPUTS[name] == file.read()


def test_no_expected_file_is_left_over() -> None:
    assert sorted(path.name for path in EXPECTED.iterdir()) == sorted(OUTPUTS)
