"""``monmc test`` from the outside, with the real promtool."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from skillforge_mon.cli.main import main
from tests.proving.test_scenarios import OUTAGE, SPEC
from tests.real.tools import tools

ROOT = Path(__file__).resolve().parents[2]
TIME = re.compile(r"\(\d+\.\d\d s\)")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec of three alerts, one SLO and one scenario; promtool is the one that the variable names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONMC_PROMTOOL", str(tools("new").promtool))
    Path("shop.yaml").write_text(SPEC + OUTAGE, encoding="utf-8")
    return tmp_path


def test_each_object_has_a_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    version = ".".join(map(str, tools("new").prometheus))
    assert main(["test", "shop.yaml"]) == 0
    out, err = capsys.readouterr()
    assert (
        TIME.sub("(TIME)", out)
        == f"""\
shop.yaml
ok   slos.availability  17 cases, 73 checks
ok   alerts.Backlog     3 cases, 18 checks
ok   alerts.ErrorsRise  1 case, 6 checks
ok   alerts.Slow        1 case, 8 checks
ok   tests.outage       1 case, 5 checks

5 objects, 23 cases, 110 checks: all as expected, by promtool {version} (TIME)
"""
    )
    assert err == ""


def test_the_page_shows_what_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MONMC_PROMTOOL", str(tools("new").promtool))
    monkeypatch.chdir(ROOT)
    command, _, shown = Path("docs/test.md").read_text(encoding="utf-8").partition("```console\n")[2].partition("\n")
    assert main(shlex.split(command)[2:]) == 0
    printed = capsys.readouterr().out
    assert [*map(masked, printed.splitlines())] == [*map(masked, shown.partition("```")[0].splitlines())]


def masked(line: str) -> str:
    """A line without the version of promtool and the time that it took."""
    return re.sub(r"by promtool \S+ \(\d+\.\d\d s\)", "by promtool", line)


def test_what_fails_is_told_in_text_json_and_junit(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = (SPEC + OUTAGE).replace("{at: 30m, none: true}", "{at: 30m, alerts: [Slow]}")
    Path("shop.yaml").write_text(wrong, encoding="utf-8")
    assert main(["test", "shop.yaml", "--filter", "tests.*", "--junit", "junit.xml"]) == 1
    assert TIME.sub("(TIME)", capsys.readouterr().out).splitlines()[:10] == [
        "shop.yaml",
        "FAIL tests.outage  1 case, 5 checks, 1 failed",
        "",
        "FAIL tests.outage (scenario)  shop.yaml:32",
        "  at 30m: Slow fires",
        '    query     group by (alertname) (ALERTS{alertstate="firing"})',
        '    expected  {alertname="Slow"} 1',
        "    got       nothing",
        "",
        f"1 object, 1 case, 5 checks: 1 failed, by promtool {'.'.join(map(str, tools('new').prometheus))} (TIME)",
    ]
    [suite] = ElementTree.parse("junit.xml").getroot()  # noqa: S314 - written by us
    assert suite.attrib == {"name": "shop.yaml", "tests": "1", "failures": "1", "skipped": "0"}
    assert [(case.attrib, [child.tag for child in case]) for case in suite] == [
        ({"classname": "tests.outage", "name": "scenario"}, ["failure"])
    ]
    assert main(["test", "shop.yaml", "--filter", "tests.*", "--format", "json"]) == 1
    [spec] = json.loads(capsys.readouterr().out)["results"]
    [unmet] = spec["objects"][0]["cases"][0]["unmet"]
    assert (unmet["at_ms"], unmet["what"]) == (1_800_000, "Slow fires")


def test_the_files_can_be_kept(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "shop.yaml", "--filter", "Backlog", "--keep", "kept"]) == 0
    assert sorted(path.name for path in Path("kept/shop").iterdir()) == [
        f"run{number:04d}.{kind}.json" for number in range(3) for kind in ("rules", "test")
    ]
    capsys.readouterr()


def test_a_name_that_nothing_has_is_no_success(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "shop.yaml", "--filter", "Backlogg"]) == 1
    assert capsys.readouterr().err.splitlines()[0] == "error[MON6071]: nothing here is named `Backlogg`"


def test_a_program_that_is_no_promtool_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "shop.yaml", "--promtool", "/bin/true"]) == 1
    assert capsys.readouterr().err.splitlines()[0] == "error[MON6070]: `/bin/true` does not say that it is promtool"
