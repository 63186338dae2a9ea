"""What `ignore` silences, where, and until when; and what it says in vain."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import typer

from skillforge_mon.build import build_project
from skillforge_mon.cli.options import day_of_run
from skillforge_mon.compiler import check_project, compile_project
from skillforge_mon.documents.render import render_documents

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}}
"""
DOWN = """\
  Down:
    severity: info
    expr: up == 0
    for: 5m
    summary: It is down
"""
NO_OWNER = f"{HEAD}alerts:\n{DOWN}"
LAST = datetime.date(2027, 1, 31)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return tmp_path / "shop.yaml"


def reported(spec: Path, text: str, today: datetime.date | None = None) -> list[str]:
    """Codes with the line on which each is reported."""
    spec.write_text(text, encoding="utf-8")
    found = compile_project(spec, today=today).diagnostics
    return [f"{item.code}:{item.span.line if item.span is not None else 0}" for item in found]


def test_nothing_is_silenced_unasked(spec: Path) -> None:
    assert reported(spec, NO_OWNER) == ["MON3003:5"]


@pytest.mark.parametrize(
    "ignore",
    [
        "{MON3003: nobody owns it}",
        "{MON3003: {reason: nobody owns it}}",
        "{MON3003: {reason: nobody owns it, until: 2027-01-31}}",
        '{MON3003: {reason: nobody owns it, until: "2027-01-31"}}',
    ],
)
def test_both_forms_silence_through_the_last_day(spec: Path, ignore: str) -> None:
    assert reported(spec, f"{NO_OWNER}    ignore: {ignore}\n", LAST) == []
    assert reported(spec, f"{HEAD}ignore: {ignore}\nalerts:\n{DOWN}", LAST) == []


def test_after_its_last_day_an_ignore_is_over_and_says_so(spec: Path) -> None:
    text = f"{NO_OWNER}    ignore: {{MON3003: {{reason: not yet, until: 2027-01-31}}}}\n"
    assert reported(spec, text, LAST + DAY) == ["MON3003:5", "MON1223:10"]


def test_without_a_day_nothing_is_over(spec: Path) -> None:
    assert reported(spec, f"{NO_OWNER}    ignore: {{MON3003: {{reason: not yet, until: 1999-01-31}}}}\n") == []


def test_one_that_is_over_and_needless_is_only_needless(spec: Path) -> None:
    text = f"{NO_OWNER}    ignore: {{MON3003: x, MON3002: {{reason: not yet, until: 2027-01-31}}}}\n"
    assert reported(spec, text, LAST + DAY) == ["MON1218:10"]


def test_where_the_one_of_the_object_is_over_that_of_the_project_holds(spec: Path) -> None:
    own = "    ignore: {MON3003: {reason: not yet, until: 2027-01-31}}\n"
    text = f"{HEAD}ignore: {{MON3003: nobody owns anything}}\nalerts:\n{DOWN}{own}"
    assert reported(spec, text, LAST + DAY) == ["MON1223:11"]


def test_the_project_is_told_what_it_ignores_in_vain_or_may_not(spec: Path) -> None:
    assert reported(spec, f"{NO_OWNER}ignore: {{MON3002: x, MON3003: y, MON2101: z, MON9998: z}}\n") == [
        "MON1218:10",
        "MON1219:10",
        "MON1217:10",
    ]


def test_one_of_defaults_is_used_when_one_object_needs_it(spec: Path) -> None:
    owned = "services: {web: {team: a}}\nteams: {a: {webhook: 'http://hooks/'}}\nescalation: {page: [{notify: a}]}\n"
    other = DOWN.replace("Down", "Other").replace("up == 0", "up < 0.5")
    text = f"{HEAD}{owned}defaults: {{alerts: {{ignore: {{MON3003: x}}, escalation: page}}}}\nalerts:\n{DOWN}{other}    service: web\n"
    assert reported(spec, text) == []


@pytest.mark.parametrize("until", ["2027-02-29", "20270131", "31.1.2027", "soon", "2027-W01-1"])
def test_a_day_that_is_none_is_an_error(spec: Path, until: str) -> None:
    text = f"{NO_OWNER}    ignore: {{MON3003: {{reason: not yet, until: {until}}}}}\n"
    assert [item for item in reported(spec, text, LAST) if "MON11" in item] == ["MON1105:10"]


def test_a_reason_must_be_given(spec: Path) -> None:
    text = f"{NO_OWNER}    ignore: {{MON3003: {{until: 2027-01-31}}}}\n"
    assert "MON1101:10" in reported(spec, text, LAST)


def test_what_another_environment_needs_is_not_in_vain(spec: Path) -> None:
    owned = "services: {web: {team: a}}\nteams: {a: {webhook: 'http://hooks/'}}\nescalation: {page: [{notify: a}]}\n"
    production = "environments: {production: {alerts: {Down: {service: web, escalation: page}}}}\n"
    text = f"{HEAD}{owned}{production}ignore: {{MON3003: x, MON3001: y}}\nalerts:\n{DOWN}    escalation: page\n"
    spec.write_text(text, encoding="utf-8")
    found = [[item.headline for item in result.diagnostics] for result in check_project(spec)]
    assert found == [["`MON3001` is not reported here"], ["`MON3001` is not reported here"]]
    assert compile_project(spec, environment="production").diagnostics == ()


def test_the_day_changes_no_file(spec: Path) -> None:
    spec.write_text(f"{NO_OWNER}    ignore: {{MON3003: {{reason: not yet, until: 2027-01-31}}}}\n", encoding="utf-8")
    before, after = (compile_project(spec, today=day) for day in (LAST, LAST + DAY))
    assert render_documents(before.documents) == render_documents(after.documents)
    assert before.inputs == after.inputs


def test_a_build_after_no_change_hides_no_end(spec: Path, tmp_path: Path) -> None:
    spec.write_text(f"{NO_OWNER}    ignore: {{MON3003: {{reason: not yet, until: 2027-01-31}}}}\n", encoding="utf-8")
    days = (LAST, LAST, LAST + DAY, LAST + DAY, LAST)
    built = [build_project(spec, tmp_path / "out", today=day) for day in days]
    over = ["MON3003", "MON1223"]
    assert [[item.code for item in each.diagnostics] for each in built] == [[], [], over, over, []]
    assert [each.fresh for each in built] == [False, True, False, True, False]


def test_the_day_is_that_of_the_option_then_of_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1801526399")  # 2027-02-01T23:59:59Z
    assert day_of_run("2027-01-31") == LAST
    assert day_of_run(None) == LAST + DAY
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1801526400")
    assert day_of_run(None) == LAST + 2 * DAY


@pytest.mark.parametrize("epoch", ["soon", "1e9", "99999999999999999999"])
def test_a_variable_that_is_no_time_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(typer.BadParameter, match="`SOURCE_DATE_EPOCH` should be seconds since 1970, and is"):
        day_of_run(None)


def test_without_either_the_day_is_today_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = datetime.datetime.now(datetime.UTC).date()
    assert before <= day_of_run(None) <= datetime.datetime.now(datetime.UTC).date()
