"""The real programs are there, in both generations, and do what the other tests rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from tests.real import debian
from tests.real.generation import RECIPES, Version
from tests.real.servers import NotReadyError, alertmanager_server, is_ready, prometheus_server
from tests.real.tools import (
    Generation,
    Result,
    ToolsMissingError,
    amtool_check_config,
    amtool_routes_test,
    main,
    promtool_check_config,
    promtool_check_rules,
    promtool_test_rules,
    tools,
)

RULES = """\
groups:
  - name: backend
    rules:
      - alert: BackendDown
        expr: up{job="backend"} == 0
        for: 5m
"""
ROUTES = """\
route:
  receiver: default
  routes:
    - {matchers: ['severity="critical"'], receiver: pager, continue: true}
    - {matchers: ['team="web"'], receiver: web}
receivers: [{name: default}, {name: pager}, {name: web}]
"""


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def programs_that_say(folder: Path, versions: dict[str, str]) -> Path:
    """Write a shell script for each program that answers with a version as the real one does."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in versions.items():
        said = f"{name.removeprefix('prometheus-')}, version {version} (branch: HEAD)"
        file(folder, name, f"#!/bin/sh\necho '{said}' >&2\n").chmod(0o755)
    return folder


def answer_to_version(path: Path) -> str:
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def unreachable(*_: object, **__: object) -> NoReturn:
    raise debian.NotFetchedError("this machine's apt sources name no Debian mirror")


def test_every_program_says_the_version_of_its_generation(generation: Generation) -> None:
    said = {
        path: Version.said_in(answer_to_version(path))
        for path in (generation.prometheus_bin, generation.promtool, generation.alertmanager_bin, generation.amtool)
    }
    assert said == {
        generation.prometheus_bin: generation.prometheus,
        generation.promtool: generation.prometheus,
        generation.alertmanager_bin: generation.alertmanager,
        generation.amtool: generation.alertmanager,
    }
    assert generation.prometheus in RECIPES[generation.name].prometheus
    assert generation.alertmanager in RECIPES[generation.name].alertmanager


def test_a_prometheus_server_becomes_ready_and_stops(generation: Generation, tmp_path: Path) -> None:
    config = file(tmp_path, "prometheus.yml", "scrape_configs: []\n")
    with prometheus_server(generation, config, tmp_path) as address:
        assert is_ready(address)
    assert not is_ready(address)


def test_an_alertmanager_server_becomes_ready_and_stops(generation: Generation, tmp_path: Path) -> None:
    config = file(tmp_path, "alertmanager.yml", ROUTES)
    with alertmanager_server(generation, config, tmp_path) as address:
        assert is_ready(address)
    assert not is_ready(address)


def test_a_server_that_refuses_its_configuration_is_reported_with_its_log(
    generation: Generation, tmp_path: Path
) -> None:
    config = file(tmp_path, "prometheus.yml", "no_such_field: 1\n")
    with (
        pytest.raises(NotReadyError, match=r"(?s)^prometheus ended with exit code \d instead .*no_such_field"),
        prometheus_server(generation, config, tmp_path),
    ):
        pass


def test_promtool_judges_rules_configurations_and_rule_tests(generation: Generation, tmp_path: Path) -> None:
    good = file(tmp_path, "good.yaml", RULES)
    bad = file(tmp_path, "bad.yaml", RULES.replace("== 0", "=="))
    config = file(tmp_path, "prometheus.yml", "rule_files: [good.yaml]\n")
    unit = "rule_files: [good.yaml]\ntests: [{alert_rule_test: [{eval_time: 9m, alertname: BackendDown}]}]\n"
    silent = file(tmp_path, "silent.yaml", unit)
    firing = file(
        tmp_path, "firing.yaml", unit.replace("alertname: BackendDown", "alertname: BackendDown, exp_alerts: [{}]")
    )
    assert promtool_check_rules(generation, good).exit_code == 0
    assert promtool_check_rules(generation, good, bad).exit_code == 1
    assert promtool_check_config(generation, config).exit_code == 0
    assert promtool_test_rules(generation, silent).exit_code == 0
    assert promtool_test_rules(generation, silent, firing).exit_code == 1


def test_amtool_judges_configurations_and_routes(generation: Generation, tmp_path: Path) -> None:
    good = file(tmp_path, "good.yml", ROUTES)
    bad = file(tmp_path, "bad.yml", ROUTES.replace("{name: web}", "{name: other}"))
    assert amtool_check_config(generation, good).exit_code == 0
    assert amtool_check_config(generation, bad).exit_code == 1
    routed = amtool_routes_test(generation, good, {"severity": "critical", "team": "web"})
    assert routed == Result(0, "pager,web\n")


def test_fitting_programs_on_path_are_used_and_recorded_so_that_the_next_call_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = programs_that_say(tmp_path / "other", {"prometheus": "2.42.0", "promtool": "3.5.0"})
    bin_folder = programs_that_say(
        tmp_path / "bin", {"prometheus": "3.7.1", "promtool": "3.7.1", "alertmanager": "0.28.0", "amtool": "0.28.0"}
    )
    monkeypatch.setenv("PATH", f"{other}{os.pathsep}{bin_folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("MONMC_TOOLS", raising=False)
    monkeypatch.setattr(debian, "unpack", unreachable)
    expected = Generation(
        name="new",
        prometheus=Version(3, 7, 1),
        alertmanager=Version(0, 28, 0),
        prometheus_bin=bin_folder / "prometheus",
        promtool=bin_folder / "promtool",
        alertmanager_bin=bin_folder / "alertmanager",
        amtool=bin_folder / "amtool",
    )
    assert tools("new", tmp_path / "cache") == expected
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", unreachable)
        assert tools("new", tmp_path / "cache") == expected
    record = json.loads((tmp_path / "cache" / "new" / "tools.json").read_text(encoding="utf-8"))
    assert record["promtool"] == {
        "path": str(bin_folder / "promtool"),
        "version": [3, 7, 1],
        "size": (bin_folder / "promtool").stat().st_size,
    }
    programs_that_say(bin_folder, {"promtool": "3.7.10"})
    with pytest.raises(ToolsMissingError, match="PATH holds no fitting promtool, and "):
        tools("new", tmp_path / "cache")


def test_missing_programs_are_named_with_the_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(programs_that_say(tmp_path / "bin", {"amtool": "0.25.0", "prometheus": "2.53.3"})))
    monkeypatch.delenv("MONMC_TOOLS", raising=False)
    monkeypatch.setattr(debian, "unpack", unreachable)
    with pytest.raises(ToolsMissingError) as error:
        tools("old", tmp_path / "cache")
    assert str(error.value) == (
        "the real tools of generation 'old' are missing (Prometheus >= 2.42.0 and < 2.43.0, "
        "Alertmanager >= 0.25.0 and < 0.26.0): PATH holds no fitting prometheus, promtool, alertmanager, and "
        "this machine's apt sources name no Debian mirror; "
        "put them on PATH, or into a folder that MONMC_TOOLS names"
    )
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["old.lock"]


def test_a_chosen_folder_is_used_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"prometheus": "2.42.0", "promtool": "2.42.0", "alertmanager": "0.25.0", "amtool": "0.25.0"}
    programs_that_say(tmp_path / "old", versions)
    monkeypatch.setenv("MONMC_TOOLS", str(tmp_path))
    assert tools("old", tmp_path / "cache").promtool == tmp_path / "old" / "promtool"
    with pytest.raises(ToolsMissingError) as error:
        tools("new", tmp_path / "cache")
    assert str(error.value) == (
        "the real tools of generation 'new' are missing (Prometheus >= 3.5.0, Alertmanager >= 0.28.0): "
        f"MONMC_TOOLS names {tmp_path}, which holds no fitting prometheus, promtool, alertmanager, amtool, neither "
        "itself nor in a folder 'new' of its own; put them there, or unset MONMC_TOOLS to have them fetched"
    )


def test_the_command_prints_the_versions_or_fails_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    versions = {"prometheus": "3.5.0", "promtool": "3.5.0", "prometheus-alertmanager": "0.33.1", "amtool": "0.33.1"}
    programs_that_say(tmp_path, versions)
    monkeypatch.setenv("MONMC_TOOLS", str(tmp_path))
    assert main() == 1
    out, err = capsys.readouterr()
    assert out == "new: Prometheus 3.5.0, Alertmanager 0.33.1\n"
    assert err.startswith("error: the real tools of generation 'old' are missing (")
    assert err.count("\n") == 1


def test_processes_that_start_at_once_find_the_programs_once(tmp_path: Path) -> None:
    versions = {"prometheus": "3.5.0", "promtool": "3.5.0", "alertmanager": "0.28.0", "amtool": "0.28.0"}
    programs_that_say(tmp_path / "bin", versions)
    call = "import sys, pathlib; from tests.real.tools import tools; print(tools('new', pathlib.Path(sys.argv[1])))"
    inherited = {name: value for name, value in os.environ.items() if name != "MONMC_TOOLS"}
    environment = {**inherited, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", call, str(tmp_path / "cache")],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0, 0]
    assert len(set(answers)) == 1
