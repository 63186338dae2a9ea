"""The published schema accepts what the language accepts, and refuses what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from skillforge_mon.spec.schema import language_schema

SPECS = sorted((Path(__file__).parent.parent.parent / "specs").rglob("*.yaml"))
VALIDATOR = Draft202012Validator(language_schema())


def problems(spec: Any) -> list[str]:
    """What the schema has against ``spec``, by path."""
    return [error.json_path for error in VALIDATOR.iter_errors(spec)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(language_schema())


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file_of_the_platforms_is_accepted(path: Path) -> None:
    yaml = YAML(typ="safe", pure=True)
    assert problems(yaml.load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "spec",
    [
        {"teams": {"a": {"slack": "#x", "email": "a@b.example"}}},
        {"teams": {"a": {"slack": [{"channel": "#x"}, "#y"]}}},
        {"escalation": {"a": [{"notify": "b"}]}},
        {"services": {"a": {"scrape": "a:80"}}},
        {"services": {"a": {"scrape": ["a:80"]}}},
        {"alerts": {"A": {"severity": "critical", "expr": "up"}}},
        {"alerts": {"A": {"severity": {"critical": "> 5%", "warning": {"when": "> 1%"}}}}},
        {"dashboards": {"a": {"rows": [{"panels": [{"title": "x", "query": "up"}]}]}}},
        {"defaults": {"alerts": {"for": "5m"}}},
        {"environments": {"prod": {"alerts": {"A": None}, "targets": {"datadog": None}}}},
    ],
)
def test_short_forms_are_accepted(spec: dict[str, Any]) -> None:
    assert problems({"version": 1, "project": "shop", **spec}) == []


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"version": 2}, "$.version"),
        ({"teams": {"a": {"slak": "#x"}}}, "$.teams.a"),
        ({"alerts": {"A": {"severity": "bad"}}}, "$.alerts.A.severity"),
        ({"maintenance": {"a": {"from": "02:00"}}}, "$.maintenance.a"),
        ({"slos": {"a": {"objektive": 1}}}, "$.slos.a"),
        ({"environments": {"prod": {"nonsense": 1}}}, "$.environments.prod"),
    ],
)
def test_mistakes_are_refused_where_they_stand(spec: dict[str, Any], path: str) -> None:
    assert problems({"project": "shop", "version": 1, **spec}) == [path]
