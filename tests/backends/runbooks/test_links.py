"""Where an alert's runbook is found."""

from __future__ import annotations

import pytest

from skillforge_mon.lower.runbooks import runbook_link
from tests.projects import project

SPEC = """\
version: 1
project: shop
%s
runbooks:
  busy: {resolve: [Add a worker.]}
  wiki: {url: "https://wiki.example/busy"}
"""
SERVED = 'targets: {runbooks: {url: "https://docs.example/runbooks/"}}'


@pytest.mark.parametrize(
    ("targets", "runbook", "backend", "address"),
    [
        ("", "busy", "prometheus", "runbooks/busy.md"),
        ("", "busy", "datadog", "runbooks/busy.md"),
        ("", "busy", "grafana", None),
        ("", "busy", "runbooks", "busy.md"),
        ("", "wiki", "grafana", "https://wiki.example/busy"),
        (SERVED, "busy", "prometheus", "https://docs.example/runbooks/busy.md"),
        (SERVED, "busy", "grafana", "https://docs.example/runbooks/busy.md"),
        (SERVED, "busy", "runbooks", "busy.md"),
        (SERVED, "wiki", "prometheus", "https://wiki.example/busy"),
    ],
)
def test_a_runbook_has_an_address_that_leads_there(
    targets: str, runbook: str, backend: str, address: str | None
) -> None:
    found = project(SPEC % targets)
    assert runbook_link(found, found.runbooks[runbook], backend) == address


def test_without_a_runbook_there_is_nothing_to_link_to() -> None:
    assert runbook_link(project(SPEC % SERVED), None, "prometheus") is None
