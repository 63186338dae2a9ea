"""What a Prometheus says that it has loaded, compared with the files of a build: rules, queries, targets, credentials."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.go_configuration import duration, read_printed, size, with_secrets
from skillforge_mon.backends.prometheus.loaded import LoadedPrometheus, connect_files
from skillforge_mon.backends.prometheus.loaded_queries import lines_of, same_query
from skillforge_mon.backends.prometheus.loaded_rules import rule_differences, written_group
from skillforge_mon.backends.prometheus.loaded_settings import setting_differences
from skillforge_mon.backends.prometheus.loaded_targets import target_differences
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.query.promql import Aggregate, Expr, VectorSelector, parse, print_expr, transform
from skillforge_mon.remote.api import Check, Difference
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import RefusedError
from tests.fakes.server import FakeServer, Reply, Request
from tests.projects import project
from tests.query.promql.strategies import expressions

TARGETS = Document(
    "prometheus/targets/web.json",
    [
        {"targets": ["a:1", "b:1"], "labels": {"service": "web"}},
        {"targets": ["a:1"], "labels": {"service": "web", "x": "y"}},
    ],
    Format.JSON,
)


def discovered(address: str, **labels: str) -> dict[str, Any]:
    """A target as ``/api/v1/targets`` tells of it."""
    own = {"__address__": address, "__meta_filepath": "/etc/p/targets/web.json", "__scheme__": "http", "job": "web"}
    return {"scrapePool": "web", "discoveredLabels": own | labels}


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        ('up{a="1",b="2"}', 'up{b="2", a="1"}'),
        ('{__name__="up"}', "up"),
        ("sum by () (up)", "sum(up)"),
        ("sum(up) by (b, a)", "sum by (a, b) (up)"),
        ("a / ignoring () b", "a / b"),
        ("a * on (y, x) group_left (q, p) b", "a * on (x, y) group_left (p, q) b"),
        ("rate(x[300s]) > 5e2", "rate(x[5m]) > 500"),
        ("x offset -1h", "x offset -60m"),
        ("sum by (k8s.ns) (up)", 'sum by ("k8s.ns") (up)'),
        ("some words that are no query", "some  words\nthat are no query"),
    ],
)
def test_queries_that_are_one_are_the_same(live: str, wanted: str) -> None:
    assert same_query(live, wanted)


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        ('up{a="1"}', 'up{a="2"}'),
        ('up{a="1"}', 'up{a!="1"}'),
        ("sum without () (up)", "sum(up)"),
        ("a / on () b", "a / b"),
        ("a and b", "b and a"),
        ("rate(x[5m])", "rate(x[6m])"),
        ("x", "x offset 5m"),
        ("(a)", "a + 0"),
        ("no query", "no query at all"),
        ("up", "no query at all"),
    ],
)
def test_queries_that_are_not_one_differ(live: str, wanted: str) -> None:
    assert not same_query(live, wanted)


def reversed_lists(expr: Expr) -> Expr:
    """The same query with its matchers and its lists of labels the other way round."""

    def turned(node: Expr) -> Expr:
        if isinstance(node, VectorSelector):
            return replace(node, matchers=node.matchers[::-1])
        if isinstance(node, Aggregate) and node.grouping is not None:
            return replace(node, grouping=replace(node.grouping, labels=node.grouping.labels[::-1]))
        return node

    return transform(expr, turned)


@given(expressions())
def test_the_order_of_matchers_and_labels_never_matters(expr: Expr) -> None:
    text, turned = print_expr(expr), print_expr(reversed_lists(expr))
    assert same_query(text, turned)
    assert lines_of(text) == lines_of(turned)
    assert parse(lines_of(text)) is not None


@given(st.text(), st.text())
def test_texts_that_are_no_queries_are_compared_without_an_error(live: str, wanted: str) -> None:
    assert same_query(live, live)
    assert same_query(live, wanted) in (True, False)


def rule(name: str, expr: str = "up == 0", **fields: Any) -> dict[str, Any]:
    """An alert rule of a file."""
    return {"alert": name, "expr": expr, **fields}


def group(*rules: dict[str, Any]) -> dict[str, Any]:
    """A group of a file as it is compared."""
    return written_group({"interval": "60s", "rules": list(rules)}, "30s")


def differences(old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Difference]:
    """What differs between two groups `web`, None for one that is not there."""
    key = ("web.alerts.yml", "web")
    return list(rule_differences({key: old} if old else {}, {key: new} if new else {}))


def test_what_says_nothing_and_how_times_are_written_is_no_difference() -> None:
    old = group(rule("A", "up == 0", **{"for": "5m"}), rule("B"))
    new = group(
        rule("A", "up==0", labels={}, **{"for": "300s"}), rule("B", annotations={"x": ""}, keep_firing_for="0s")
    )
    assert differences(old, new) == []


def test_a_rule_is_told_by_its_name_its_severity_and_its_level() -> None:
    critical, warning = {"severity": "critical", "level": "1"}, {"severity": "warning"}
    old = group(rule("A", labels=critical), rule("A", labels=warning), rule("Gone"))
    new = group(rule("A", labels=critical), rule("A", "up == 1", labels=warning), rule("New"))
    name = "web.alerts.yml / web"
    assert differences(old, new) == [
        Difference(
            "alert rule",
            f"{name} / A (warning)",
            {"alert": "A", "expr": "up == 0", "labels": warning},
            {"alert": "A", "expr": "up == 1", "labels": warning},
        ),
        Difference("alert rule", f"{name} / New", None, {"alert": "New", "expr": "up == 0"}),
        Difference("alert rule", f"{name} / Gone", {"alert": "Gone", "expr": "up == 0"}, None),
    ]


def test_another_order_or_another_interval_is_of_the_group() -> None:
    recording = {"record": "a:b", "expr": "up"}
    assert differences(group(rule("A"), recording), group(recording, rule("A"))) == [
        Difference("rule group", "web.alerts.yml / web", {"order": ["A", "a:b"]}, {"order": ["a:b", "A"]})
    ]
    assert differences(group(rule("A")) | {"interval": "2m"}, group(rule("A"))) == [
        Difference("rule group", "web.alerts.yml / web", {"interval": "2m", "limit": 0}, {"interval": "1m", "limit": 0})
    ]
    assert differences(None, group(rule("A"))) == [
        Difference("rule group", "web.alerts.yml / web", None, group(rule("A")))
    ]


def test_targets_of_a_file_are_compared_with_their_labels() -> None:
    there = [
        discovered("a:1", service="web"),
        discovered("b:1", service="web"),
        discovered("a:1", service="web", x="y"),
    ]
    other = {"scrapePool": "other", "discoveredLabels": {"__address__": "c:1", "job": "other"}}
    assert list(target_differences([TARGETS], {"activeTargets": [*there, other]})) == []
    assert list(target_differences([TARGETS], {"activeTargets": there[:2], "droppedTargets": []})) == [
        Difference(
            "targets",
            "web.json",
            {"a:1": {"service": "web"}, "b:1": {"service": "web"}},
            {
                "a:1": {"service": "web"},
                "b:1": {"service": "web"},
                "a:1 {'service': 'web', 'x': 'y'}": {"service": "web", "x": "y"},
            },
        )
    ]


@pytest.mark.parametrize(
    ("printed", "wanted", "same"),
    [
        ("global: {scrape_interval: 5s, scrape_timeout: 5s}", {"global": {"scrape_interval": "5s"}}, True),
        ("global: {scrape_interval: 5s, scrape_timeout: 4s}", {"global": {"scrape_interval": "5s"}}, False),
        ("global: {scrape_interval: 1m}\nruntime: {gogc: 75}", {"global": {"scrape_interval": "60s"}}, True),
        ("runtime: {gogc: 50}", {}, False),
        ("rule_files: [/a/b/rules/*.yml]", {"rule_files": ["rules/*.yml"]}, True),
        ("rule_files: [/a/b/other/*.yml]", {"rule_files": ["rules/*.yml"]}, False),
        ("global: {body_size_limit: 1KiB476B}", {"global": {"body_size_limit": "1500B"}}, True),
        (
            "remote_write: [{url: x, headers: {a: <secret>}}]",
            {"remote_write": [{"url": "x", "headers": {"a": "b"}}]},
            True,
        ),
        ("remote_read: [{url: x}]", {}, False),
        ("", {}, True),
    ],
)
def test_settings_are_compared_without_what_the_server_fills_in(
    printed: str, wanted: dict[str, Any], same: bool
) -> None:
    assert (list(setting_differences(printed, wanted)) == []) is same


def test_what_is_no_configuration_is_told() -> None:
    with pytest.raises(RefusedError, match="Prometheus: what the server has loaded is no YAML"):
        list(setting_differences("a: [", {}))


@given(st.text(max_size=12))
def test_lengths_and_sizes_of_any_text_are_texts(text: str) -> None:
    assert isinstance(duration(text), str)
    assert isinstance(size(text), str)


@given(st.integers(0, 2**60))
def test_a_size_is_its_number_of_bytes_however_it_is_written(number: int) -> None:
    parts, rest = "", number
    for power, unit in reversed(list(enumerate(("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")))):
        amount, rest = divmod(rest, 1024**power)
        parts += f"{amount}{unit}" if amount else ""
    assert size(parts or "0B") == str(number) == size(f"{number}B")


def test_every_scalar_is_its_text_and_a_hidden_secret_is_what_is_wanted() -> None:
    assert read_printed("a: 08:30\nb: on\nc: 1e3\nd: [no]") == {"a": "08:30", "b": "on", "c": "1e3", "d": ["no"]}
    assert with_secrets({"a": "<secret>", "b": ["<secret>"]}, {"a": "x", "b": ["y"]}) == {"a": "x", "b": ["y"]}
    assert with_secrets({"a": "<secret>"}, {}) == {"a": "<secret>"}


SPEC = """\
version: 1
project: shop
targets:
  prometheus: {url: "URL", HOW}
"""


class FakePrometheus(FakeServer):
    """Says that it has loaded nothing just now, and knows its targets only when it was asked ``late`` times."""

    def __init__(self, late: int) -> None:
        super().__init__()
        self.late = late
        self.loaded = datetime.datetime.now(datetime.UTC)
        self.route("GET", "/api/v1/status/config", lambda _request: _data({"yaml": "{}"}))
        self.route("GET", "/api/v1/rules", lambda _request: _data({"groups": []}))
        self.route("GET", "/api/v1/targets", self._targets)
        self.route("GET", "/api/v1/status/runtimeinfo", self._information)

    def _targets(self, _request: Request) -> Reply:
        self.late -= 1
        addresses = () if self.late >= 0 else ("a:1", "b:1")
        return _data({"activeTargets": [discovered(address, service="web") for address in addresses]})

    def _information(self, _request: Request) -> Reply:
        now = self.loaded + datetime.timedelta(seconds=1)
        return replace(_data({"lastConfigTime": self.loaded.isoformat()}), headers={"Date": format_datetime(now)})


def _data(data: Any) -> Reply:
    return Reply(200, {"status": "success", "data": data})


@contextmanager
def connected(fake: FakeServer, how: str = "", **environ: str) -> Iterator[LoadedPrometheus]:
    """The server of a spec whose target says ``how`` besides its address."""
    spec = project(SPEC.replace("URL", fake.url).replace("HOW", how))
    with Connection({}, environ) as connection:
        found = connect_files(spec, connection)
        assert found is not None
        yield found


def test_right_after_a_reload_targets_are_looked_at_again() -> None:
    fake = FakePrometheus(late=2)
    file = replace(TARGETS, content=[{"targets": ["a:1", "b:1"], "labels": {"service": "web"}}])
    with fake.started(), connected(fake) as server:
        assert list(server.differences([file])) == []
    assert fake.late == -1


def test_targets_that_differ_long_after_a_reload_are_told_at_once() -> None:
    fake = FakePrometheus(late=1000)
    fake.loaded -= datetime.timedelta(minutes=1)
    fake._information = lambda _request: _data({"lastConfigTime": fake.loaded.isoformat()})  # type: ignore[method-assign]
    fake._routes[-1] = ("GET", fake._routes[-1][1], fake._information)
    with fake.started(), connected(fake) as server:
        assert [each.kind for each in server.differences([TARGETS])] == ["targets"]
    assert fake.late == 999


@pytest.mark.parametrize(
    ("how", "header"),
    [
        ('token: "${secret:TOKEN}"', "Bearer hidden-token"),
        ('username: ann, password: "${secret:PASSWORD}"', "Basic YW5uOmhpZGRlbi1wYXNzd29yZA=="),
        ('username: ann, password: "${secret:PASSWORD}", token: "${secret:TOKEN}"', "Bearer hidden-token"),
        ("", None),
    ],
)
def test_credentials_go_with_every_request_and_into_no_message(how: str, header: str | None) -> None:
    fake = FakeServer()
    fake.route("GET", "/-/ready", lambda request: Reply(401, f"who is {request.headers.get('authorization')}?"))
    with fake.started(), connected(fake, how, TOKEN="hidden-token", PASSWORD="hidden-password") as server:
        (check,) = server.health()
    assert [request.headers.get("authorization") for request in fake.requests] == [header]
    assert not check.ok
    assert "401" in check.detail
    assert "hidden-" not in check.detail
    assert "YW5u" not in check.detail


def test_a_secret_that_is_missing_is_told_by_its_name() -> None:
    with FakeServer().started() as fake, pytest.raises(MissingSecretError, match="TOKEN"):
        connect_files(
            project(SPEC.replace("URL", fake.url).replace("HOW", 'token: "${secret:TOKEN}"')), Connection({}, {})
        )


def test_a_target_without_an_address_has_no_server() -> None:
    assert connect_files(project(SPEC.replace('url: "URL", HOW', "")), Connection({}, {})) is None


def test_a_server_that_does_not_answer_is_one_line_of_health() -> None:
    fake = FakeServer()
    fake.route("GET", "/-/ready", lambda _request: Reply(404, "nobody here"))
    with fake.started(), connected(fake) as server:
        (check,) = server.health()
    assert replace(check, detail="") == Check(
        "ready", ok=False, help="is it running, and is `targets.prometheus.url` right?"
    )
    assert "nobody here" in check.detail
