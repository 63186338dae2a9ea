"""What a change of a spec does to people: sentences that a reviewer reads, from the compiled files of both specs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main
from skillforge_mon.compiler import compile_project
from skillforge_mon.diff.projects import former_ids
from skillforge_mon.routing.call_changes import CallDifference, call_difference
from skillforge_mon.routing.call_changes_text import changes_data, changes_markdown, changes_text
from skillforge_mon.routing.inspection import Inspection, inspect

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {scrape_interval: 15s, evaluation_interval: 30s}
  alertmanager:
    version: "0.28"
    default_team: ops
    slack_api_url: "${secret:SLACK}"
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {service: bounded}}
  payments_failed: {type: gauge, help: Payments, labels: {queue: bounded}}
teams:
  ops: {webhook: "http://hooks:80/", slack: "#ops"}
  cto: {webhook: "http://hooks:80/cto"}
escalation:
  page:
    levels: [{notify: ops, timeout: 5m}, {notify: [cto, ops]}]
    approximate: [alertmanager]
services:
  api: {team: ops, escalation: page}
  web: {team: ops}
alerts:
  PaymentFailed:
    service: api
    severity: critical
    expr: sum by (queue) (payments_failed) > 10
    for: 1m
    summary: Payments fail
    runbook: https://runbooks/payments
  Backlog:
    severity: {critical: "> 100", warning: "> 50"}
    expr: sum by (service) (queue_length)
    for: 1m
    summary: Jobs wait
    runbook: https://runbooks/backlog
    escalation: page
"""
WINDOW = "maintenance:\n  deploy: {{{}}}\n"
FOOT = "3 alerts and severities, every minute of the weeks from 2025-01-13"
CRITICAL = "      PaymentFailed (critical), Backlog (critical)"
ALL = "PaymentFailed (critical), Backlog (critical) and Backlog (warning)"


def asked(folder: Path, name: str, spec: str) -> Inspection:
    """The project of ``spec``."""
    path = folder / f"{name}.yaml"
    path.write_text(spec, encoding="utf-8")
    compilation = compile_project(path)
    assert [item.headline for item in compilation.diagnostics if item.severity == "error"] == []
    assert compilation.project is not None
    found = inspect(compilation.project, compilation.documents)
    assert found is not None
    return found


def difference(folder: Path, before: str, after: str) -> CallDifference:
    """From the spec ``before`` to ``after``."""
    now = asked(folder, "after", after)
    return call_difference(asked(folder, "before", before), now, former_ids(now.project))


def changed(*replacements: tuple[str, str]) -> str:
    """SPEC with other texts in it."""
    text = SPEC
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text


def told(folder: Path, before: str, after: str) -> list[str]:
    """The lines about people."""
    return changes_text(difference(folder, before, after), "main").splitlines()[:-1]


def test_the_same_spec_changes_nothing_for_anybody(tmp_path: Path) -> None:
    assert changes_text(difference(tmp_path, SPEC, SPEC), "main:shop.yaml") == (
        f"nobody is called otherwise than at main:shop.yaml: {FOOT}\n"
    )


def test_who_is_left_out_is_named_first(tmp_path: Path) -> None:
    found = difference(tmp_path, SPEC, changed(("{notify: [cto, ops]}", "{notify: ops}")))
    assert changes_text(found, "main") == (
        "cto\n"
        "  - no longer called for PaymentFailed (critical), Backlog (critical) and Backlog (warning)\n"
        f"1 person is called otherwise than at main: {FOOT}\n"
    )


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (
            changed(("timeout: 5m", "timeout: 10m")),
            [
                "cto",
                "  ~ called 5m later for 3 alerts",
                f"{CRITICAL}: 6:10 - 6:55 -> 11:10 - 11:55",
                "      Backlog (warning): 6:30 - 7:15 -> 11:30 - 12:15",
                "ops",
                "  ~ called 5m later (level 2) for 3 alerts",
                f"{CRITICAL}: 6:10 - 6:55 -> 11:10 - 11:55",
                "      Backlog (warning): 6:30 - 7:15 -> 11:30 - 12:15",
            ],
        ),
        (
            changed(("scrape_interval: 15s", "scrape_interval: 5s")),
            [
                "cto",
                "  ~ called up to 10s earlier for 3 alerts",
                f"{CRITICAL}: 6:10 - 6:55 -> 6:10 - 6:45",
                "      Backlog (warning): 6:30 - 7:15 -> 6:30 - 7:05",
                "ops",
                "  ~ called up to 10s earlier (level 1) for 3 alerts",
                f"{CRITICAL}: 1:10 - 1:55 -> 1:10 - 1:45",
                "      Backlog (warning): 1:30 - 2:15 -> 1:30 - 2:05",
                "  ~ called up to 10s earlier (level 2) for 3 alerts",
                f"{CRITICAL}: 6:10 - 6:55 -> 6:10 - 6:45",
                "      Backlog (warning): 6:30 - 7:15 -> 6:30 - 7:05",
            ],
        ),
        (
            changed(('slack: "#ops"', 'slack: "#shop"')),
            ["ops", f"  ~ called no longer through Slack #ops, now through Slack #shop for {ALL}"],
        ),
        (
            changed(("    approximate: [alert", "    repeat: 30m\n    approximate: [alert")),
            [
                "cto",
                f"  ~ called again every 35m instead of every 4h5m for {ALL}",
                "ops",
                f"  ~ called again every 35m instead of every 4h5m for {ALL}",
            ],
        ),
        (
            changed(("{notify: [cto, ops]}", "{notify: cto}")),
            [
                "ops",
                "  - no longer called again for 3 alerts",
                f"{CRITICAL}: 6:10 - 6:55 through Slack #ops, webhook (level 2)",
                "      Backlog (warning): 6:30 - 7:15 through Slack #ops, webhook (level 2)",
            ],
        ),
        (
            changed(("PaymentFailed:", "PaymentsFailed:")),
            [
                "cto",
                "  + new: called for PaymentsFailed (critical): 6:10 - 6:55 through webhook (level 2)",
                "  - no longer called for PaymentFailed (critical): it is gone",
                "ops",
                ("  + new: called for PaymentsFailed (critical): 1:10 - 1:55 through Slack #ops, webhook (level 1), "
                "then 6:10 - 6:55 through Slack #ops, webhook (level 2)"),
                "  - no longer called for PaymentFailed (critical): it is gone",
            ],
        ),
        (changed(("PaymentFailed:", "PaymentsFailed:\n    was: PaymentFailed")), []),
        (changed(("Jobs wait", "Jobs are waiting"), ("project: shop", "project: shop\ndescription: A shop")), []),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words_that_people_use(tmp_path: Path, after: str, lines: list[str]) -> None:
    assert told(tmp_path, SPEC, after) == lines


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("", 'every: sunday, from: "01:00", for: 3h', "- no longer called during Sunday 01:00 - 04:00 UTC"),
        ('every: sunday, from: "01:00", for: 3h', "", "+ now called during Sunday 01:00 - 04:00 UTC as well"),
        (
            'every: weekday, from: "09:00", for: 8h',
            'every: [monday, wednesday], from: "09:00", for: 8h',
            "+ now called during Tuesday, Thursday and Friday 09:00 - 17:00 UTC as well",
        ),
        (
            'every: weekday, from: "22:00", for: 1h, timezone: Europe/Paris',
            'every: weekday, from: "22:00", for: 4h, timezone: Europe/Paris',
            "- no longer called during Monday to Friday 23:00 - 02:00 Europe/Paris",
        ),
        ("", 'on: "2026-12-24", from: "18:00", for: 8h', "- no longer called during 2026-12-24 18:00 - 2026-12-25 02:00 UTC"),
        ('every: monday, from: "02:00", for: 1h', 'every: monday, from: "02:00", for: 1h, reason: CHG-7', ""),
    ],
)  # fmt: skip
def test_hours_are_told_by_the_clock_of_the_window(tmp_path: Path, before: str, after: str, words: str) -> None:
    specs = [SPEC + WINDOW.format(f"{each}, alerts: [PaymentFailed]") if each else SPEC for each in (before, after)]
    lines = told(tmp_path, *specs)
    line = f"  {words} for PaymentFailed (critical)"
    assert lines == (["cto", line, "ops", line] if words else [])


def test_a_window_of_one_service_changes_it_for_the_series_of_this_service(tmp_path: Path) -> None:
    window = WINDOW.format('services: [web], severities: [warning], every: saturday, from: "00:00", for: 24h')
    assert told(tmp_path, SPEC, SPEC + window) == [
        "cto",
        "  - no longer called during Saturday UTC for Backlog (warning) of web",
        "ops",
        "  - no longer called during Saturday UTC for Backlog (warning) of web",
    ]


def test_many_alerts_stand_below_their_change(tmp_path: Path) -> None:
    more = "".join(
        f"  Backlog{number}:\n    severity: warning\n    expr: sum(queue_length) > {number}\n    for: 1m\n"
        f"    escalation: page\n    runbook: https://runbooks/{number}\n    summary: Jobs\n"
        for number in range(4)
    )
    after = (SPEC + more).replace("{notify: [cto, ops]}", "{notify: ops}")
    found = difference(tmp_path, SPEC + more, after)
    assert changes_text(found, "main").splitlines()[:4] == [
        "cto",
        "  - no longer called for 7 alerts",
        "      PaymentFailed (critical), Backlog (critical), Backlog (warning), Backlog0 (warning), Backlog1 (warning),",
        "      Backlog2 (warning), Backlog3 (warning)",
    ]
    assert changes_markdown(found, "main") == (
        "### monmc route: 1 person is called otherwise than at main: 7 alerts and severities, every minute of the weeks "
        "from 2025-01-13\n\n**cto**\n\n- `-` no longer called for 7 alerts\n"
        "  <details><summary>which</summary>PaymentFailed (critical), Backlog (critical), Backlog (warning), "
        "Backlog0 (warning), Backlog1 (warning), Backlog2 (warning), Backlog3 (warning)</details>\n"
    )


def test_markdown_calls_nobody(tmp_path: Path) -> None:
    found = changes_markdown(difference(tmp_path, SPEC, changed(('slack: "#ops"', 'slack: "#12"'))), "a_b*c")
    assert "#12" not in found.replace("&#", "")
    assert found.startswith("### monmc route: 1 person is called otherwise than at a&#95;b&#42;c: 3 alerts")
    assert "Slack &#35;12" in found


def test_programs_get_the_same_as_data(tmp_path: Path) -> None:
    found = difference(
        tmp_path, SPEC, changed(("timeout: 5m", "timeout: 4m"), ("  Backlog:", "  Queue:\n    was: Backlog"))
    )
    data = changes_data(found, "main")
    assert {**data, "changes": data["changes"][:1]} == {  # type: ignore[index]
        "format_version": 1,
        "against": "main",
        "compared": 3,
        "weeks": ["2025-01-13"],
        "changes": [
            {
                "person": "cto",
                "sign": "~",
                "words": "called 1m earlier",
                "detail": "6:10 - 6:55 -> 5:10 - 5:55",
                "about": [
                    {"name": "PaymentFailed", "kind": "alert", "severity": "critical", "service": None},
                    {"name": "Queue", "kind": "alert", "severity": "critical", "service": None},
                ],
            }
        ],
    }


def _git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with SPEC in it; the tree has another timeout."""
    path = tmp_path / "shop.yaml"
    path.write_text(SPEC, encoding="utf-8")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "-m", "A shop")
    path.write_text(changed(("timeout: 5m", "timeout: 10m")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return path


def test_the_command_compares_with_a_revision(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "shop.yaml", "--diff", "HEAD"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[-1] == f"2 people are called otherwise than at HEAD:shop.yaml: {FOOT}"
    assert main(["route", "shop.yaml", "--diff", "HEAD", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["against"] == "HEAD:shop.yaml"
    assert main(["route", "shop.yaml", "--diff", "HEAD", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("### monmc route: 2 people are called otherwise than at HEAD:shop.yaml")


def test_what_cannot_be_compared_is_said(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "shop.yaml", "--diff", "nowhere"]) == 1
    assert "there is no revision `nowhere`" in capsys.readouterr().err
    good = repository.read_text(encoding="utf-8")
    repository.write_text(good.replace("  alertmanager:", "  alertmanagers:"), encoding="utf-8")
    _git(repository.parent, "commit", "--quiet", "-am", "A slip")
    repository.write_text(good, encoding="utf-8")
    assert main(["route", "shop.yaml", "--diff", "HEAD"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "HEAD:shop.yaml:5:3" in err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--diff", "HEAD", "--coverage"],
        ["--diff", "HEAD", "--format", "svg"],
        ["--diff", "HEAD", "--at", "Sunday 03:00"],
        ["--coverage", "--format", "markdown"],
        ["--alert", "Backlog", "--max-pages", "3"],
    ],
)
def test_options_that_make_no_sense_together_are_refused(repository: Path, wrong: list[str]) -> None:
    assert main(["route", repository.name, *wrong]) == 64


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    window = WINDOW.format('alerts: [PaymentFailed], every: sunday, from: "01:00", for: 3h, timezone: Europe/Paris')
    after = changed(("timeout: 5m", "timeout: 10m"), ('slack: "#ops"', 'slack: "#shop"')) + window
    printed = changes_text(difference(tmp_path, SPEC, after), "main:shop.yaml")
    page = (Path(__file__).parents[2] / "docs/route.md").read_text(encoding="utf-8")
    assert f"```text\n$ monmc route --diff main shop.yaml\n{printed}```\n" in page
