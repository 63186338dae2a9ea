"""A platform as it is built from its committed spec, moved to loopback and quickened."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.compiler import compile_project, write
from tests.real.escalation import quickened
from tests.test_generated import ROOT

FACTOR = 60
"""An hour takes a minute."""
LEAST = 1500
"""Milliseconds between two scrapes, or two evaluations: more often is only work. A scrape may take as long, and
postgres_exporter takes a second to say that there is no database."""
ENVIRONMENT = "stack"
LINKS = ("dashboard_url:", "logs_url:", "traces_url:")
"""The annotations of alerts that lead to dashboards, lines and traces."""
SECRET = "tok"
"""What the page `/bearer` of ``tests.real.blackbox.handler`` asks for."""
COLLECTOR = "otel-collector:8889"
"""Where the spans' metrics are; the port is not the spec's to say."""


@dataclass(frozen=True, slots=True, order=True)
class Alert:
    """An alert of one severity, and whom its labels lead to first: the receiver of Alertmanager at level 1.

    Further levels are the same alert, told again when it lasts (``tests/real/test_escalation_end_to_end.py``).
    """

    platform: str
    name: str
    severity: str
    receiver: str

    def __str__(self) -> str:
        return f"{self.platform}: {self.name} ({self.severity})"


@dataclass(frozen=True, slots=True)
class Built:
    """A platform that is ready to run.

    ``tree`` has Prometheus's and Alertmanager's files, quickened; ``blackbox`` is the exporter's file as it was built;
    ``alerts`` are those of Prometheus's rules, ``log_alerts`` those of Loki's. ``channels`` has for each receiver by
    what it is told: slack, pagerduty, email.
    """

    name: str
    tree: Path
    blackbox: Path
    alerts: tuple[Alert, ...]
    log_alerts: tuple[Alert, ...]
    channels: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Pod:
    """A target as Kubernetes's discovery gives it: the label `app` of its pod, its name, ``host:port``."""

    app: str
    name: str
    address: str


def built(
    name: str, laid_over: Mapping[str, Any], addresses: Mapping[str, str], pods: Sequence[Pod], slack: str, folder: Path
) -> Built:
    """Build ``specs/NAME.yaml`` with ``laid_over`` as an environment.

    ``addresses`` are exchanged where the spec cannot say them; ``slack`` is the address of its webhook.
    """
    spec, out, secrets = folder / "spec", folder / "out", folder / "secrets"
    spec.mkdir(parents=True)
    shutil.copy(ROOT / f"specs/{name}.yaml", spec)
    targets = {each: {"secrets_dir": str(secrets)} for each in ("alertmanager", "blackbox")}
    overlay = {ENVIRONMENT: _merged({"deploy": None, "targets": targets}, laid_over)}
    (spec / "zz-stack.yaml").write_text(json.dumps({"environments": overlay}), encoding="utf-8")
    compilation = compile_project(spec, environment=ENVIRONMENT)
    assert [str(each) for each in compilation.diagnostics] == []
    write(compilation, out)
    root = out / name / ENVIRONMENT
    committed = ROOT / "generated" / name / "default/prometheus/rules"
    rules = root / "prometheus/rules"
    assert _without_links(rules) == _without_links(committed), (
        "what is laid over the spec changes addresses, and no rule"
    )
    tree = folder / "quick"
    for part in ("prometheus", "alertmanager"):
        shutil.copytree(root / part, tree / part)
    for path in tree.rglob("*.yml"):
        path.write_text(json.dumps(quickened(yaml.safe_load(path.read_text("utf-8")), FACTOR, LEAST)), "utf-8")
    _move(tree / "prometheus", addresses, pods)
    path = tree / "alertmanager/alertmanager.yml"
    alertmanager = json.loads(path.read_text("utf-8"))
    _put_maintenance_off(alertmanager)
    path.write_text(json.dumps(alertmanager), encoding="utf-8")
    blackbox = root / "blackbox/blackbox.yml"
    secrets.mkdir()
    for key, path in (*_files(alertmanager), *_files(yaml.safe_load(blackbox.read_text("utf-8")))):
        path.write_text(slack if key == "slack_api_url_file" else SECRET, encoding="utf-8")
    return Built(
        name,
        tree,
        blackbox,
        tuple(_alerts(name, sorted(rules.glob("*.yml")))),
        tuple(_alerts(name, sorted((root / "loki/rules").rglob("*.yaml")))),
        {
            each["name"]: frozenset(key.removesuffix("_configs") for key in each if key.endswith("_configs"))
            for each in alertmanager["receivers"]
        },
    )


def _without_links(rules: Path) -> dict[str, list[str]]:
    """The lines of the rule files, but for those with links: what they lead to is named after the environment."""
    return {
        path.name: [each for each in path.read_text("utf-8").splitlines() if not each.lstrip().startswith(LINKS)]
        for path in rules.iterdir()
    }


def _put_maintenance_off(alertmanager: Mapping[str, Any]) -> None:
    """Every day's maintenance is half a day from now, at whatever hour the test runs: hours cannot be quickened."""
    hour = (datetime.now(UTC).hour + 12) % 24
    for interval in alertmanager.get("time_intervals", ()):
        for each in interval["time_intervals"]:
            each["times"] = [{"start_time": f"{hour:02}:00", "end_time": f"{hour:02}:59"}]


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(one)
    for key, value in other.items():
        mine = both.get(key)
        both[key] = _merged(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
    return both


def _alerts(platform: str, files: Sequence[Path]) -> Iterator[Alert]:
    for path in files:
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
            for rule in group["rules"]:
                labels = rule.get("labels", {})
                if "alert" in rule and labels.get("level", "1") == "1":
                    policy = labels.get("escalation")
                    receiver = f"{policy}-level-1" if policy else f"team-{labels['team']}"
                    yield Alert(platform, rule["alert"], labels["severity"], receiver)


def _files(config: Any) -> Iterator[tuple[str, Path]]:
    """The files of secrets that an Alertmanager configuration names, with their keys."""
    if isinstance(config, Mapping):
        for key, value in config.items():
            if key.endswith("_file"):
                yield key, Path(value)
            else:
                yield from _files(value)
    elif isinstance(config, list):
        for each in config:
            yield from _files(each)


def _move(prometheus: Path, addresses: Mapping[str, str], pods: Sequence[Pod]) -> None:
    """Exchange addresses in the scrape jobs, and Kubernetes's discovery for files; no target may be left elsewhere."""
    path = prometheus / "prometheus.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    found = {"pod": [_labelled(pod) for pod in pods], "endpointslice": []}
    for job in config["scrape_configs"]:
        for group in job.get("static_configs", ()):
            group["targets"] = [addresses.get(each, each) for each in group["targets"]]
            assert all(each.startswith("127.0.0.1:") for each in group["targets"]), group
        for discovery in job.pop("kubernetes_sd_configs", ()):
            file = prometheus / f"targets/kubernetes-{discovery['role']}.json"
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(found[discovery["role"]]), encoding="utf-8")
            job.setdefault("file_sd_configs", []).append({"files": [f"targets/{file.name}"]})
    path.write_text(json.dumps(config), encoding="utf-8")
    for file in (prometheus / "targets").glob("*.json"):
        for group in json.loads(file.read_text("utf-8")):
            assert all("127.0.0.1" in each for each in group["targets"]), (file.name, group)


def _labelled(pod: Pod) -> dict[str, Any]:
    """What Prometheus learns of a pod (its documentation, "<kubernetes_sd_config>", role `pod`)."""
    meta = {
        "namespace": "default",
        "pod_name": pod.name,
        "pod_node_name": "node-1",
        "pod_phase": "Running",
        "pod_container_init": "false",
        "pod_label_app": pod.app,
        "pod_annotation_prometheus_io_scrape": "true",
        "pod_annotation_prometheus_io_port": pod.address.rpartition(":")[2],
    }
    labels = {f"__meta_kubernetes_{name}": value for name, value in meta.items()}
    return {"targets": [pod.address.partition(":")[0]], "labels": labels}
