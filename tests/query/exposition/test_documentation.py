"""docs/metrics.md shows what the commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


def block(language: str) -> str:
    """The first block in ``language``."""
    return next(body for kind, body in BLOCKS if kind == language)


def test_the_commands_print_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop.yaml").write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "page.txt").write_text(block("text"), encoding="utf-8")
    (tmp_path / "cut.txt").write_text(block("text")[:145], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for kind, body in BLOCKS:
        if kind != "console":
            continue
        command, _, expected = body.partition("\n")
        main(shlex.split(command.removeprefix("$ monmc ")))
        printed = capsys.readouterr()
        assert printed.out + printed.err == expected
