"""What is wrong about traces, and where it is said."""

from __future__ import annotations

import pytest

from skillforge_mon.checks.trace_examples import COLLECTED, TRACES
from skillforge_mon.checks.trace_retention_without_store import check as retention
from skillforge_mon.checks.trace_settings_unclear import check as settings
from skillforge_mon.checks.trace_without_apm import check as apm
from skillforge_mon.checks.trace_without_collector import check as collector
from skillforge_mon.checks.trace_without_store import check as store
from tests.projects import project, resolved

SECTION = "traces:\n  services: [web]\n"


def said(text: str) -> list[tuple[int, str, str, str]]:
    """Of every problem its line, code, headline and help."""
    found = project(text)
    return [
        (problem.span.line if problem.span is not None else 0, problem.code, problem.headline, problem.help)
        for check in (store, retention, collector, settings, apm)
        for problem in check(found)
    ]


def with_traces(section: str, text: str = COLLECTED) -> str:
    return text.replace(SECTION, f"traces: {section}\n")


def test_the_examples_are_right() -> None:
    assert said(TRACES) == said(COLLECTED) == []


@pytest.mark.parametrize(
    ("settings_", "key"),
    [
        ("{sampling: {keep_errors: true}}", "sampling.keep_errors"),
        ("{sampling: {keep_slow: 2s}}", "sampling.keep_slow"),
        ("{drop: [GET /health]}", "drop"),
        ("{remove: [a]}", "remove"),
        ("{mask: [{name: card, matches: '[0-9]+'}]}", "mask"),
    ],
)
def test_what_only_a_collector_does_needs_one(settings_: str, key: str) -> None:
    assert said(with_traces(settings_)) == []
    assert said(with_traces(settings_, TRACES)) == [
        (7, "MON3673", f"`{key}` needs a collector", "add `collector: {}` to `targets`")
    ]


def test_two_stores_need_a_collector() -> None:
    text = TRACES.replace("  tempo: {}\n", "  tempo: {}\n  jaeger: {}\n")
    assert [(code, headline) for _, code, headline, _ in said(text)] == [
        ("MON3673", "a service sends its traces to one place, and they are to be kept in jaeger, tempo")
    ]


@pytest.mark.parametrize(
    ("targets", "headline", "help_"),
    [
        ("tempo: {}", "nothing counts the spans", "add `collector: {}`, `prometheus: {}` to `targets`"),
        ("tempo: {}, prometheus: {}", "nothing counts the spans", "add `collector: {}` to `targets`"),
        (
            "tempo: {}, collector: {}",
            "nothing keeps what is counted from spans",
            "add `prometheus: {}` to `targets`",
        ),
    ],
)
def test_span_metrics_need_who_counts_and_who_keeps(targets: str, headline: str, help_: str) -> None:
    text = (
        f"version: 1\nproject: shop\ntargets: {{{targets}}}\nservices: {{web: {{}}}}\ntraces:\n  span_metrics: {{}}\n"
    )
    assert said(text) == [(6, "MON3672", headline, help_)]


def test_datadog_counts_its_own_spans() -> None:
    text = "version: 1\nproject: shop\ntargets: {datadog: {}, prometheus: {}, collector: {}}\nservices: {web: {}}\n"
    assert [(code, help_) for _, code, _, help_ in said(f"{text}traces: {{span_metrics: {{}}}}\n")] == [
        ("MON3676", "take it out, or name it under `backends`"),
        ("MON3672", "spans that go to Datadog alone are counted by Datadog: leave `span_metrics` out"),
    ]


def test_elasticsearch_takes_traces_by_way_of_apm_server() -> None:
    text = TRACES.replace("  tempo: {}", "  elasticsearch: {}").replace(
        SECTION, "traces: {backends: [elasticsearch]}\n"
    )
    assert said(text)[-1] == (
        7,
        "MON4610",
        "Elasticsearch takes traces by way of APM Server, and the spec does not say where that is",
        "add `apm: {url: …}` to `targets.elasticsearch`",
    )
    assert said(text.replace("elasticsearch: {}", "elasticsearch: {apm: {}}")) == []


def test_spans_of_elastics_agents_are_not_counted() -> None:
    targets = "targets: {elasticsearch: {apm: {}}, prometheus: {}, collector: {}}\n"
    text = f"version: 1\nproject: shop\n{targets}services: {{web: {{}}}}\ntraces: {{span_metrics: {{}}}}\n"
    assert [(code, help_) for _, code, _, help_ in said(text)] == [
        ("MON3676", "take it out, or name it under `backends`"),
        (
            "MON3672",
            "spans of Elastic's agents go past the collector: write `agent: opentelemetry`, or leave this out",
        ),
    ]


@pytest.mark.parametrize(
    ("dimensions", "headline"),
    [
        ("[span.kind]", "`span.kind` is there already: every span metric has it"),
        ("[http.route, http.route]", "`http.route` is there already: it is the label of `http.route` too"),
        ("[http.route, http_route]", "`http_route` is there already: it is the label of `http.route` too"),
        ("[span_kind]", "`span_kind` is there already: it is the label of `span.kind` too"),
    ],
)
def test_no_dimension_is_there_twice(dimensions: str, headline: str) -> None:
    found = said(with_traces(f"{{span_metrics: {{dimensions: {dimensions}}}}}"))
    assert found == [(9, "MON3678", headline, "leave it out")]


@pytest.mark.parametrize(
    ("section", "headline"),
    [
        ("{drop: [{matches: '('}]}", "this is no regular expression of RE2: "),
        ("{drop: [{matches: 'a*'}]}", "this matches everything, as it matches nothing at all too"),
        ("{drop: [{}]}", "this filter says nothing"),
        ("{mask: [{name: a, matches: '(?=b)'}]}", "this is no regular expression of RE2: "),
    ],
)
def test_a_pattern_means_something(section: str, headline: str) -> None:
    ((line, code, found, _),) = said(with_traces(section))
    assert (line, code, found.startswith(headline)) == (9, "MON3675", True)


@pytest.mark.parametrize(
    "section", ["{services: [web], drop: [{services: api}]}", "{services: [web], sampling: {services: {api: 1%}}}"]
)
def test_a_service_without_traces_has_no_share(section: str) -> None:
    assert [(code, headline) for _, code, headline, _ in said(with_traces(section))] == [
        ("MON3674", "`api` sends no traces")
    ]


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("{services: [wep]}", 9),
        ("{sampling: {services: {wep: 1%}}}", 9),
        ("{drop: [{services: [wep]}]}", 9),
    ],
)
def test_a_service_that_does_not_exist_is_told(section: str, line: int) -> None:
    _, problems = resolved(with_traces(section))
    assert [(each.code, each.headline, each.span.line if each.span else 0) for each in problems] == [
        ("MON1201", "there is no service `wep`", line)
    ]


@pytest.mark.parametrize(("share", "hint"), [("101%", ""), ("1.5", " (did you mean 1.5%?)"), ("-1%", "")])
def test_no_more_than_everything_can_be_kept(share: str, hint: str) -> None:
    found, problems = resolved(with_traces(f'{{sampling: "{share}"}}'))
    assert found is not None
    assert found.traces is None
    assert [(each.code, each.headline) for each in problems] == [("MON1105", f"`{share}` is not between 0 and 1{hint}")]
    assert [*store(found), *retention(found)] == []


@pytest.mark.parametrize("buckets", ["[1s, 1s]", "[2s, 1s]", "[]"])
def test_buckets_ascend(buckets: str) -> None:
    found, problems = resolved(with_traces(f"{{span_metrics: {{buckets: {buckets}}}}}"))
    assert found is not None
    assert found.traces is None
    assert len(problems) == 1


def test_backends_are_those_that_keep_traces() -> None:
    text = with_traces("{backends: [tempo, prometheus]}")
    _, problems = resolved(text)
    assert [(each.headline, each.notes) for each in problems] == [
        ("traces are not compiled for `prometheus`", ("they are compiled for: jaeger, tempo, elasticsearch, datadog",))
    ]


def test_retention_of_traces_without_any() -> None:
    text = TRACES.replace(SECTION, "")
    assert [(line, code) for line, code, _, _ in said(text)] == [(4, "MON3676"), (6, "MON3671")]
