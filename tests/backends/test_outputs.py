"""The table of docs/backends.md says what is so."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from skillforge_mon.backends.backend import REGISTRY
from skillforge_mon.backends.output import Output
from skillforge_mon.cli.commands import COMMANDS
from skillforge_mon.spec.models.spec import Spec

ROOT = Path(__file__).resolve().parents[2]
OUTPUTS: list[tuple[str, Output]] = [
    (name, output) for name, package in REGISTRY.items() for output in import_module(f"{package}.capabilities").OUTPUTS
]
NOT_IN_THE_PLATFORMS = {
    "alertmanager/silences/*", "grafana/alerting/*", "pagerduty/*", "ruler/*", "exporters/*", "promtail/*", "tempo/*", "kubernetes/operator/*",
    "elasticsearch/kibana/rules/*.json", "elasticsearch/apm/*.env",
    "elasticsearch/kibana/apm/*.json", "datadog/logs/scanner/*.json",
}  # fmt: skip
"""What none of the four platforms asks for: its tests have specs of their own."""


@pytest.mark.parametrize(("backend", "output"), OUTPUTS, ids=[f"{name}: {each.what}" for name, each in OUTPUTS])
def test_an_output_comes_from_the_language_is_tested_and_can_be_shown(backend: str, output: Output) -> None:
    assert set(output.sections) <= set(Spec.model_fields)
    assert [path for path in output.held_by if not (ROOT / path).exists()] == []
    assert output.shown_by.split()[:2] in [["monmc", command.name] for command in COMMANDS]
    written = bool(list((ROOT / "generated").glob(f"*/*/{output.files}")))
    assert written != (output.files in NOT_IN_THE_PLATFORMS), backend


def test_every_backend_says_what_it_writes() -> None:
    assert {name for name, _ in OUTPUTS} == set(REGISTRY)
