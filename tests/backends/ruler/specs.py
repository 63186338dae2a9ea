"""A spec for a ruler, and what is made of it."""

from __future__ import annotations

from skillforge_mon.backends.ruler.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {evaluation_interval: 45s}
  ruler: {kind: KIND, url: "URL", tenant: shop-team, limits: {rules_per_group: 4}}
metrics:
  jobs_total: {type: counter, help: Jobs, labels: {queue: bounded}}
services:
  web: {}
alerts:
  Many: {service: web, severity: critical, expr: "sum by (queue) (rate(jobs_total[5m])) > 5", for: 90s, keep_firing_for: 10m}
  Often: {service: web, severity: {warning: "> 9", info: "> 3"}, expr: "max(queue:jobs:rate5m)", interval: 2m}
recordings:
  rate: {record: queue:jobs:rate5m, expr: "sum by (queue) (rate(jobs_total[5m]))"}
  other: {record: other:jobs:rate5m, expr: "sum(rate(jobs_total[5m]))"}
  more: {record: more:jobs:rate5m, expr: "sum(rate(jobs_total[5m] offset 1d))"}
  mean: {record: jobs:mean, expr: "avg(queue:jobs:rate5m)"}
  worst: {record: jobs:max, expr: "max(queue:jobs:rate5m) or jobs:mean"}
"""


def compiled(kind: str = "mimir", url: str = "http://127.0.0.1:1", was: str = "", now: str = "") -> Project:
    """The project, with ``now`` in the place of ``was``."""
    text = SPEC.replace("KIND", kind).replace("URL", url)
    assert was in text
    return project(text.replace(was, now) if was else text)


def documents(source: Project) -> list[Document]:
    """The groups; the test fails where anything is reported."""
    report = Report()
    found = list(emit(source, Lowering(source, report), report))
    assert list(report) == []
    return found


def slo_spec(slos: int, limits: str = "", services: int = 20) -> str:
    """A spec of so many SLOs of so many services, each with 9 rules that are evaluated as usual, and 10 that are slow."""
    lines = [
        "version: 1",
        "project: shop",
        "targets:",
        "  prometheus: {}",
        f'  ruler: {{url: "https://mimir.example.com", limits: {{{limits}}}}}',
        "metrics:",
        "  requests_total: {type: counter, help: Requests, labels: {status: bounded}}",
        "teams:",
        '  shop: {webhook: "http://hooks:8080/"}',
        "escalation:",
        "  page: [{notify: shop}]",
        "runbooks:",
        "  burning: {resolve: [Roll back the latest deployment.]}",
        "services:",
        *(f"  service-{number}: {{team: shop, escalation: page, runbook: burning}}" for number in range(services)),
        "slos:",
        *(f"  slo-{number:03}: {_slo(number, services)}" for number in range(slos)),
    ]
    return "\n".join(lines) + "\n"


def _slo(number: int, services: int) -> str:
    total = f'requests_total{{job="job-{number}"}}'
    bad = f'requests_total{{job="job-{number}", status=~"5.."}}'
    return f"{{service: service-{number % services}, objective: 99.9%, window: 30d, bad: '{bad}', total: '{total}'}}"
