"""``monmc maintenance`` with a real Alertmanager and a fake Datadog: muted, extended, listed, ended on both."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.alertmanager.normalise import owner_of
from skillforge_mon.backends.datadog.emit import emit
from skillforge_mon.cli.main import main
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.backends.alertmanager.emitting import write
from tests.fakes.datadog import API_KEY, APP_KEY, FakeDatadog
from tests.fakes.server import Fault
from tests.projects import project
from tests.real.applying import asked
from tests.real.generation import Generation
from tests.real.servers import alertmanager_server

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {version: "0.25", default_team: rest, url: "ALERTMANAGER"}
  datadog: {url: "DATADOG"}
metrics:
  errors_total: {type: counter, help: Errors, labels: {path: bounded}}
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
teams:
  rest: {webhook: "http://127.0.0.1:1/rest", datadog: "@rest"}
services:
  web: {team: rest}
  worker: {team: rest}
runbooks:
  one: {resolve: [Wait.]}
alerts:
  Errors: {service: web, severity: {critical: "> 10", warning: "> 5"}, for: 5m, runbook: one, summary: Errors,
           expr: "sum by (path) (rate(errors_total[5m]))", approximate: [datadog], backends: [prometheus, datadog]}
  Long: {service: web, severity: {warning: "> 7"}, for: 5m, runbook: one, summary: Long, expr: "max by (queue) (queue_length)",
         no_data: notify, approximate: [datadog], backends: [prometheus, datadog]}
"""


@dataclass(frozen=True, slots=True)
class Systems:
    """The two systems; ``alertmanager`` is the address, ``spec`` the file that names both."""

    alertmanager: str
    datadog: FakeDatadog
    spec: Path

    def silences(self) -> list[dict[str, Any]]:
        """Those that have not expired."""
        with asked("Alertmanager", self.alertmanager) as service:
            found: list[dict[str, Any]] = service.request("GET", "/api/v2/silences").body
        return [each for each in found if each["status"]["state"] != "expired"]

    def downtimes(self) -> list[dict[str, Any]]:
        """The attributes of those that were not cancelled."""
        found = [each["attributes"] for each in self.datadog.objects["downtime"].values()]
        return [each for each in found if each["status"] != "canceled"]


@pytest.fixture
def systems(generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systems]:
    """Both systems; Ann is at the keyboard, and has the keys."""
    (tmp_path / "git").write_text("[user]\n  email = ann@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "git"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    monkeypatch.setenv("DD_APP_KEY", APP_KEY)
    monkeypatch.chdir(tmp_path)
    config = write(project(SPEC), tmp_path)
    fake = FakeDatadog()
    fake.today = datetime.datetime.now(datetime.UTC)
    with alertmanager_server(generation, config, tmp_path) as address, fake.started():
        spec = tmp_path / "shop.yaml"
        spec.write_text(SPEC.replace("ALERTMANAGER", address).replace("DATADOG", fake.url))
        yield Systems(address, fake, spec)


def told(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What was printed, moments as TIME."""
    captured = capsys.readouterr()
    out, err = (re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", text) for text in captured)
    return out, err


def test_a_service_is_muted_on_both_until_it_is_ended(systems: Systems, capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(systems.spec)
    before = datetime.datetime.now(datetime.UTC)
    assert main(["maintenance", "start", "web", spec, "--for", "2h", "--reason", "New disks\n(CHG-1)"]) == 0
    shown = "Alertmanager  web  until TIME  ann@example.com: New disks (CHG-1)\nDatadog       web  until TIME  ann@example.com: New disks (CHG-1)\n"
    assert told(capsys) == (shown, "")
    (silence,), (downtime,) = systems.silences(), systems.downtimes()
    line = "-- muted with monmc maintenance: shop/default service=web by ann@example.com"
    assert silence["comment"] == downtime["message"] == f"New disks\n(CHG-1)\n\n{line}"
    assert silence["createdBy"] == "ann@example.com"
    assert silence["matchers"] == [{"name": "service", "value": "web", "isRegex": False, "isEqual": True}]
    assert (downtime["scope"], downtime["monitor_identifier"]) == (
        "*",
        {"monitor_tags": ["project:shop", "service:web"]},
    )
    for end in (silence["endsAt"], downtime["schedule"]["end"]):
        lasts = datetime.datetime.fromisoformat(end) - before
        assert datetime.timedelta(hours=2, seconds=-1) <= lasts < datetime.timedelta(hours=2, seconds=30)
    assert owner_of(silence["comment"]) == (None, "")

    assert main(["maintenance", "list", spec]) == 0
    assert told(capsys) == (shown, "")
    assert main(["maintenance", "stop", "worker", spec]) == 0
    assert told(capsys)[0] == "Alertmanager  nothing is muted\nDatadog       nothing is muted\n"
    assert main(["maintenance", "stop", "web", spec]) == 0
    assert told(capsys)[0] == shown.replace("until TIME", "ended")
    assert (systems.silences(), systems.downtimes()) == ([], [])


def test_starting_again_extends_and_never_shortens(systems: Systems, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["maintenance", "start", "web", str(systems.spec), "--reason", "New disks", "--for"]
    ends = []
    for length in ("1h", "3h", "10m"):
        assert main([*arguments, length]) == 0
        (silence,), (downtime,) = systems.silences(), systems.downtimes()
        ends.append((silence["endsAt"][:19], downtime["schedule"]["end"][:19]))
    assert ends[0] < ends[1] == ends[2]
    assert told(capsys)[1] == ""


def test_one_severity_of_one_alert_is_muted_where_that_can_be_said(
    systems: Systems, capsys: pytest.CaptureFixture[str]
) -> None:
    source = project(systems.spec.read_text())
    report = Report()
    for document in emit(source, Lowering(source, report), report):
        if document.resource is not None and document.resource.kind == "monitor":
            with asked("Datadog", systems.datadog.url) as service:
                keys = {"Content-Type": "application/json", "DD-API-KEY": API_KEY, "DD-APPLICATION-KEY": APP_KEY}
                service.request("POST", "/api/v1/monitor", content=render(document).decode(), headers=keys)
    arguments = ["maintenance", "start", "web", str(systems.spec), "--for", "1h", "--reason", "Busy", "--severity"]
    assert main([*arguments, "warning", "--alert", "Long"]) == 0
    out, err = told(capsys)
    assert (out.splitlines()[0], err) == ("Alertmanager  web, Long, warning  until TIME  ann@example.com: Busy", "")
    assert out.splitlines()[1].startswith("Datadog       web, Long, warning  until TIME")
    (silence,), (downtime,) = systems.silences(), systems.downtimes()
    assert {matcher["name"]: matcher["value"] for matcher in silence["matchers"]} == {
        "service": "web",
        "alertname": "Long|LongNoData",
        "severity": "warning",
    }
    monitor = systems.datadog.objects["monitor"][str(downtime["monitor_identifier"]["monitor_id"])]
    assert "Long" in monitor["name"]
    # A monitor of both severities cannot be muted for one of them: Datadog says so, Alertmanager does it.
    assert main([*arguments, "warning", "--alert", "Errors"]) == 1
    out, err = told(capsys)
    assert out == "Alertmanager  web, Errors, warning  until TIME  ann@example.com: Busy\n"
    assert (
        "error[MON6060]: Datadog did not do it: Datadog has no monitor of ours that tells of web, Errors, warning"
        in err
    )
    assert len(systems.downtimes()) == 1


def test_one_system_that_fails_does_not_keep_the_other_from_it(
    systems: Systems, capsys: pytest.CaptureFixture[str]
) -> None:
    systems.datadog.fail(Fault.EXPIRED, times=5)
    assert main(["maintenance", "start", "web", str(systems.spec), "--for", "1h", "--reason", "New disks"]) == 1
    out, err = told(capsys)
    assert out == "Alertmanager  web  until TIME  ann@example.com: New disks\n"
    assert "error[MON6060]: Datadog did not do it: " in err
    assert len(systems.silences()) == 1


def test_a_system_without_credentials_is_left_out_and_told_of(
    systems: Systems, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DD_API_KEY")
    assert main(["maintenance", "list", str(systems.spec)]) == 0
    out, err = told(capsys)
    assert out == "Alertmanager  nothing is muted\n"
    assert err.startswith("left out: datadog: ")
    assert "DD_API_KEY" in err
    systems.spec.write_text(re.sub(r', url: "http[^"]*"', "", systems.spec.read_text()))
    assert main(["maintenance", "list", str(systems.spec)]) == 1
    assert "error[MON6061]: there is no system to mute" in told(capsys)[1]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["start", "wbe", "--for", "1h", "--reason", "x"], "there is no service `wbe`; there are: web, worker"),
        (["start", "web", "--for", "1h", "--reason", "x", "--alert", "Erors"], "there is no alert `Erors`"),
        (["start", "web", "--for", "1h", "--reason", "x", "--severity", "bad"], "there is no severity `bad`"),
        (["start", "web", "--for", "1h"], "`start` needs --for DURATION and --reason TEXT"),
        (["start", "web", "--for", "soon", "--reason", "x"], "--for"),
        (["start", "web", "--for", "0s", "--reason", "x"], "this cannot be zero"),
        (["start"], "say which service: monmc maintenance start SERVICE"),
        (["stop", "web", "--for", "1h"], "go with `start` only"),
        (["pause", "web"], "pause"),
    ],
)
def test_wrong_usage_is_said_and_nothing_is_muted(
    arguments: list[str],
    expected: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(SPEC)
    assert main(["maintenance", *arguments]) == 64
    assert expected in capsys.readouterr().err
