"""What the page about routing shows is what the commands print."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main

ROOT = Path(__file__).parents[2]
SHOWN = re.findall(
    r"^```console\n\$ monmc (.+)\n((?:(?!```).*\n)*)```$",
    (ROOT / "docs/route.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def test_the_page_shows_commands() -> None:
    assert len(SHOWN) == 4


@pytest.mark.parametrize(("command", "printed"), SHOWN)
def test_a_command_prints_what_the_page_says(command: str, printed: str) -> None:
    out = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(out):
        main(shlex.split(command))
    assert out.getvalue() == printed
