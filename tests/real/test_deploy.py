"""The real servers start with the command lines that compose and Kubernetes would start them with, in both generations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from skillforge_mon.backends.prometheus.loaded_settings import setting_differences
from skillforge_mon.compiler import compile_project, write
from tests.backends.deployment.emitted import SPEC
from tests.real.generation import Generation
from tests.real.servers import _running, asked, free_port

DEPLOY = """\
  compose: {without: [redis-exporter]}
  kubernetes: {without: [redis-exporter, node-exporter]}
"""
AGENT = """\
version: 1
project: shop
targets:
  prometheus: {version: "VERSION", mode: agent, remote_write: "http://127.0.0.1:1/write"}
deploy:
"""


def commands(text: str, generation: Generation, folder: Path) -> dict[str, list[list[str]]]:
    """The command line of each server as compose has it, and as Kubernetes has it, with paths of this machine."""
    spec = folder / "shop.yaml"
    spec.write_text(
        text.replace("VERSION", f"{generation.prometheus.major}.{generation.prometheus.minor}").replace(
            "MANAGED", f"{generation.alertmanager.major}.{generation.alertmanager.minor}"
        )
    )
    compilation = compile_project(spec)
    assert [each.headline for each in compilation.diagnostics if each.code != "MON4484"] == []
    write(compilation, folder / "generated")
    root = folder / "generated/shop/default"
    services: Any = yaml.safe_load((root / "compose/compose.yaml").read_text())["services"]
    found: dict[str, list[list[str]]] = {}
    for name in ("prometheus", "alertmanager"):
        if name in services:
            pod = yaml.safe_load((root / f"kubernetes/base/{name}-statefulset.yaml").read_text())
            container, *_companions = pod["spec"]["template"]["spec"]["containers"]
            found[name] = [
                [_here(argument, root, folder / way) for argument in arguments]
                for way, arguments in (("compose", services[name]["command"]), ("kubernetes", container["args"]))
            ]
    return found


def _here(argument: str, root: Path, data: Path) -> str:
    """``argument`` with the paths of the container as those of this machine."""
    flag, sign, value = argument.partition("=")
    if value.startswith("/monmc/"):
        value = str(root / value.removeprefix("/monmc/").removeprefix("default/"))
    elif value in {"/prometheus", "/alertmanager"}:
        value = str(data) + value
    return flag + sign + value


@pytest.mark.parametrize("way", [0, 1], ids=["compose", "kubernetes"])
def test_replicas_of_prometheus_start_and_know_who_they_are(
    way: int, generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLICA", "prometheus-2")
    text = SPEC.replace('version: "3.5"', 'version: "VERSION"\n    replicas: 2').replace(
        'version: "0.28"', 'version: "MANAGED"'
    )
    arguments = commands(text + DEPLOY, generation, tmp_path)["prometheus"][way]
    port = free_port()
    command = [*generation.prometheus_command, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
    with _running(command, port, tmp_path / "prometheus.log") as address:
        loaded = yaml.safe_load(asked(address, "status/config")["yaml"])
        flags = asked(address, "status/flags")
        groups = asked(address, "rules")["groups"]
    assert loaded["global"]["external_labels"] == {"replica": "prometheus-2"}
    assert loaded["alerting"]["alert_relabel_configs"][0]["action"] == "labeldrop"
    assert flags["rules.alert.for-grace-period"] == "5m"
    assert flags["web.enable-lifecycle"] == "true"
    assert [rule["name"] for group in groups for rule in group["rules"]] == ["Many"]


@pytest.mark.parametrize("way", [0, 1], ids=["compose", "kubernetes"])
def test_an_agent_starts(way: int, generation: Generation, tmp_path: Path) -> None:
    arguments = commands(AGENT + "  compose: {}\n  kubernetes: {}\n", generation, tmp_path)["prometheus"][way]
    port = free_port()
    command = [*generation.prometheus_command, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
    with _running(command, port, tmp_path / "prometheus.log") as address:
        loaded = yaml.safe_load(asked(address, "status/config")["yaml"])
    assert [store["url"] for store in loaded["remote_write"]] == ["http://127.0.0.1:1/write"]


@pytest.mark.parametrize("way", [0, 1], ids=["compose", "kubernetes"])
def test_alertmanager_starts(way: int, generation: Generation, tmp_path: Path) -> None:
    text = SPEC.replace('version: "3.5"', 'version: "VERSION"').replace('version: "0.28"', 'version: "MANAGED"')
    arguments = commands(text + DEPLOY, generation, tmp_path)["alertmanager"][way]
    port = free_port()
    command = [*generation.alertmanager_command, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
    with _running(command, port, tmp_path / "alertmanager.log") as address:
        assert address.endswith(str(port))


SCALED = """\
version: 1
project: shop
targets:
  prometheus:
    version: "VERSION"
    replicas: 2
    external_labels: {cluster: eu}
    federation: ["eu:9090", "us:9090"]
    remote_write:
      - url: http://127.0.0.1:1/write
        kind: mimir
        tenant: shop
        only: ["slo:.+", up]
        queue: {capacity: 5000, max_shards: 20, batch_send_deadline: 10s}
deploy:
"""


def test_what_a_server_at_scale_has_loaded_is_no_difference(
    generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLICA", "prometheus-2")
    arguments = commands(SCALED + "  compose: {}\n  kubernetes: {}\n", generation, tmp_path)["prometheus"][0]
    wanted = yaml.safe_load((tmp_path / "generated/shop/default/prometheus/prometheus.yml").read_text())
    port = free_port()
    command = [*generation.prometheus_command, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
    with _running(command, port, tmp_path / "prometheus.log") as address:
        printed = asked(address, "status/config")["yaml"]
    assert list(setting_differences(printed, wanted)) == []
    moved = printed.replace("capacity: 5000", "capacity: 6000")
    assert [each.name for each in setting_differences(moved, wanted)] == ["remote_write"]


OBSERVED = """\
version: 1
project: shop
targets:
  prometheus:
    version: "VERSION"
    replicas: 2
    thanos: {object_store: "${secret:BUCKET}"}
deploy:
  compose: {}
  kubernetes: {}
"""


@pytest.mark.parametrize("way", [0, 1], ids=["compose", "kubernetes"])
def test_prometheus_leaves_its_blocks_as_the_sidecar_uploads_them(
    way: int, generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLICA", "prometheus-2")
    arguments = commands(OBSERVED, generation, tmp_path)["prometheus"][way]
    port = free_port()
    command = [*generation.prometheus_command, *arguments, f"--web.listen-address=127.0.0.1:{port}"]
    with _running(command, port, tmp_path / "prometheus.log") as address:
        flags = asked(address, "status/flags")
    assert {name: flags[f"storage.tsdb.{name}-block-duration"] for name in ("min", "max")} == {"min": "2h", "max": "2h"}
