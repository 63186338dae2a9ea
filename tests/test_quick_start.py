"""The README's quick start is two commands, and the second is what the continuous integration runs."""

from __future__ import annotations

import os
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BUILD = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet --constraint constraints.txt --editable . "
    "&& .venv/bin/monmc build"
)
TEST = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet --constraint constraints.txt --editable '.[dev]' "
    "&& .venv/bin/nox"
)


def quick_start_blocks() -> list[str]:
    """Return the text of each fenced block under the README's heading."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Quick start\n(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```sh\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL) if section else []


def test_the_quick_start_is_one_command_to_build_and_one_to_test() -> None:
    assert quick_start_blocks() == [f"{BUILD}\n", f"{TEST}\n"]


def test_the_continuous_integration_runs_the_quick_starts_second_command_word_for_word() -> None:
    script = PROJECT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").splitlines(keepends=True)[-1] == quick_start_blocks()[1]
    assert os.access(script, os.X_OK)


def test_every_constraint_pins_one_version_of_one_package_and_names_no_index() -> None:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    unclear = [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*", line)]
    assert unclear == []
