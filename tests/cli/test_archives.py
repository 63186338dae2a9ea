"""Every archive prints what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.archive import FOLDER, played, read

ARCHIVES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_the_commands_print_what_the_archive_says(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert played(text, tmp_path) == text


def test_every_command_is_shown_in_an_archive() -> None:
    from skillforge_mon.cli.commands import COMMANDS

    shown = {
        line.split()[1]
        for path in ARCHIVES
        for line in read(path.read_text(encoding="utf-8")).commands
        if line.startswith("monmc ")
    }
    assert {command.name for command in COMMANDS} <= shown
