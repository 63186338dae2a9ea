"""The environment of services: variables that OpenTelemetry's specification has, with values that it takes."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.otel.emit import environment
from skillforge_mon.spec.quantities import plain_number
from tests.backends.tracing.compiled import documents
from tests.projects import project

HEAD = """\
version: 1
project: shop
targets: TARGETS
services: {web: {}, api: {}}
traces: TRACES
environments: {production: {}}
"""
SAMPLERS = frozenset(("parentbased_always_on", "parentbased_traceidratio"))
"""Of the known values of ``OTEL_TRACES_SAMPLER`` those that we write ("General SDK Configuration")."""


def variables(targets: str, traces: str = "{}", name: str | None = None) -> dict[str, dict[str, str]]:
    """By service, the variables that it gets."""
    found = project(HEAD.replace("TARGETS", targets).replace("TRACES", traces), name)
    assert found.traces is not None
    return {each.name: dict(environment(found, found.traces, each)) for each in found.traces.services}


@pytest.mark.parametrize(
    ("targets", "endpoint"),
    [
        ("{jaeger: {}}", "http://jaeger:4317"),
        ('{jaeger: {tls: true, otlp: "traces.example.com:443"}}', "https://traces.example.com:443"),
        ("{tempo: {}}", "http://tempo:4317"),
        ("{tempo: {}, jaeger: {}, collector: {}}", "http://otel-collector:4317"),
        ("{tempo: {}, collector: {address: collector.shop}}", "http://collector.shop:4317"),
    ],
)
def test_a_service_sends_to_the_collector_or_straight_to_the_store(targets: str, endpoint: str) -> None:
    found = variables(targets)["web"]
    assert (found["OTEL_EXPORTER_OTLP_ENDPOINT"], found["OTEL_EXPORTER_OTLP_PROTOCOL"]) == (endpoint, "grpc")


@given(default=st.decimals("0", "1", places=4), own=st.decimals("0", "1", places=4))
def test_a_service_without_a_collector_leaves_out_its_own_share(default: Decimal, own: Decimal) -> None:
    sampling = f"{{sampling: {{default: {default:f}, services: {{api: {own:f}}}}}}}"
    found = variables("{tempo: {}}", sampling)
    for name, rate in (("web", default), ("api", own)):
        assert found[name]["OTEL_TRACES_SAMPLER"] in SAMPLERS
        argument = None if rate == 1 else plain_number(rate)
        assert found[name].get("OTEL_TRACES_SAMPLER_ARG") == argument


def test_a_service_with_a_collector_leaves_nothing_out() -> None:
    found = variables("{tempo: {}, collector: {}}", "{sampling: 10%}")["web"]
    assert found["OTEL_TRACES_SAMPLER"] == "parentbased_always_on"
    assert "OTEL_TRACES_SAMPLER_ARG" not in found


def test_datadog_gets_its_unified_service_tags_and_no_address() -> None:
    assert variables("{datadog: {}}", name="production")["web"] == {
        "OTEL_SERVICE_NAME": "web",
        "OTEL_RESOURCE_ATTRIBUTES": "service.version=${SERVICE_VERSION},deployment.environment.name=production",
        "DD_SERVICE": "web",
        "DD_ENV": "production",
        "DD_VERSION": "${SERVICE_VERSION}",
    }


def read(attributes: str) -> dict[str, str]:
    """``OTEL_RESOURCE_ATTRIBUTES`` as an SDK reads it ("Resource SDK", "Specifying resource information …")."""
    pairs = (pair.partition("=") for pair in attributes.split(","))
    return {name: unquote(value) for name, _, value in pairs}


@given(st.text(st.characters(codec="utf-8", exclude_characters="$", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_an_sdk_reads_every_attribute_as_it_was_written(value: str) -> None:
    quoted = value.replace("'", "''")
    found = variables("{tempo: {}}", f"{{attributes: {{team: '{quoted}'}}}}")["web"]
    written = found["OTEL_RESOURCE_ATTRIBUTES"]
    assert read(written)["team"] == value
    assert written.isprintable()
    assert " " not in written


def test_an_sdk_reads_the_version_as_it_was_written() -> None:
    found = variables("{tempo: {}}", "{version: '1.2, build=5', attributes: {team: shop}}")["web"]
    assert read(found["OTEL_RESOURCE_ATTRIBUTES"]) == {"service.version": "1.2, build=5", "team": "shop"}


def test_attributes_that_the_collector_adds_are_not_said_twice() -> None:
    found = variables("{tempo: {}, collector: {}}", "{attributes: {team: shop}}")["web"]
    assert found["OTEL_RESOURCE_ATTRIBUTES"] == "service.version=${SERVICE_VERSION}"


def test_only_services_that_send_traces_get_a_file() -> None:
    text = HEAD.replace("TARGETS", "{tempo: {}}").replace("TRACES", "{services: [api]}")
    assert [each.path for each in documents(text, backends=("otel",))] == ["otel/api.env"]
