"""``monmc`` itself against running servers: build, compare, push with a reload, compare again, and mute beside it."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from skillforge_mon.cli.main import main
from tests.real import servers
from tests.real.applying import LIFECYCLE
from tests.real.generation import Generation
from tests.real.test_silences import SPEC


def test_a_push_loads_what_was_built_and_leaves_nothing_to_do(
    generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    prometheus, alertmanager = servers.free_port(), servers.free_port()
    version = f'"{generation.prometheus.major}.{generation.prometheus.minor}"'
    text = SPEC.replace("PORT", "1")
    text = text.replace("prometheus: {}", f'prometheus: {{version: {version}, url: "http://127.0.0.1:{prometheus}"}}')
    text = text.replace("silences}", f'silences, url: "http://127.0.0.1:{alertmanager}"}}')
    spec = tmp_path / "shop.yaml"
    spec.write_text(text)
    assert main(["build", "shop.yaml"]) == 0
    root = tmp_path / "generated" / "shop" / "default"
    ports = iter((prometheus, alertmanager))
    with (
        patch.object(servers, "free_port", lambda: next(ports)),
        servers.prometheus_server(generation, root / "prometheus" / "prometheus.yml", tmp_path, LIFECYCLE),
        servers.alertmanager_server(generation, root / "alertmanager" / "alertmanager.yml", tmp_path),
    ):
        assert _printed(["push", "shop.yaml", "--yes"], capsys).startswith(
            "Prometheus  default\n  no changes\nAlertmanager  default\n  + silence"
        )
        spec.write_text(
            text.replace("> 10", "> 12").replace("for: 72h", "for: 96h").replace("group_wait: 1s", "group_wait: 2s")
        )
        assert main(["build", "shop.yaml"]) == 0
        capsys.readouterr()
        shown = _printed(["diff", "--against", "live", "shop.yaml"], capsys)
        assert [line.split()[:3] for line in shown.splitlines() if line.startswith("  ~")] == [
            ["~", "alert", "rule"],
            ["~", "silence", "now"],
            ["~", "setting", "route"],
        ]
        assert main(["maintenance", "start", "web.one", "shop.yaml", "--for", "2h", "--reason", "New disks"]) == 0
        capsys.readouterr()
        assert "1 updated, 2 reloaded" in _printed(["push", "shop.yaml", "--yes", "--prune"], capsys)
        assert _printed(["push", "shop.yaml", "--yes", "--prune"], capsys) == (
            "Prometheus  default\n  no changes\nAlertmanager  default\n  no changes (4 silences)\nno changes\n"
        )
        assert "web.one  until " in _printed(["maintenance", "list", "shop.yaml"], capsys)


def _printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command that does its work prints."""
    code = main(arguments)
    out, err = capsys.readouterr()
    assert code == 0, err
    return out
