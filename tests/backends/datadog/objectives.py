"""Specs of SLOs for Datadog, and what they are compiled to."""

from __future__ import annotations

from typing import Any, cast

from skillforge_mon.documents.document import Document
from tests.backends.datadog.monitors import documents

HEAD = """\
version: 1
project: shop
targets:
  datadog: {tags: {cost: web}}
  prometheus: {}
  runbooks: {url: "https://docs.example/runbooks"}
metrics:
  requests_total: {type: counter, labels: {service: bounded, status: bounded, tenant: bounded}}
  errors_total: {type: counter, labels: {service: bounded}}
  latency_seconds: {type: histogram, buckets: [0.1, 0.5, 1], labels: {service: bounded}}
  rpc_seconds: {type: native_histogram, labels: {service: bounded}}
  queue_length: {type: gauge, labels: {queue: bounded}}
  queue_limit: {type: gauge, labels: {queue: bounded}}
  last_backup: {type: gauge, unit: seconds, exported_by_push: true}
  probe_ok: {type: gauge, unit: boolean, exported_by_push: true}
teams:
  on-call: {pagerduty: {routing_key: "${secret:KEY}", service: Primary}}
  manager: {email: em@example.com}
  tickets: {email: todo@example.com}
  chat: {slack: "#chat"}
escalation:
  page: [{notify: on-call}]
  chat: [{notify: chat}]
  tickets: [{notify: tickets}]
  ladder:
    - {notify: on-call, timeout: 10m}
    - {notify: [manager, on-call]}
services:
  web: {team: manager, labels: {tier: "1"}}
runbooks:
  busy: {resolve: [Add a worker.]}
environments:
  staging: {}
  production: {}
"""

FIELDS = {
    "service": "web",
    "objective": "99.9%",
    "bad": "'requests_total{status=~\"5..\"}'",
    "total": "requests_total",
    "escalation": "page",
    "backends": "[prometheus, datadog]",
}


def slo(fields: str = "", name: str = "api") -> str:
    """An SLO with ``fields`` (joined by ``; ``) instead of its own; a field without a value is left out."""
    lines = dict(FIELDS)
    for line in filter(None, fields.split("; ")):
        key, _, value = line.partition(": ")
        lines[key] = value
        if not value:
            del lines[key]
    return f"  {name}:\n" + "".join(f"    {key}: {value}\n" for key, value in lines.items())


def measured(fields: str) -> str:
    """An SLO that is measured as ``fields`` say."""
    return slo(f"bad: ; total: ; {fields}")


def compiled(slos: str, environment: str | None = None, head: str = HEAD) -> list[Document]:
    """The documents of ``slos``, about which nothing must be reported."""
    found, problems = documents("", environment, f"{head}slos:\n{slos}")
    assert problems == ()
    return list(found)


def body(document: Document) -> dict[str, Any]:
    """What a document says."""
    return cast("dict[str, Any]", document.content)


def reasons(document: Document) -> list[str]:
    """The differences that the verdict of a document names."""
    return document.verdicts[0].reason.split("; ")


def queries(found: list[Document]) -> list[str]:
    """The queries of the monitors."""
    return [body(each)["query"] for each in found if each.resource is not None and each.resource.kind == "monitor"]
