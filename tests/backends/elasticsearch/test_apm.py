"""Elastic APM: what agents and Kibana are told, how long data is kept, and what is told to OpenTelemetry instead."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.elasticsearch.apm import ERROR_STREAM, LOG_STREAM, TRACE_STREAMS, sample_rate
from skillforge_mon.checks.trace_without_collector import check
from skillforge_mon.documents.document import Document, Grade, Verdict
from tests.backends.elasticsearch.specs import body, compiled
from tests.backends.elasticsearch.test_templates import judged
from tests.backends.tracing.compiled import configuration, documents
from tests.projects import project, resolved

APM = """\
version: 1
project: shop
targets:
  elasticsearch:
    version: "9.1"
    apm:
      url: https://apm.example.com:8200/
      secret_token: "${secret:APM_TOKEN}"
      options: {capture_body: errors, transaction_max_spans: "250"}
services: {web: {}, api: {}}
retention: {traces: 14d, logs: {default: 7d, error: 30d}}
traces:
  sampling: {default: 20%, services: {api: 100%}}
  attributes: {cloud.region: eu}
environments: {production: {}}
"""
OTLP = APM.replace(
    '      options: {capture_body: errors, transaction_max_spans: "250"}\n', "      agent: opentelemetry\n"
)


def variables(found: dict[str, Document], service: str) -> dict[str, str]:
    """What the file of ``service`` sets, as Docker Compose and shells read it."""
    text = found[f"elasticsearch/apm/{service}.env"].content
    assert isinstance(text, str)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"ELASTIC_APM_[A-Z_]+=.*", line) for line in lines)
    return dict(line.split("=", 1) for line in lines)


def test_an_agent_is_told_by_its_environment() -> None:
    assert variables(compiled(APM, "production"), "web") == {
        "ELASTIC_APM_SERVICE_NAME": "web",
        "ELASTIC_APM_SERVICE_VERSION": "${SERVICE_VERSION}",
        "ELASTIC_APM_ENVIRONMENT": "production",
        "ELASTIC_APM_SERVER_URL": "https://apm.example.com:8200",
        "ELASTIC_APM_SECRET_TOKEN": "${APM_TOKEN}",
        "ELASTIC_APM_GLOBAL_LABELS": "cloud_region=eu",
        "ELASTIC_APM_TRANSACTION_SAMPLE_RATE": "0.2",
        "ELASTIC_APM_CAPTURE_BODY": "errors",
        "ELASTIC_APM_TRANSACTION_MAX_SPANS": "250",
    }


def test_central_configuration_says_the_same() -> None:
    found = compiled(APM, "production")
    judged(found)
    assert {name: body(found, f"kibana/apm/{name}") for name in ("web", "api")} == {
        "web": {
            "service": {"name": "web", "environment": "production"},
            "settings": {"transaction_sample_rate": "0.2", "capture_body": "errors", "transaction_max_spans": "250"},
        },
        "api": {
            "service": {"name": "api", "environment": "production"},
            "settings": {"transaction_sample_rate": "1", "capture_body": "errors", "transaction_max_spans": "250"},
        },
    }
    for name in ("web", "api"):
        told = variables(found, name)
        for option, value in body(found, f"kibana/apm/{name}")["settings"].items():
            assert told[f"ELASTIC_APM_{option.upper()}"] == value


def test_without_an_environment_the_configuration_is_that_of_all() -> None:
    found = compiled(APM)
    assert body(found, "kibana/apm/web")["service"] == {"name": "web"}
    assert "ELASTIC_APM_ENVIRONMENT" not in variables(found, "web")


def test_data_streams_of_apm_are_kept_as_the_spec_says() -> None:
    found = compiled(APM)
    judged(found)
    assert {
        name: body(found, f"component_templates/{name}@custom")["template"]
        for name in (*TRACE_STREAMS, ERROR_STREAM, LOG_STREAM)
    } == {
        "traces-apm": lifecycle("14d"),
        "traces-apm.rum": lifecycle("14d"),
        "logs-apm.error": lifecycle("30d"),
        "logs-apm.app": lifecycle("7d"),
    }


def lifecycle(length: str) -> Any:
    """The lifecycle of a data stream, which Elasticsearch's own templates have a policy before."""
    return {"settings": {"index": {"lifecycle": {"prefer_ilm": False}}}, "lifecycle": {"data_retention": length}}


def test_policies_keep_them_with_ilm() -> None:
    found = compiled(APM.replace('version: "9.1"', 'version: "8.15"\n    lifecycle: ilm'))
    judged(found)
    assert body(found, "component_templates/traces-apm@custom") == {
        "template": {"settings": {"index": {"lifecycle": {"name": "shop-default-traces-14d", "prefer_ilm": True}}}},
        "_meta": {"managed_by": "monmc", "owner": "shop/default/retention.traces"},
    }
    assert sorted(path.rpartition("/")[2] for path in found if "/ilm_policies/" in path) == [
        "shop-default-apm-logs-30d.json",
        "shop-default-apm-logs-7d.json",
        "shop-default-traces-14d.json",
    ]
    # A rollover comes after two days, and 12 days later what came before it goes: no span is kept for more than 14.
    phases = body(found, "ilm_policies/shop-default-traces-14d")["policy"]["phases"]
    assert (phases["hot"]["actions"]["rollover"]["max_age"], phases["delete"]["min_age"]) == ("2d", "12d")


def test_what_is_not_said_is_left_to_elasticsearch() -> None:
    assert not [path for path in compiled(APM.replace("retention:", "#")) if "@custom" in path]


@given(rate=st.decimals("0", "1", places=7))
def test_a_rate_is_rounded_as_agents_round_it(rate: Decimal) -> None:
    told = sample_rate(rate)
    assert told == round(told, 4)
    assert (told > 0) == (rate > 0)
    assert abs(told - rate) <= (Decimal("0.00005") if rate >= Decimal("0.00005") else Decimal("0.0001"))


def test_a_rate_halfway_is_rounded_up() -> None:
    assert [sample_rate(Decimal(text)) for text in ("0.00001", "0.55554", "0.55555", "0")] == [
        Decimal("0.0001"),
        Decimal("0.5555"),
        Decimal("0.5556"),
        Decimal(0),
    ]


def test_what_agents_cannot_say_is_in_the_verdict() -> None:
    spec = APM.replace("20%", "0.123456").replace("cloud.region: eu", '"zones": "a,b"')
    spec = spec.replace("{web: {}", "{web.front: {}")
    found = compiled(spec)
    assert found["elasticsearch/apm/web.front.env"].verdicts == (
        Verdict(
            "elasticsearch",
            "services.web.front",
            Grade.APPROXIMATE,
            "`web.front` is `web_front`, as a name there has no other characters; 0.1235 of the traces are kept: a rate "
            "has four decimals; the attribute `zones` is left out: its value has a comma",
            field="traces",
        ),
    )
    assert found["elasticsearch/apm/api.env"].verdicts[0].reason == (
        "the attribute `zones` is left out: its value has a comma"
    )


def test_with_opentelemetry_there_are_no_files_for_agents() -> None:
    assert [path for path in compiled(OTLP) if "/apm/" in path] == []
    assert "elasticsearch/component_templates/traces-apm@custom.json" in compiled(OTLP)


def test_elastics_agents_leave_opentelemetry_nothing_to_send() -> None:
    assert [document.path for document in documents(APM)] == []


def test_opentelemetry_sends_straight_to_apm_server() -> None:
    found = {document.path: document.content for document in documents(OTLP)}
    assert "".join(f"{line}\n" for line in str(found["otel/web.env"]).splitlines()[3:]) == (
        "OTEL_EXPORTER_OTLP_ENDPOINT=https://apm.example.com:8200\n"
        "OTEL_EXPORTER_OTLP_PROTOCOL=grpc\n"
        "OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${APM_TOKEN}\n"
        "OTEL_TRACES_EXPORTER=otlp\n"
        "OTEL_METRICS_EXPORTER=none\n"
        "OTEL_LOGS_EXPORTER=none\n"
        "OTEL_TRACES_SAMPLER=parentbased_traceidratio\n"
        "OTEL_TRACES_SAMPLER_ARG=0.2\n"
    )


@pytest.mark.parametrize(
    ("url", "exporter"),
    [
        ("http://apm:8200", {"endpoint": "apm:8200", "tls": {"insecure": True}}),
        ("https://apm.example.com/", {"endpoint": "apm.example.com:443", "tls": {"insecure": False}}),
        ("http://apm", {"endpoint": "apm:80", "tls": {"insecure": True}}),
        ("https://${env:APM}", {"endpoint": "${env:APM}", "tls": {"insecure": False}}),
    ],
)
def test_the_collector_sends_to_apm_server(url: str, exporter: dict[str, Any]) -> None:
    spec = OTLP.replace("https://apm.example.com:8200/", url).replace("targets:\n", "targets:\n  collector: {}\n")
    found = configuration(spec, "collector/config.yaml")
    assert found["exporters"] == {
        "otlp_grpc/elasticsearch": {**exporter, "headers": {"Authorization": "Bearer ${env:APM_TOKEN}"}}
    }
    assert found["service"]["pipelines"]["traces/sampled"]["exporters"] == ["otlp_grpc/elasticsearch"]


def test_a_key_in_place_of_a_token() -> None:
    spec = OTLP.replace("secret_token:", "api_key:").replace("targets:\n", "targets:\n  collector: {}\n")
    headers = configuration(spec, "collector/config.yaml")["exporters"]["otlp_grpc/elasticsearch"]["headers"]
    assert headers == {"Authorization": "ApiKey ${env:APM_TOKEN}"}
    assert variables(compiled(APM.replace("secret_token:", "api_key:")), "web")["ELASTIC_APM_API_KEY"] == "${APM_TOKEN}"


@pytest.mark.parametrize("setting", ["keep_errors: true", "keep_slow: 2s"])
@pytest.mark.parametrize("collector", [True, False])
def test_what_a_collector_does_is_not_done_to_what_passes_it_by(setting: str, collector: bool) -> None:
    spec = APM.replace("{default: 20%", f"{{default: 20%, {setting}")
    if collector:
        spec = spec.replace("targets:\n", "targets:\n  collector: {}\n  tempo: {}\n")
    (problem,) = check(project(spec))
    assert problem.headline == (
        f"`sampling.{setting.partition(':')[0]}` needs a collector, and Elastic's agents send past it"
    )


def test_elasticsearch_keeps_traces_by_default_only_with_apm() -> None:
    def kept(spec: str) -> tuple[str, ...]:
        found = project(spec).traces
        assert found is not None
        return found.backends

    logs_only = re.sub(r"    apm:\n(      .*\n)+", "", APM)
    assert kept(APM) == ("elasticsearch",)
    assert kept(APM.replace("targets:\n", "targets:\n  tempo: {}\n")) == ("elasticsearch", "tempo")
    assert kept(logs_only.replace("targets:\n", "targets:\n  tempo: {}\n")) == ("tempo",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("capture_body", "service_name"), "`service_name` is said elsewhere"),
        (("capture_body: errors", "environment: production"), "`environment` is said elsewhere"),
        (("options:", 'api_key: "${secret:KEY}"\n      options:'), "APM Server is told one"),
        (("options:", "agent: opentelemetry\n      options:"), "`options` are those of Elastic's own agents"),
    ],
)
def test_nothing_is_said_twice(change: tuple[str, str], message: str) -> None:
    assert [each.headline for each in resolved(APM.replace(*change))[1] if message in each.headline] != []
