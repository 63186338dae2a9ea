"""How a push is followed: bars on a terminal, lines elsewhere; and how systems are found."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends import backend as registry
from skillforge_mon.cli.push_progress import progress
from skillforge_mon.compiler import compile_project
from skillforge_mon.push import systems
from skillforge_mon.push.events import BEGUN, Event, line
from skillforge_mon.push.scheduler import Status
from skillforge_mon.push.secret_values import without_values
from skillforge_mon.push.steps import Action, Plan, Step, SystemPlan
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import RefusedError

STEP = Step(Action.UPDATE, "toy", "monitor", "alerts.Slow", "Slow", "monitor")
PLAN = Plan("shop", "production", (SystemPlan("toy", "Toy", (STEP, STEP)),))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def follow(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress(PLAN, as_events=False, colour=False) as told:
        told(Event(BEGUN, STEP))
        told(Event(Status.DONE, STEP))
        told(Event(Status.FAILED, STEP, "[bold]no[/bold]"))
    return stream.getvalue()


def test_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        follow(monkeypatch, io.StringIO()) == "toy monitor Slow: updated\ntoy monitor Slow: failed: [bold]no[/bold]\n"
    )


def test_bars_on_a_terminal_and_failures_above_them_without_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", follow(monkeypatch, Terminal()))
    assert "toy monitor Slow: failed: [bold]no[/bold]\n" in shown
    assert "2/2" in shown
    assert "updated" not in shown


def test_every_end_of_every_action_has_a_line() -> None:
    for action in Action:
        if action is not Action.NOTHING:
            step = Step(action, "toy", "monitor", "k", "Slow", "monitor")
            assert all(line(Event(status, step)) for status in Status)


def project(folder: Path) -> Any:
    (folder / "shop.yaml").write_text(
        "version: 1\nproject: shop\ntargets: {prometheus: {}, grafana: {}, sentry: {organization: shop}}\n"
    )
    return compile_project(folder / "shop.yaml").project


class Named:
    title = "Named"


def test_systems_are_those_of_the_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systems, "APIS", ("grafana", "sentry", "datadog"))
    monkeypatch.setattr(systems, "FILE_SERVERS", ("prometheus",))
    monkeypatch.setattr(systems, "connector", lambda _name: lambda _project, _connection: Named())
    monkeypatch.setattr(systems, "file_connector", lambda _name: lambda _project, _connection: None)
    found, problems = systems.connect(project(tmp_path), Connection({}, {}))
    assert ([each.backend for each in found], problems) == (["grafana", "sentry"], [])
    assert [each.backend for each in systems.connect(project(tmp_path), Connection({}, {}), ["sentry"])[0]] == [
        "sentry"
    ]


@pytest.mark.parametrize(
    ("error", "backends", "told"),
    [
        (MissingSecretError("no `TOKEN`"), (), ("MON6011", "error", "cannot reach grafana: no `TOKEN`")),
        (RefusedError("no url"), (), ("MON6029", "note", "grafana is left out: no url")),
        (RefusedError("no url"), ("grafana",), ("MON6029", "error", "grafana is left out: no url")),
    ],
)
def test_what_cannot_be_reached_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, backends: tuple[str, ...], told: tuple[str, ...]
) -> None:
    def refusing(_project: object, _connection: object) -> None:
        raise error

    monkeypatch.setattr(systems, "APIS", ("grafana",))
    monkeypatch.setattr(systems, "FILE_SERVERS", ())
    monkeypatch.setattr(systems, "connector", lambda _name: refusing)
    found, (problem,) = systems.connect(project(tmp_path), Connection({}, {}), backends)
    assert found == []
    assert (problem.code, problem.severity.value, problem.headline) == told


def test_every_registered_system_keeps_its_promise() -> None:
    for name in registry.APIS:
        assert callable(registry.connector(name))
    for name in registry.FILE_SERVERS:
        assert callable(registry.file_connector(name))


def test_values_of_secrets_go_behind_their_references() -> None:
    connection = Connection({}, {"KEY": "s3cr3t"})
    wanted: Any = {"url": "https://${env:KEY}/x", "list": ["${env:KEY}", 1], "other": "${env:MISSING}", "plain": "a"}
    live = {"url": "https://s3cr3t/x", "list": ["older-secret", 2], "other": "whatever", "plain": "b", "more": "c"}
    hidden = {
        "url": "https://${env:KEY}/x", "list": ["[hidden]", 2], "other": "${env:MISSING}", "plain": "b", "more": "c",
    }  # fmt: skip
    assert without_values(live, wanted, connection) == hidden
    assert without_values(live, wanted, connection, hide=False)["list"] == ["older-secret", 2]
    assert without_values([1], ["${env:KEY}", 2], connection) == [1]
    assert without_values(None, "${env:KEY}", connection) is None
