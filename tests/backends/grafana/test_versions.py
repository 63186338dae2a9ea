"""Dashboards are written for the version that the target names."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.backends.grafana.capabilities import schema_version, version_of
from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.grafana.compiled import compiled, dashboards

SPEC = """\
version: 1
project: shop
targets: {grafana: {version: "VERSION"}}
metrics: {depth: {type: gauge, help: Waiting jobs}}
dashboards:
  home: {rows: [{panels: [{title: Depth, query: depth}]}]}
"""


def dashboard(version: str) -> dict[str, Any]:
    """The only dashboard for this version."""
    return dashboards(SPEC.replace("VERSION", version))[0]


@pytest.mark.parametrize(
    ("version", "schema"),
    [("9.1", 36), ("10.4", 36), ("11.1", 36), ("11.2", 39), ("11.6", 41), ("12.0", 41), ("12.2", 42), ("13.1", 42)],
)
def test_the_schema_version_is_that_of_the_server(version: str, schema: int) -> None:
    assert schema_version(version_of(version)) == schema
    assert dashboard(version)["schemaVersion"] == schema


@pytest.mark.parametrize(("version", "plugin"), [("12.0", "12.0.0"), ("11.6.3", "11.6.3")])
def test_panels_say_which_version_they_are_of(version: str, plugin: str) -> None:
    assert [panel["pluginVersion"] for panel in dashboard(version)["panels"]] == [plugin]


@pytest.mark.parametrize(("version", "known"), [("12.1", False), ("12.2", True)])
def test_an_option_is_written_from_the_version_on_that_has_it(version: str, *, known: bool) -> None:
    custom = dashboard(version)["panels"][0]["fieldConfig"]["defaults"]["custom"]
    assert ("showValues" in custom) == known


def test_a_server_that_is_too_old_for_the_panels_is_named() -> None:
    documents, diagnostics = compiled(SPEC.replace("VERSION", "8.5"))
    assert diagnostics == ()
    assert [verdict for document in documents for verdict in document.verdicts] == [
        Verdict(
            "grafana",
            "dashboards.home",
            Grade.UNTRANSLATABLE,
            "Grafana 8.5 does not read the panels that monmc writes; Grafana 9.1 is the first that does",
            'upgrade, and set `targets.grafana.version` to "9.1" or later',
        )
    ]
