"""The collector's configuration: what the vendor takes, and how well it says what is asked."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.backends.collector.capabilities import service_graph_connector, span_metrics_connector
from skillforge_mon.documents.document import Grade
from tests.backends.tracing.collector_schema import CollectorConfiguration
from tests.backends.tracing.compiled import case, configuration, documents
from tests.projects import resolved

PATH = "collector/config.yaml"
HEAD = """\
version: 1
project: shop
targets: {prometheus: {}, tempo: {}, collector: {}}
services: {web: {}, api: {}}
"""
SETTINGS = {
    "nothing": "{}",
    "all are kept": "{sampling: 100%}",
    "a share": "{sampling: 5%}",
    "nothing is kept": "{sampling: 0%}",
    "failed ones": "{sampling: {default: 1%, keep_errors: true}}",
    "slow ones": "{sampling: {default: 1%, keep_slow: 1m}}",
    "one service": "{sampling: {services: {api: 0.5%}}}",
    "counted": "{span_metrics: {}}",
    "counted without a graph": "{span_metrics: {graph: false, dimensions: [http.route]}, sampling: 10%}",
    "dropped": "{drop: [GET /health, {kind: client}]}",
    "changed": "{attributes: {team: shop}, remove: [a.b], mask: [{name: card, matches: '[0-9]{16}'}]}",
}


def content(traces: str, head: str = HEAD) -> Any:
    return configuration(f"{head}traces: {traces}\n", PATH)


@pytest.mark.parametrize("traces", SETTINGS.values(), ids=SETTINGS)
def test_the_collector_takes_what_is_written(traces: str) -> None:
    CollectorConfiguration.model_validate(content(traces))


def test_the_collector_takes_every_setting_at_once() -> None:
    CollectorConfiguration.model_validate(configuration(case("collected"), PATH))


def test_where_all_are_kept_nothing_waits_for_the_end_of_a_trace() -> None:
    found = content("{}")
    assert found["service"]["pipelines"] == {
        "traces": {
            "receivers": ["otlp"],
            "processors": ["memory_limiter", "batch"],
            "exporters": ["otlp_grpc/tempo"],
        }
    }
    assert "connectors" not in found


def test_spans_are_counted_before_any_trace_is_left_out() -> None:
    pipelines = content("{sampling: 5%, span_metrics: {}}")["service"]["pipelines"]
    assert pipelines == {
        "traces": {
            "receivers": ["otlp"],
            "processors": ["memory_limiter"],
            "exporters": ["span_metrics", "service_graph", "forward/sampled"],
        },
        "traces/sampled": {
            "receivers": ["forward/sampled"],
            "processors": ["tail_sampling", "batch"],
            "exporters": ["otlp_grpc/tempo"],
        },
        "metrics/spans": {"receivers": ["span_metrics", "service_graph"], "exporters": ["prometheus"]},
    }


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ((0, 146), ("spanmetrics", "servicegraph")),
        ((0, 157), ("span_metrics", "servicegraph")),
        ((0, 158), ("span_metrics", "service_graph")),
    ],
)
def test_connectors_have_the_names_that_the_version_knows(version: tuple[int, int], names: tuple[str, str]) -> None:
    assert (span_metrics_connector(version), service_graph_connector(version)) == names


def test_what_is_counted_is_shown_as_often_as_prometheus_looks() -> None:
    head = HEAD.replace("prometheus: {}", "prometheus: {scrape_interval: 20s}")
    found = content("{span_metrics: {buckets: [1s]}}", head)
    assert found["connectors"] == {
        "span_metrics": {
            "namespace": "traces.span.metrics",
            "histogram": {"unit": "s", "explicit": {"buckets": ["1s"]}},
            "exemplars": {"enabled": True},
            "metrics_flush_interval": "20s",
        },
        "service_graph": {"metrics_flush_interval": "20s"},
    }
    assert found["exporters"]["prometheus"] == {
        "endpoint": "0.0.0.0:8889",
        "enable_open_metrics": True,
        "without_scope_info": True,
    }


def test_it_listens_on_an_address_of_ipv6_in_brackets() -> None:
    found = content("{span_metrics: {}}", HEAD.replace("collector: {}", "collector: {listen: '[::1]'}"))
    assert found["receivers"]["otlp"]["protocols"]["grpc"] == {"endpoint": "[::1]:4317"}
    assert found["exporters"]["prometheus"]["endpoint"] == "[::1]:8889"
    (reader,) = found["service"]["telemetry"]["metrics"]["readers"]
    assert reader["pull"]["exporter"]["prometheus"] == {"host": "[::1]", "port": 8888}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("collector: {}", "collector: {listen: '::1'}", "`::1` does not fit `targets.collector.listen`"),
        ("collector: {}", "collector: {listen: '0.0.0.0:1'}", "`0.0.0.0:1` does not fit `targets.collector.listen`"),
        ("tempo: {}", "tempo: {otlp: tempo}", "`tempo` does not fit `targets.tempo.otlp`"),
        ("tempo: {}", "tempo: {}, jaeger: {otlp: jaeger}", "`jaeger` does not fit `targets.jaeger.otlp`"),
    ],
)
def test_an_address_that_a_real_collector_refuses_is_an_error(old: str, new: str, told: str) -> None:
    """It said "too many colons in address", and "missing port in address"."""
    assert [each.headline for each in resolved(HEAD.replace(old, new) + "traces: {}\n")[1]] == [told]


def test_an_older_collector_is_refused() -> None:
    text = HEAD.replace("collector: {}", 'collector: {version: "0.145"}') + "traces: {}\n"
    (document,) = [each for each in documents(text) if each.path == PATH]
    (verdict,) = document.verdicts
    assert (verdict.grade, verdict.reason, verdict.field) == (
        Grade.UNTRANSLATABLE,
        "collector 0.145 does not know what monmc writes; 0.146 is the first that does",
        "version",
    )


@pytest.mark.parametrize(("sampling", "grade"), [("100%", Grade.EXACT), ("10%", Grade.APPROXIMATE)])
def test_several_collectors_cannot_decide_about_one_trace(sampling: str, grade: Grade) -> None:
    text = HEAD.replace("collector: {}", "collector: {replicas: 3}") + f"traces: {{sampling: {sampling}}}\n"
    (document,) = [each for each in documents(text) if each.path == PATH]
    assert [(verdict.object_id, verdict.grade) for verdict in document.verdicts] == [("targets.collector", grade)]


def test_a_collector_without_a_store_behind_it_is_not_written() -> None:
    text = HEAD.replace("tempo: {}", "datadog: {}") + "traces: {}\n"
    assert [each.path for each in documents(text)] == ["otel/web.env", "otel/api.env"]
