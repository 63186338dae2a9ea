"""Whatever the text: a tree or an error of ours, at a place in the text; never anything else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError
from skillforge_mon.backends.datadog.query.limits import problems
from skillforge_mon.backends.datadog.query.parser import parse_expression, parse_monitor
from skillforge_mon.backends.datadog.query.printer import print_node, print_query
from skillforge_mon.backends.datadog.query.tree import AnyQuery
from tests.backends.datadog.query.corpus import ACCEPTED
from tests.backends.datadog.query.strategies import TYPES, queries

PIECES = ("avg(last_5m):", "avg:", "system.load.1", "{*}", "{", "}", "(", ")", " AND ", " OR ", "NOT ", " IN ", "!", ",",
          "env:prod", " by {host}", ".as_count()", ".rollup(", "'", '"', "\\", "> 5", ">", ".5", "1e9", "-", "+", "/",
          "logs(", '"x"', ".last(", "123", " && ", "||", "%{monitor:a}", "count(v: v<=1):", "$env", "=", "é", "\0")  # fmt: skip
garbage = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def read(type_: str, text: str) -> AnyQuery | None:
    """The query; None where an error of ours says where and why there is none."""
    problem = None
    try:
        return parse_monitor(type_, text)
    except DatadogSyntaxError as error:
        problem = error
    assert 0 <= problem.start <= problem.end <= len(text)
    assert problem.message
    assert not problem.message.endswith(".")
    return None


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(TYPES), garbage)
@example("query alert", "avg(last_5m):" + "(" * 5000)
@example("query alert", "avg(last_5m):" + "-" * 5000)
@example("query alert", "avg(last_5m):1" + "+1" * 5000 + " > 1")
@example("query alert", "avg(last_5m):avg:a{" + "NOT " * 5000)
@example("query alert", "avg(last_5m):1 > 1e9999999999")
@example("query alert", "avg(last_99999999999999999999m):avg:a{*} > 1")
@example("composite", "!" * 5000 + "1")
@example("composite", "1" + "&&1" * 5000)
def test_garbage_is_an_error_at_a_place(type_: str, text: str) -> None:
    query = read(type_, text)
    if query is not None:
        assert parse_monitor(type_, print_query(query)) == query
        for problem in problems(type_, query):
            assert 0 <= problem.place[0] <= problem.place[1] <= len(text)


@settings(max_examples=800, deadline=None)
@given(st.data(), st.sampled_from(ACCEPTED))
def test_a_query_that_lost_or_gained_something_is_read_or_refused(
    data: st.DataObject, sample: tuple[str, str, str]
) -> None:
    type_, text, _ = sample
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    query = read(type_, text[:start] + data.draw(st.sampled_from(("", *PIECES))) + text[end:])
    if query is not None:
        assert all(problem.message for problem in problems(type_, query))


@settings(max_examples=300, deadline=None)
@given(queries)
def test_problems_of_every_tree_have_a_place(found: tuple[str, AnyQuery]) -> None:
    type_, query = found
    text = print_query(query)
    for problem in problems(type_, parse_monitor(type_, text)):
        assert 0 <= problem.place[0] <= problem.place[1] <= len(text)
        assert problem.message


@given(st.text(max_size=30))
def test_expressions_too(text: str) -> None:
    with suppress(DatadogSyntaxError):
        assert parse_expression(print_node(parse_expression(text))) == parse_expression(text)


def test_an_unknown_type_has_no_query() -> None:
    with pytest.raises(DatadogSyntaxError, match="synthetics alert monitors have no query that can be read"):
        parse_monitor("synthetics alert", "no_query")
