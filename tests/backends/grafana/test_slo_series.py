"""A row of objectives asks for series that the rules of Prometheus record, and for no others."""

from __future__ import annotations

from skillforge_mon.query.promql import VectorSelector, parse, print_expr, selectors
from tests.backends.grafana.compiled import dashboards, panels
from tests.backends.prometheus.emitting import emitted

SPEC = """\
version: 1
project: shop
targets: {prometheus: {}, grafana: {}}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
services: {web: {}, api: {scrape: {targets: ["api:1"], interval: 2m}}}
slos:
  availability: {service: web, objective: 99.9%, bad: 'requests_total{code="500"}', total: requests_total}
  a.b: {service: web, objective: 99%, bad: 'requests_total{code="500"}', total: requests_total,
        alerting: true, burn: [{short: 90s, long: 30m, budget: 1%, severity: critical},
               {short: 5m, long: 1h, budget: 2%, severity: warning}]}
  slow: {service: api, objective: 99%, bad: 'requests_total{code="500"}', total: requests_total}
dashboards:
  all: {rows: [{use: slo}]}
  web: {rows: [{use: slo, service: web}]}
  api: {rows: [{use: slo, service: api}]}
"""


def asked() -> dict[str, set[VectorSelector]]:
    """The series that each dashboard asks for."""
    return {
        dashboard["title"]: {
            selector
            for panel in panels(dashboard)
            for target in panel.get("targets", ())
            for selector in selectors(parse(target["expr"]))
        }
        for dashboard in dashboards(SPEC)
    }


def recorded() -> set[tuple[str, str, str]]:
    """The name, the SLO and the service of every series that is recorded."""
    prometheus = emitted(SPEC)
    paths = [path for path in prometheus.documents if path.endswith(".slos.yml")]
    assert paths != []
    rules = [rule for path in paths for rule in prometheus.rules(path) if "record" in rule]
    return {(rule["record"], rule["labels"]["slo"], rule["labels"]["service"]) for rule in rules}


def test_what_is_asked_for_is_recorded() -> None:
    names = {name for name, _, _ in recorded()}
    assert {selector.name for found in asked().values() for selector in found} <= names


def test_each_objective_is_asked_for_over_its_own_base_window_and_over_its_whole_window() -> None:
    ratios = {
        title: sorted(text for text in map(print_expr, found) if text.startswith("slo:error_ratio"))
        for title, found in asked().items()
    }
    assert ratios == {
        "Shop: all": [
            'slo:error_ratio:rate10m{slo=~"slow"}',
            r'slo:error_ratio:rate1m30s{slo=~"a\\.b"}',
            "slo:error_ratio:rate30d",
            'slo:error_ratio:rate5m{slo=~"availability"}',
        ],
        "Shop: web": [
            r'slo:error_ratio:rate1m30s{service="web", slo=~"a\\.b"}',
            'slo:error_ratio:rate30d{service="web"}',
            'slo:error_ratio:rate5m{service="web", slo=~"availability"}',
        ],
        "Shop: api": [
            'slo:error_ratio:rate10m{service="api"}',
            'slo:error_ratio:rate30d{service="api"}',
        ],
    }
