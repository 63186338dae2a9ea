"""Queries in the forms of the vendor's documents are read, taken, and read again from what is printed."""

from __future__ import annotations

from collections import Counter

import pytest

from skillforge_mon.backends.datadog.query.limits import problems
from skillforge_mon.backends.datadog.query.monitor_types import FORMULA_TYPES, SOURCES
from skillforge_mon.backends.datadog.query.parser import parse_monitor
from skillforge_mon.backends.datadog.query.printer import print_query
from skillforge_mon.backends.datadog.query.tree import CompositeQuery, MonitorQuery, grouping
from tests.backends.datadog.query.corpus import ACCEPTED


@pytest.mark.parametrize(("type_", "text", "source"), ACCEPTED)
def test_a_documented_query_is_read_and_taken(type_: str, text: str, source: str) -> None:
    query = parse_monitor(type_, text)
    assert list(problems(type_, query)) == [], source
    printed = print_query(query)
    assert parse_monitor(type_, printed) == query
    assert print_query(parse_monitor(type_, printed)) == printed


def test_every_type_with_a_query_has_samples() -> None:
    found = Counter(type_ for type_, _, _ in ACCEPTED)
    wanted = {types[0] for types in SOURCES.values()} | {"query alert", "metric alert", "service check", "slo alert"}
    assert wanted | {"composite", "data-quality alert"} == set(found) | {"llm-observability alert"}
    assert found.total() >= 60
    assert wanted - {"service check", "slo alert", "process alert"} <= set(FORMULA_TYPES)


@pytest.mark.parametrize(
    ("type_", "text", "tags"),
    [
        ("query alert", "avg(last_5m):100 - sum:a{*} / abs(sum:b{*} by {host, env}) > 1", ("host", "env")),
        ("log alert", 'logs("a").rollup("count").by("service, @path").last("5m") > 1', ("service", "@path")),
        ("service check", '"a".over("*").by("host","url").last(2).count_by_status()', ("host", "url")),
        ("trace-analytics alert", 'trace-analytics("a").rollup("count").by("*").last("5m") > 1', ()),
        ("composite", "1 && 2", ()),
    ],
)
def test_the_tags_that_a_query_is_grouped_by(type_: str, text: str, tags: tuple[str, ...]) -> None:
    assert grouping(parse_monitor(type_, text)) == tags


@pytest.mark.parametrize(
    ("type_", "text", "same"),
    [
        ("query alert", "avg( last_5m ) :avg:a{ env:x , !b:c }by{h}.rollup( avg,60 )>5.0",
         "avg(last_5m):avg:a{env:x,!b:c} by {h}.rollup(avg, 60) > 5"),
        ("query alert", 'avg(last_5m):(anomalies((avg:a{*}), "agile", 2))>=1', "avg(last_5m):anomalies(avg:a{*}, 'agile', 2) >= 1"),
        ("query alert", "avg(last_5m):avg:a{(env:x OR env:y) AND (NOT b:c)} > 1", "avg(last_5m):avg:a{env IN (x,y) AND NOT b:c} > 1"),
        ("query alert", "avg(last_5m):-avg:a{*} + (2 * 3) > -1", "avg(last_5m):-1 * avg:a{*} + 2 * 3 > -1"),
        ("log alert", "logs('a').rollup('count').last('5m')>1", 'logs("a").rollup("count").last("5m") > 1'),
        ("composite", " ( 1&&(2) )||! 3 ", "1 && 2 || !3"),
    ],
)  # fmt: skip
def test_what_says_the_same_has_one_text(type_: str, text: str, same: str) -> None:
    assert print_query(parse_monitor(type_, text)) == same


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("avg(last_60m):avg:a{*} > 1", "avg(last_1h):avg:a{*} > 1"),  # buckets of a full window differ
        ("avg(last_5m):avg:a{*} - avg:b{*} - avg:c{*} > 1", "avg(last_5m):avg:a{*} - (avg:b{*} - avg:c{*}) > 1"),
        ("avg(last_5m):avg:a{b:c,d:e} > 1", "avg(last_5m):avg:a{d:e,b:c} > 1"),
    ],
)
def test_what_says_something_else_is_another_tree(text: str, other: str) -> None:
    assert parse_monitor("query alert", text) != parse_monitor("query alert", other)


def test_monitors_on_jobs_have_no_quotes() -> None:
    text = 'formula("failed_runs(run_query)").by(job_name, workspace_name).last(10d) > 0'
    query = parse_monitor("data-jobs alert", text.replace(", ", ","))
    assert print_query(query) == text


def test_nodes_know_their_places() -> None:
    text = "avg(last_5m):default_zero(sum:a.b{env:x} by {h}.as_count()) / 2 > 5"
    query = parse_monitor("query alert", text)
    assert isinstance(query, MonitorQuery)
    places = [query.place, query.window.place, query.expression.place, query.limit.place]
    assert [text[slice(*place)] for place in places] == [
        "avg",
        "last_5m",
        "default_zero(sum:a.b{env:x} by {h}.as_count()) / 2",
        "> 5",
    ]
    composite = parse_monitor("composite", "1 && !23")
    assert isinstance(composite, CompositeQuery)
    assert composite.condition.place == (0, 8)
