"""A spec text to what it is after its packs are expanded."""

from __future__ import annotations

from typing import Any

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.spec.overlay import resolve_overlays
from skillforge_mon.spec.packing.places import PackPlace, noted
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode, to_plain

PACK = """\
packs:
  queue:
    description: A queue of jobs
    parameters:
      limit: {kind: number, default: 100, description: How many may wait}
      objective: {kind: ratio, description: What is promised}
    spec:
      metrics:
        jobs_waiting: {type: gauge, unit: jobs, labels: {queue: bounded}}
      slos:
        ${pack:service}-jobs: {objective: "${pack:objective}"}
      alerts:
        ${pack:Service}Backlog:
          service: ${pack:service}
          severity: {warning: "> ${pack:limit}", info: "> 10"}
          expr: max by (queue) (jobs_waiting{${pack:selector}})
          for: 10m
          runbook: backlog
        ${pack:Service}Stopped: {service: "${pack:service}", severity: critical, expr: "up == 0", runbook: backlog}
      runbooks:
        backlog: {resolve: [Add a worker.]}
"""


def root_of(text: str, environment: str | None = None) -> tuple[MappingNode, tuple[Diagnostic, ...]]:
    """The tree of the spec ``text`` after packs and overlays, and what was reported, with the uses of packs."""
    report = Report()
    places: list[PackPlace] = []
    loaded = load_text(text, "shop.yaml", report)
    assert loaded is not None, list(report)
    merged = resolve_overlays(loaded, environment, report, places)
    assert merged is not None, list(report)
    return merged, tuple(noted(report, places))


def expanded(text: str, environment: str | None = None) -> dict[str, Any]:
    """The spec ``text`` after packs and overlays, as plain data, without its packs. Nothing may be reported."""
    merged, diagnostics = root_of(text, environment)
    assert diagnostics == ()
    plain: dict[str, Any] = to_plain(merged)
    plain.pop("packs", None)
    return plain


def problems(text: str, environment: str | None = None) -> list[tuple[str, str, str, str]]:
    """Code, place, headline and help of everything that is reported about the spec ``text``."""
    _, diagnostics = root_of(text, environment)
    return [
        (each.code, f"{each.span.line}:{each.span.column}" if each.span else "", each.headline, each.help)
        for each in diagnostics
    ]
