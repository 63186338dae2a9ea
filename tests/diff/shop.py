"""One spec with something of everything, and what the tests of this folder do with specs."""

from __future__ import annotations

from pathlib import Path

from skillforge_mon.compiler import Compilation, compile_project, plan, write
from skillforge_mon.diff.change import ChangeSet
from skillforge_mon.diff.projects import compare_projects, former_ids
from skillforge_mon.diff.trees import compare_tree
from tests.projects import project

SHOP = """\
version: 1
project: shop
targets:
  prometheus: {version: "3.5", retention: 90d}
  alertmanager: {version: "0.28", default_team: shop}
  grafana: {version: "12.0"}
  datadog: {site: datadoghq.eu}
metrics:
  requests_total:
    type: counter
    help: Requests
    labels: {code: bounded, service: bounded}
  latency_seconds:
    type: histogram
    help: Time of a request
    buckets: [0.1, 0.5, 1]
    labels: {service: bounded}
  jobs_waiting: {type: gauge, help: Jobs that wait, unit: jobs, labels: {queue: bounded}}
recordings:
  requests:
    record: service:requests:rate5m
    expr: sum by (service) (rate(requests_total[5m]))
    labels: {origin: monmc}
teams:
  shop: {webhook: "http://hooks:8080/", description: Who build it}
  on-call: {pagerduty: {routing_key: "${secret:KEY}", service: shop-on-call}}
  managers: {webhook: ["http://hooks:8080/managers"]}
escalation:
  page:
    levels:
      - {notify: [on-call], timeout: 10m}
      - {notify: [shop, managers]}
    repeat: 1h
    approximate: [alertmanager, datadog]
  ticket: [{notify: shop}]
services:
  web:
    team: shop
    tier: 1
    description: The shop
    scrape: {targets: ["web:80"], path: /metrics, interval: 30s}
    labels: {area: front}
  worker: {team: shop, depends_on: [web]}
slos:
  web-availability:
    service: web
    objective: 99.9%
    window: 30d
    description: Requests are answered
    bad: requests_total{service="web", code=~"5.."}
    total: requests_total{service="web"}
    escalation: page
    runbook: errors
    backends: [prometheus]
  web-latency:
    service: web
    objective: 95%
    latency: {metric: 'latency_seconds{service="web"}', below: 500ms}
    escalation: ticket
    runbook: errors
    backends: [prometheus]
alerts:
  HighErrorRate:
    service: web
    severity: {critical: {when: "> 5%", for: 2m, priority: P2}, warning: "> 1%"}
    expr: |
      sum by (service) (rate(requests_total{code=~"5.."}[5m]))
      / sum by (service) (rate(requests_total[5m]))
    for: 5m
    keep_firing_for: 1m
    summary: "{{ labels.service }} fails {{ value | percent }} of requests"
    description: It has done so for {{ for }}.
    runbook: errors
    escalation: page
    labels: {kind: errors}
    annotations: {note: see the dashboard}
    backends: [prometheus, datadog]
    approximate: [datadog]
  Backlog:
    service: worker
    severity: warning
    expr: sum by (queue) (jobs_waiting) > 100
    for: 10m
    summary: Jobs wait
    runbook: https://wiki.example/backlog
    escalation: ticket
    backends: [prometheus]
maintenance:
  deploy:
    services: [web]
    severities: [warning]
    every: saturday
    from: "02:00"
    for: 2h
    timezone: Europe/Paris
dashboards:
  overview:
    title: Overview
    description: What users feel
    tags: [shop]
    refresh: 30s
    rows:
      - {use: red, service: web}
      - title: Work
        panels:
          - {title: Jobs, query: sum(jobs_waiting), width: 12, unit: jobs}
          - {title: Oldest, type: stat, query: max(jobs_waiting), decimals: 1}
runbooks:
  errors:
    title: Errors
    symptoms: [Users complain.]
    resolve: [Roll back., Tell people.]
    links: [{url: "https://wiki.example/errors", title: Wiki}]
"""


def changed(*pairs: tuple[str, str], text: str = SHOP) -> str:
    """``text`` with the first of each pair, which must stand in it once, replaced by the second."""
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def spec_changes(old: str, new: str) -> ChangeSet:
    """What changed from one spec to another."""
    return compare_projects(project(old), project(new), "before")


def compiled(folder: Path, text: str) -> Compilation:
    """The spec ``text`` compiled in ``folder``. The test fails where it does not compile."""
    file = folder / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    compilation = compile_project(file)
    assert [diagnostic.headline for diagnostic in compilation.diagnostics if compilation.failed] == []
    return compilation


def built(folder: Path, text: str) -> Path:
    """Build the spec ``text`` below ``folder``; the folder of its tree."""
    outcome = write(compiled(folder, text), folder / "generated")
    assert not outcome.failed
    return outcome.root


def tree_changes(folder: Path, text: str) -> ChangeSet:
    """What building ``text`` would change in what was built below ``folder``."""
    compilation = compiled(folder, text)
    assert compilation.project is not None
    planned = plan(compilation, folder / "generated")
    assert not planned.failed, planned.diagnostics
    return compare_tree(planned, compilation.documents, former_ids(compilation.project), "generated")
