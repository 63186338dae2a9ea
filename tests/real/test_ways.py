"""The addresses that alerts carry, filled in by the promtool of both generations as the compiler says they will be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.backends.ways.templates import template
from skillforge_mon.backends.ways.way import LabelValue, Way
from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.proving.case import Skipped
from skillforge_mon.proving.promtool import found_promtool
from skillforge_mon.proving.prove import prove
from skillforge_mon.proving.texts import addresses
from tests.backends.ways.specs import SPEC
from tests.real.tools import Generation, promtool_test_rules

VALUES = (
    "/pay/{id}",
    "100% & more # of + everything",
    'quoted "twice" and \\ \\\\ escaped',
    "it's <here> | (there) `now`!",
    "élan ✓ {{ x }} $1 ${2}",
    "%5C%22",
)
WAYS = {
    f"{within}_url": Way("logs", "", ("https://grafana.example/{{?a=", LabelValue("endpoint", within), "&b=1"))
    for within in ("url", "logql", "kql")
}


def test_labels_are_filled_in_as_they_are_proved(generation: Generation, tmp_path: Path) -> None:
    rule: dict[str, Any] = {
        "alert": "Errors",
        "expr": "errors > 0",
        "annotations": {name: template(way) for name, way in WAYS.items()},
    }
    rules = {"groups": [{"name": "web", "rules": [rule]}]}
    (tmp_path / "rules.yml").write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    expected = [
        {
            "exp_labels": {"endpoint": value},
            "exp_annotations": addresses(WAYS, {"endpoint": value}),
        }
        for value in VALUES
    ]
    series = [{"series": f"errors{{endpoint={_quoted(value)}}}", "values": "1 1"} for value in VALUES]
    case = {
        "interval": "1m",
        "input_series": series,
        "alert_rule_test": [{"eval_time": "1m", "alertname": "Errors", "exp_alerts": expected}],
    }
    path = tmp_path / "test.yml"
    path.write_text(
        yaml.safe_dump({"rule_files": ["rules.yml"], "tests": [case]}, allow_unicode=True), encoding="utf-8"
    )
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_what_alerts_carry_is_proved_with_the_rest(generation: Generation, tmp_path: Path) -> None:
    promtool = found_promtool(generation.promtool)
    assert not isinstance(promtool, Diagnostic)
    spec = tmp_path / "shop.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    compilation = compile_project(spec)
    assert compilation.project is not None
    outcome = prove(compilation.project, compilation.documents, promtool)
    assert [each for each in outcome.results if isinstance(each, Skipped) or each.unmet] == []
    assert len(outcome.results) > 1
