"""What the page on rulers shows is what the commands print: a push, a difference, and groups that are too many."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main
from tests.backends.ruler.specs import SPEC, slo_spec
from tests.fakes.ruler import FakeRuler

PAGE = (Path(__file__).parents[2] / "docs" / "rulers.md").read_text(encoding="utf-8")
SHOWN = {
    command: printed
    for block in re.findall(r"^```console\n((?:(?!```).*\n)*)```$", PAGE, re.MULTILINE)
    for command, printed in re.findall(r"^\$ monmc (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
}
LAST_RECORDING = '  more: {record: more:jobs:rate5m, expr: "sum(rate(jobs_total[5m] offset 1d))"}\n'


def printed(command: str) -> tuple[str, str]:
    """What ``monmc command`` writes to stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        main(shlex.split(command))
    return out.getvalue(), err.getvalue()


def test_the_page_shows_three_commands() -> None:
    assert list(SHOWN) == ["build shop.yaml", "push shop.yaml --yes", "diff --against live shop.yaml"]


def test_a_push_and_a_difference_are_as_the_page_shows_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = Path("shop.yaml")
    fake = FakeRuler()
    with fake.started():
        lines = SPEC.replace("KIND", "mimir").replace("URL", fake.url).splitlines(keepends=True)
        text = "".join(line for line in lines if "Often" not in line).replace("Many", "Backlog")
        spec.write_text(text, encoding="utf-8")
        printed("build shop.yaml")
        assert printed("push shop.yaml --yes")[0] == SHOWN["push shop.yaml --yes"]
        assert LAST_RECORDING in text
        spec.write_text(text.replace("> 5", "> 6").replace(LAST_RECORDING, ""), encoding="utf-8")
        printed("build shop.yaml")
        assert printed("diff --against live shop.yaml")[0] == SHOWN["diff --against live shop.yaml"]


def test_the_arithmetic_is_as_the_page_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(slo_spec(200, "groups: 70"), encoding="utf-8")
    assert printed("build shop.yaml")[1].startswith(SHOWN["build shop.yaml"])
