"""What Prometheus is told of others: who it is there, and which series are chosen."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import prometheus_credentials, prometheus_patterns, replicas_unclear
from tests.projects import project

HEAD = "version: 1\nproject: shop\ntargets:\n  prometheus:\n    version: '3.5'\n"
TOKEN, USER, PASSWORD = 'bearer_token: "${secret:TOKEN}"', "username: me", 'password: "${secret:WORD}"'
TWICE = "it is said in two ways who asks"
NAMELESS = "a password without a user name is not sent"


@pytest.mark.parametrize(
    ("who", "headline"),
    [
        (TOKEN, None),
        (f"{USER}, {PASSWORD}", None),
        (USER, None),
        (f"{TOKEN}, {USER}", TWICE),
        (f"{TOKEN}, {PASSWORD}", TWICE),
        (PASSWORD, NAMELESS),
    ],
)
@pytest.mark.parametrize(
    ("spec", "line"),
    [
        (HEAD + "    federation: {targets: 'eu:9090', WHO}\n", 6),
        (HEAD + "    federation:\n      - 'us:9090'\n      - {targets: 'eu:9090', WHO}\n", 8),
        (HEAD + "    remote_write:\n      - {url: 'https://store.example/write', WHO}\n", 7),
        (HEAD + "services:\n  web:\n    scrape: {targets: 'web:80', WHO}\n", 8),
        (HEAD + "services:\n  web:\n    scrape:\n      - 'a:80'\n      - {targets: 'web:80', WHO}\n", 10),
        (HEAD + "exporters:\n  node: {targets: 'node:9100', WHO}\n", 7),
        (
            HEAD
            + "exporters:\n  paid: {kind: json, targets: 'json:7979', json: {modules: {a: {url: 'https://a/', WHO, "
            "metrics: {b: {help: B, path: '{ .b }'}}}}}}\n",
            7,
        ),
    ],
)
def test_it_is_said_in_one_way_who_prometheus_is(spec: str, line: int, who: str, headline: str | None) -> None:
    found = prometheus_credentials.check(project(spec.replace("WHO", who)))
    assert [(each.headline, each.span.line if each.span else 0) for each in found] == (
        [(headline, line)] if headline else []
    )


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("remote_write: {url: 'https://store.example/write', only: ['slo:.+', up]}", []),
        (
            "remote_write: {url: 'https://store.example/write', only: 'a('}",
            ["`a(` is no regular expression: the group is never closed: expected `)`"],
        ),
        ("federation: [eu:9090, {targets: 'us:9090', match: ['{job=\"web\"}', up]}]", []),
        (
            "federation: {targets: 'us:9090', match: 'up['}",
            ["`up[` is no selector of series: the expression ends where a duration such as `5m` was expected"],
        ),
        (
            "federation: {targets: 'us:9090', match: ['sum(up)', 'up offset 5m']}",
            [
                '`sum(up)` is no selector of series, such as `up` or `{job="web"}`',
                '`up offset 5m` is no selector of series, such as `up` or `{job="web"}`',
            ],
        ),
    ],
)
def test_what_chooses_series_is_a_pattern_or_a_selector(settings: str, found: list[str]) -> None:
    assert [each.headline for each in prometheus_patterns.check(project(f"{HEAD}    {settings}\n"))] == found


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("replicas: 2\n    external_labels: {replica: a}", ["each replica fills in the label `replica` itself"]),
        ("external_labels: {replica: a}", []),
        ("replicas: 2\n    replica_label: server\n    external_labels: {replica: a}", []),
    ],
)
def test_the_label_of_a_replica_is_its_own(settings: str, found: list[str]) -> None:
    assert [each.headline for each in replicas_unclear.check(project(f"{HEAD}    {settings}\n"))] == found
