"""``monmc diff --against live`` and ``monmc push`` as people use them, against a Grafana."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillforge_mon.cli.main import main
from tests.fakes.grafana import TOKEN, FakeGrafana
from tests.fakes.server import Fault, Reply, Request

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {{}}
  grafana: {{version: "12.0", url: "{url}"}}
metrics:
  requests_total: {{type: counter, help: Requests, labels: {{code: bounded}}}}
services:
  web: {{}}
dashboards:
  overview:
    rows:
      - title: Traffic
        panels:
          - {{title: {title}, type: timeseries, query: "sum(rate(requests_total[5m]))"}}
"""
TITLE = "Grafana  default\n"
ALL_NEW = TITLE + "  + folder       shop\n  + data source  Prometheus (shop)\n  + dashboard    overview\n"


class Shop:
    """A folder with a spec, and the Grafana that it is for."""

    def __init__(self, server: FakeGrafana) -> None:
        self.server = server
        self.write()

    def write(self, title: str = "Requests", dashboards: bool = True) -> None:
        text = SPEC.format(url=self.server.url, title=title)
        Path("shop.yaml").write_text(text if dashboards else text.partition("dashboards:")[0])

    def monmc(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*arguments])
        return code, out.getvalue(), err.getvalue()

    def built(self) -> None:
        assert self.monmc("build", "shop.yaml")[0] == 0

    def pushed(self) -> None:
        self.built()
        assert self.monmc("push", "--yes", "shop.yaml")[0] == 0

    def writes(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.server.requests if request.method != "GET"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    server = FakeGrafana()
    with server.started():
        yield Shop(server)


def code_of(stderr: str) -> str:
    return stderr.partition("[")[2].partition("]")[0]


def test_a_comparison_changes_nothing(shop: Shop) -> None:
    counts = "0 to change, 3 to add, 0 to delete\n"
    assert shop.monmc("diff", "--against", "live", "shop.yaml") == (0, ALL_NEW + counts, "")
    assert shop.monmc("diff", "--against", "live", "--exit-code", "shop.yaml") == (2, ALL_NEW + counts, "")
    assert shop.writes() == []
    assert sorted(path.name for path in Path().iterdir()) == ["shop.yaml"]


def test_a_push_shows_its_plan_and_reports(shop: Shop) -> None:
    shop.built()
    code, out, err = shop.monmc("push", "--yes", "shop.yaml")
    assert (code, out) == (0, ALL_NEW + "0 to change, 3 to add, 0 to delete\n3 created\n")
    assert sorted(err.splitlines()) == [
        "grafana dashboard overview: created",
        "grafana data source Prometheus (shop): created",
        "grafana folder shop: created",
    ]
    nothing = TITLE + "  no changes (1 folder, 1 data source, 1 dashboard)\nno changes\n"
    assert shop.monmc("push", "shop.yaml") == (0, nothing, "")
    assert shop.monmc("diff", "--against", "live", "--exit-code", "shop.yaml") == (0, nothing, "")


def test_nobody_to_ask_needs_consent(shop: Shop) -> None:
    shop.built()
    code, out, err = shop.monmc("push", "shop.yaml")
    assert (code, out.startswith(ALL_NEW), code_of(err), shop.writes()) == (1, True, "MON6023", [])


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_on_a_terminal_it_asks(shop: Shop, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shop.built()
    monkeypatch.setattr("sys.stdin", Terminal(answer + "\n"))
    found, _, err = shop.monmc("push", "shop.yaml")
    assert (found, err.startswith("Push this? [y/N]:"), bool(shop.writes())) == (code, True, answer == "y")


def test_an_output_that_was_not_built_or_was_edited_is_refused(shop: Shop) -> None:
    assert code_of(shop.monmc("push", "--yes", "shop.yaml")[2]) == "MON6016"
    shop.built()
    shop.write(title="Traffic")
    assert code_of(shop.monmc("push", "--yes", "shop.yaml")[2]) == "MON6016"
    shop.built()
    file = Path("generated/shop/default/grafana/dashboards/overview.json")
    file.write_text(file.read_text().replace("Traffic", "Jam"))
    code, out, err = shop.monmc("push", "--yes", "shop.yaml")
    assert (code, out, code_of(err), shop.writes()) == (1, "", "MON6017", [])
    file.unlink()
    assert code_of(shop.monmc("push", "--yes", "shop.yaml")[2]) == "MON6017"


def test_a_plan_is_pushed_as_it_was_reviewed(shop: Shop) -> None:
    shop.pushed()
    shop.write(title="Rate")
    shop.built()
    shown = shop.monmc("diff", "--against", "live", "shop.yaml", "--out", "plan.json")[1]
    code, out, err = shop.monmc("push", "plan.json")
    assert (code, out, err) == (0, shown + "1 updated\n", "grafana dashboard overview: updated\n")
    assert code_of(shop.monmc("push", "plan.json")[2]) == "MON6021"


def test_a_plan_of_another_time_is_refused(shop: Shop) -> None:
    shop.pushed()
    shop.write(title="Rate")
    shop.built()
    assert shop.monmc("diff", "--against", "live", "shop.yaml", "--plan", "plan.json")[0] == 0
    before = shop.writes()
    shop.write(title="Other")
    shop.built()
    assert code_of(shop.monmc("push", "plan.json")[2]) == "MON6019"
    shop.write(title="Rate")
    assert code_of(shop.monmc("push", "plan.json")[2]) == "MON6016"
    shop.built()
    shop.server.fail(Fault.EXPIRED, times=99)
    assert "MON6010" in shop.monmc("push", "plan.json")[2]
    assert shop.writes() == before
    shop.server.faults.clear()
    assert shop.monmc("push", "plan.json")[0] == 0


def test_no_plan_is_saved_of_what_could_not_be_compared(shop: Shop) -> None:
    shop.server.fail(Fault.EXPIRED, times=99)
    code, out, err = shop.monmc("diff", "--against", "live", "shop.yaml", "--plan", "plan.json")
    assert (code, out, code_of(err), Path("plan.json").exists()) == (1, "", "MON6010", False)


def test_deletions_are_shown_and_need_two_words(shop: Shop) -> None:
    shop.pushed()
    shop.write(dashboards=False)
    shop.built()
    left = (
        TITLE + "  no changes (1 data source)\n"
        "  - dashboard  Shop: overview  not in the spec any more: push --prune deletes it\n"
        "  - folder     shop            not in the spec any more: push --prune deletes it\n"
        "no changes\n"
    )
    assert shop.monmc("diff", "--against", "live", "--exit-code", "shop.yaml") == (0, left, "")
    code, out, err = shop.monmc("push", "--yes", "--prune", "shop.yaml")
    assert (code, out.splitlines()[-1], code_of(err)) == (1, "0 to change, 0 to add, 2 to delete", "MON6024")
    assert shop.monmc("push", "--yes", "--prune", "--prune-limit", "1", "shop.yaml")[0] == 1
    code, out, _ = shop.monmc("push", "--yes", "--prune", "--prune-limit", "2", "shop.yaml")
    assert (code, out.splitlines()[-1]) == (0, "2 deleted")
    assert shop.server.dashboards == {}


def test_events_for_other_programs(shop: Shop) -> None:
    shop.pushed()
    shop.write(title="Rate")
    shop.built()
    code, out, err = shop.monmc("push", "--yes", "--format", "jsonl", "shop.yaml")
    events = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert events.pop(2).pop("seconds") >= 0
    assert events == [
        {"event": "plan", "project": "shop", "environment": "default", "steps": 1},
        {
            "event": "begun", "backend": "grafana", "kind": "dashboard", "key": "shop-overview", "name": "overview",
            "action": "update", "id": "shop-overview", "reason": None, "seconds": 0.0,
        },
        {
            "event": "end", "project": "shop", "environment": "default", "done": 1, "unchanged": 0, "failed": 0,
            "skipped": 0, "not_begun": 0,
        },
    ]  # fmt: skip


def test_another_push_of_the_same_project_is_told(shop: Shop) -> None:
    from skillforge_mon.push.session import open_session
    from skillforge_mon.push.state import State

    shop.built()
    with open_session(State(Path(".monmc"), "shop", "default")):
        code, out, err = shop.monmc("push", "--yes", "shop.yaml")
    assert (code, out, code_of(err)) == (1, "", "MON6025")
    assert f"process {os.getpid()}" in err


def test_a_damaged_record_is_told(shop: Shop) -> None:
    shop.pushed()
    Path(".monmc/pushed/shop/default.json").write_text("{")
    assert code_of(shop.monmc("push", "--yes", "shop.yaml")[2]) == "MON6026"
    assert code_of(shop.monmc("diff", "--against", "live", "shop.yaml")[2]) == "MON6026"


def test_a_missing_credential_is_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAFANA_TOKEN")
    shop.built()
    assert code_of(shop.monmc("diff", "--against", "live", "shop.yaml")[2]) == "MON6011"
    assert shop.monmc("push", "--yes", "shop.yaml")[0] == 1


def test_a_project_without_a_system_is_told(shop: Shop) -> None:
    Path("shop.yaml").write_text("version: 1\nproject: shop\ntargets: {prometheus: {}}\n")
    assert code_of(shop.monmc("diff", "--against", "live", "shop.yaml")[2]) == "MON6027"


def test_what_belongs_together(shop: Shop) -> None:
    assert shop.monmc("diff", "--prune", "shop.yaml")[0] == 64
    assert shop.monmc("push", "plan.json", "--prune")[0] == 64
    assert shop.monmc("push", "--backend", "grafan", "shop.yaml")[0] == 64


HEARS_CTRL_C = """\
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("skillforge_mon.cli", run_name="__main__", alter_sys=True)
"""


def run(*arguments: str) -> subprocess.Popen[str]:
    """``monmc`` in a process of its own, which hears Ctrl-C also where the tests run in the background and do not."""
    command = [sys.executable, "-c", HEARS_CTRL_C, *arguments]
    folder = str(Path(__file__).parents[2])
    environ = {**os.environ, "PYTHONPATH": folder}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)


class Disturbed(FakeGrafana):
    """Sends a signal to a process when the effect of the change of number ``at`` has taken place."""

    process: subprocess.Popen[str] | None = None
    at = 0
    signal = signal.SIGKILL
    changes = 0

    def _answer(self, request: Request, fault: Fault | None) -> Reply:
        reply = super()._answer(request, fault)
        self.changes += request.method != "GET"
        if request.method != "GET" and self.changes == self.at and self.process is not None:
            self.process.send_signal(self.signal)
            if self.signal is signal.SIGINT:
                threading.Event().wait(2)  # until it has been noticed, also on a busy machine
        return reply


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_killed_push_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    server = Disturbed()
    with server.started():
        shop = Shop(server)
        shop.built()
        server.at = at
        server.process = run("push", "--yes", "shop.yaml")
        server.process.communicate()
        assert server.process.returncode == -signal.SIGKILL
        server.process = None
        assert shop.monmc("push", "--yes", "shop.yaml")[0] == 0
        assert (len(server.folders), len(server.sources), len(server.dashboards)) == (1, 1, 1)
        assert shop.monmc("diff", "--against", "live", "--exit-code", "shop.yaml")[0] == 0
        assert list(Path(".monmc/journal").rglob("*.jsonl")) == []


def test_ctrl_c_ends_what_has_begun_and_leaves_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    server = Disturbed()
    with server.started():
        shop = Shop(server)
        shop.built()
        server.at, server.signal = 1, signal.SIGINT
        server.process = run("push", "--yes", "shop.yaml")
        out, err = server.process.communicate()
        assert server.process.returncode == 130, err
        assert out.endswith("1 created, 2 not begun; run it again to go on\n")
        assert [path.name for path in Path(".monmc/journal").rglob("*") if path.is_file()] == ["default.jsonl"]
        server.process = None
        assert shop.monmc("push", "--yes", "shop.yaml")[0] == 0
        assert list(Path(".monmc/journal").rglob("*.jsonl")) == []


class Busy(FakeGrafana):
    """Wants no request for the next five minutes."""

    asked = threading.Event()

    def _answer(self, request: Request, fault: Fault | None) -> Reply:
        del request, fault
        self.asked.set()
        return Reply(429, {"message": "Too many"}, {"Retry-After": "300"})


@pytest.mark.parametrize("command", ["push", "health", "backup", "diff"])
def test_ctrl_c_ends_the_wait_for_a_busy_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAFANA_TOKEN", TOKEN)
    server = Busy()
    server.asked.clear()
    with server.started():
        shop = Shop(server)
        shop.built()
        process = run(command, *(("--against", "live") if command == "diff" else ()), "shop.yaml")
        assert server.asked.wait(30)
        threading.Event().wait(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 130
