"""The rules of hygiene, case by case: what they report, and what they leave alone."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    alert_always_or_never,
    alert_threshold_order,
    alert_without_comparison,
    secret_in_clear,
)
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
  depth: {type: gauge}
alerts:
  A:
"""


def alert(severity: str, expr: str) -> str:
    """A spec with one alert."""
    return f"{SPEC}    severity: {severity}\n    expr: {expr}\n"


def said(found: list[Diagnostic]) -> list[tuple[str, str]]:
    """Codes and headlines."""
    return [(item.code, item.headline) for item in found]


@pytest.mark.parametrize(
    ("severity", "expr", "expected"),
    [
        ("info", "sum(rate(requests_total[5m])) >= 0", [("MON3005", "`A` is always true")]),
        ("info", "sum(rate(requests_total[5m])) < 0", [("MON3006", "`A` can never be true")]),
        ("info", "sum(rate(requests_total[5m])) > 0", []),
        ("info", "depth < 0", []),
        ("info", "vector(1) > 0 and depth > 1", []),
        (
            "info",
            'sum(rate(requests_total{code="5"}[5m])) / sum(rate(requests_total[5m])) > 1',
            [("MON3006", "`A` can never be true")],
        ),
        (
            "info",
            'sum(rate(requests_total{code="5"}[5m])) / sum(rate(requests_total[5m])) <= 1',
            [("MON3005", "`A` is always true")],
        ),
        (
            '{critical: "> 500%", warning: "> 5%"}',
            'sum(rate(requests_total{code="5"}[5m])) / sum(rate(requests_total[5m]))',
            [("MON3006", "`A` can never be true")],
        ),
        ('{critical: "== -1"}', "sum(rate(requests_total[5m]))", [("MON3006", "`A` can never be true")]),
        ('{critical: "!= -1"}', "sum(rate(requests_total[5m]))", [("MON3005", "`A` is always true")]),
    ],
)
def test_conditions_that_cannot_change_are_told(severity: str, expr: str, expected: list[tuple[str, str]]) -> None:
    assert said(list(alert_always_or_never.check(project(alert(severity, expr))))) == expected


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ('{critical: "> 10", warning: "> 5"}', []),
        ('{critical: "< 5", warning: "< 10"}', []),
        ('{critical: "> 10%", warning: "> 0.05"}', []),
        ('{critical: "> 5", warning: "> 10"}', [("MON3009", "`critical` of `A` is reached before `warning`")]),
        ('{critical: "< 10", warning: "< 5"}', [("MON3009", "`critical` of `A` is reached before `warning`")]),
        ('{critical: "> 5", warning: "> 5"}', [("MON3009", "`critical` and `warning` of `A` have the same threshold")]),
        (
            '{critical: "> 5", info: "< 5"}',
            [("MON3009", "`critical` and `info` of `A` compare in opposite directions")],
        ),
    ],
)
def test_severities_come_in_order(severity: str, expected: list[tuple[str, str]]) -> None:
    assert said(list(alert_threshold_order.check(project(alert(severity, "depth"))))) == expected


@pytest.mark.parametrize(
    ("expr", "reported"),
    [
        ("depth", True),
        ("sum(depth)", True),
        ("depth > bool 5", True),
        ("depth > 5", False),
        ("(depth > 5) and depth < 10", False),
        ("absent(depth)", False),
        ("depth unless depth > 5", False),
        ("5 < depth", False),
    ],
)
def test_a_query_without_a_comparison_is_no_condition(expr: str, reported: bool) -> None:
    assert bool(list(alert_without_comparison.check(project(alert("info", f"'{expr}'"))))) is reported


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("https://hooks.slack.com/services/T0/B0/abc", "this looks like a Slack webhook"),
        ("xoxb-1234567890-abcdef", "this looks like a Slack token"),
        ("ghp_" + "a" * 36, "this looks like a GitHub token"),
        ("AKIAABCDEFGHIJKLMNOP", "this looks like an AWS access key"),
        ("glsa_" + "b" * 32, "this looks like a Grafana service-account token"),
        ("sntrys_" + "c" * 32, "this looks like a Sentry token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "this looks like a private key"),
        ("https://ann:hunter2@db.example/", "this looks like an address with a password"),
        ("https://${env:USER}:x@db.example/", None),
        ("https://wiki.example/a:b@c", None),
        ("the height of the eyJaw", None),
    ],
)
def test_what_looks_like_a_secret_is_told_wherever_it_stands(text: str, headline: str | None) -> None:
    spec = project(f"version: 1\nproject: shop\nteams:\n  shop: {{webhook: '{text}'}}\n")
    assert [item.headline for item in secret_in_clear.check(spec)] == ([headline] if headline else [])


def test_what_is_among_the_secrets_of_a_data_source_is_one_whatever_it_is_called() -> None:
    spec = project(
        "version: 1\nproject: shop\ntargets:\n  grafana:\n    sources:\n"
        '      datadog: {type: datadog, settings: {appKey: 1}, secrets: {appKey: abc, other: "${secret:B}"}}\n'
    )
    assert [item.headline for item in secret_in_clear.check(spec)] == ["`appKey` is a secret, and stands here in clear"]


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ("deploy: {kubernetes: {secret: shop-credentials-secret}}", None),
        ("deploy: {kubernetes: {images: {vault-token: registry.example/vault:1}}}", None),
        ("metrics: {logins_total: {type: counter, labels: {token: bounded, cookie: [set, missing]}}}", None),
        (
            (
                "exporters: {api-token: 'tokens:9410'}\n"
                "packs: {api-token: {description: P, exporter: {program: tokens}, spec: {metrics: {}}}}"
            ),
            None,
        ),
        (
            "packs: {p: {description: P, spec: {metrics: {logins_total: {type: counter, labels: {token: bounded}}}}}}",
            None,
        ),
        ("services: {web: {scrape: {targets: 'web:80', labels: {token: abc}}}}", "token"),
        ("deploy: {compose: {exporters: {redis-exporter: {environment: {REDIS_PASSWORD: abc}}}}}", "REDIS_PASSWORD"),
    ],
)
def test_a_name_that_sounds_like_a_secret_is_none_where_only_names_stand(spec: str, place: str | None) -> None:
    found = list(secret_in_clear.check(project(f"version: 1\nproject: shop\n{spec}\n")))
    assert said(found) == ([("MON1401", f"`{place}` is a secret, and stands here in clear")] if place else [])


@pytest.mark.parametrize(
    ("spec", "instead"),
    [
        (
            "targets: {grafana: {token: abc}}",
            'write a reference, such as "${secret:GRAFANA_TOKEN}", and change the secret: it has been seen',
        ),
        (
            "probes: {shop-front: {http: {url: 'https://shop.example/', bearer_token: abc}}}",
            'write a reference, such as "${secret:SHOP_FRONT_BEARER_TOKEN}", and change the secret: it has been seen',
        ),
        (
            "probes: {front: {http: {url: 'https://shop.example/', headers: {X-Api-Key: abc}}}}",
            (
                "use a key that is made for secrets, such as `bearer_token` or `password`, and change the secret: it "
                "has been seen"
            ),
        ),
    ],
)
def test_the_help_for_a_secret_is_what_is_taken_there(spec: str, instead: str) -> None:
    found = secret_in_clear.check(project(f"version: 1\nproject: shop\n{spec}\n"))
    assert [item.help for item in found] == [instead]
