"""``use: traces``: what a service is asked, as its spans tell it."""

from __future__ import annotations

from skillforge_mon.lower.panel_sets import Missing, PanelSet
from skillforge_mon.lower.trace_set import trace_set
from skillforge_mon.query.promql import print_expr
from skillforge_mon.query.types import infer
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  jaeger: {public_url: "https://jaeger.example.com/"}
  collector: {}
services: {web shop: {}}
traces: {span_metrics: {}}
""".replace("web shop", "web.shop")


def queries(found: PanelSet) -> dict[str, list[str]]:
    return {
        draft.panel.title: [print_expr(query.expr) for query in draft.panel.queries if query.expr is not None]
        for draft in found.drafts
    }


def test_a_service_is_shown_by_what_it_is_asked() -> None:
    shop = project(SPEC)
    found = trace_set(shop, shop.services["web.shop"])
    asked = 'service_name="web.shop", span_kind=~"SPAN_KIND_(SERVER|CONSUMER)"'
    calls = f"sum by (span_name) (rate(traces_span_metrics_calls_total{{{asked}}}[4m59s999ms]))"
    failed = calls.replace('CONSUMER)"', 'CONSUMER)", status_code="STATUS_CODE_ERROR"')
    buckets = f"sum by (le) (rate(traces_span_metrics_duration_seconds_bucket{{{asked}}}[4m59s999ms]))"
    assert found.title == "web.shop: traces"
    assert queries(found) == {
        "Requests": [calls],
        "Errors": [f"({failed} or 0 * {calls}) / {calls}"],
        "Duration": [f"histogram_quantile({quantile}, {buckets})" for quantile in ("0.5", "0.95", "0.99")],
    }
    links = {(link.title, link.url) for draft in found.drafts for link in draft.panel.links}
    assert links == {("Traces in Jaeger", "https://jaeger.example.com/search?service=web.shop")}


def test_all_services_are_shown_beside_each_other() -> None:
    found = queries(trace_set(project(SPEC), None))
    asked = 'span_kind=~"SPAN_KIND_(SERVER|CONSUMER)"'
    assert found["Requests"] == [
        f"sum by (service_name) (rate(traces_span_metrics_calls_total{{{asked}}}[4m59s999ms]))"
    ]


def test_the_catalogue_knows_what_it_reads() -> None:
    shop = project(SPEC)
    units = {
        draft.panel.title: infer(query.expr, shop.catalogue).unit
        for draft in trace_set(shop, None).drafts
        for query in draft.panel.queries
        if query.expr is not None
    }
    assert units == {"Requests": "requests_per_second", "Errors": "ratio", "Duration": "seconds"}


def test_without_anybody_who_counts_nothing_is_shown() -> None:
    text = SPEC.replace("  collector: {}\n", "").replace("{span_metrics: {}}", "{}")
    assert trace_set(project(text), None) == PanelSet(
        "Traces",
        (),
        (
            Missing(
                "Requests",
                "count spans: `span_metrics: {}` under `traces`, with `collector` and `prometheus` under `targets`",
            ),
        ),
    )


def test_where_people_cannot_reach_jaeger_nothing_leads_there() -> None:
    text = SPEC.replace('{public_url: "https://jaeger.example.com/"}', "{}")
    assert [draft.panel.links for draft in trace_set(project(text), None).drafts] == [(), (), ()]
