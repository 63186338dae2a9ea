"""What the pages show is what the commands print."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = ("explain-slo.md", "translate.md")
SHOWN = [
    (command, printed)
    for page in PAGES
    for command, printed in re.findall(
        r"^```console\n\$ monmc (.+)\n((?:(?!```).*\n)*)```$",
        (ROOT / "docs" / page).read_text(encoding="utf-8"),
        re.MULTILINE,
    )
]


def test_every_page_shows_a_command() -> None:
    assert len(SHOWN) >= len(PAGES)


@pytest.mark.parametrize(("command", "printed"), SHOWN)
def test_a_command_prints_what_the_page_says(command: str, printed: str) -> None:
    out = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(out):
        main(shlex.split(command))
    assert out.getvalue() == printed
