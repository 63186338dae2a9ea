"""A server that is not the one that was meant may answer anything: that is told, and is no defect of monmc."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.cli.main import main
from skillforge_mon.remote.errors import UnavailableError
from skillforge_mon.remote.understanding import understanding
from tests.fakes.server import FakeServer, Fault, Reply, Request

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {{url: "{url}"}}
  alertmanager: {{url: "{url}"}}
  grafana: {{url: "{url}"}}
  datadog: {{url: "{url}"}}
  sentry: {{url: "{url}", organization: acme}}
  pagerduty: {{url: "{url}"}}
  ruler: {{url: "{url}"}}
metrics:
  up_total: {{type: counter, help: Requests}}
services:
  web: {{}}
"""


class Stranger(FakeServer):
    """Answers the same to everything."""

    says: Any = None

    def _answer(self, request: Request, fault: Fault | None) -> Reply:
        del request, fault
        return Reply(200, self.says)


def monmc(*arguments: str) -> tuple[int, str]:
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        return main([*arguments]), text.getvalue()


@pytest.mark.parametrize("says", [None, [], {}, "x", [None], [1], [{}], {"data": [{}]}, {"data": {"groups": None}}])
def test_a_server_of_another_kind_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("DD_API_KEY", "DD_APP_KEY", "GRAFANA_TOKEN", "SENTRY_AUTH_TOKEN", "PAGERDUTY_TOKEN"):
        monkeypatch.setenv(variable, "a-token-of-the-tests")
    server = Stranger()
    server.says = says
    with server.started():
        Path("shop.yaml").write_text(SPEC.format(url=server.url))
        for command in (
            ("diff", "--against", "live", "shop.yaml"),
            ("health", "shop.yaml"),
            ("backup", "--all", "--out", "copies", "shop.yaml"),
            ("maintenance", "list", "shop.yaml"),
        ):
            code, text = monmc(*command)
            assert code in {0, 1}, text
            assert "MON9001" not in text


def test_the_message_names_the_place_and_not_the_answer() -> None:
    with pytest.raises(UnavailableError) as told, understanding("Datadog"):
        dict(token="a-secret")["a-secret"]  # noqa: C408 - the error holds the answer
    assert str(told.value).startswith("Datadog answered in a form that monmc does not understand (")
    assert str(told.value).endswith("); is the address that of Datadog?")
    assert "a-secret" not in str(told.value)
