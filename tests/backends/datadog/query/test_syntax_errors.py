"""What is wrong with the form of a query, under which part of it, and what to write instead."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.datadog.query.errors import DatadogSyntaxError, DatadogTypeError
from skillforge_mon.backends.datadog.query.parser import parse_expression, parse_monitor
from skillforge_mon.backends.datadog.query.printer import print_node
from tests.backends.datadog.query.marked import unmarked

WINDOWS = "windows are like `last_5m`, `last_4h`, `last_1d` and `last_1w`, or `current_1d`"
COMPARED = "end the query with a number, such as `> 100`"
MIXED = (
    "write `,` and `!`, as in `{env:prod,!host:a}`, or AND, OR, NOT and IN, as in `{env:prod AND NOT host:a}`, not both"
)
FORM = "a composite query is like `123 && (456 || !789)`"

ERRORS = [
    ("query alert", "  «»", "the query is empty", ""),
    # the window
    ("query alert", "«sum»:a{*} > 1", "the query does not begin with a window", "write `avg(last_5m):` before it"),
    ("query alert", "avg(«last_5x»):avg:a{*} > 1", "`last_5x` is no window", WINDOWS),
    ("query alert", "avg(«5m»):avg:a{*} > 1", "`5m` is no window", WINDOWS),
    ("query alert", "avg(«)»:avg:a{*} > 1", "expected a window, and there is `)`", WINDOWS),
    ("query alert", "avg(last_5m) «avg»:a{*} > 1", "expected `:` after the window, and there is `avg`",
     "write `avg(last_5m):` before what is watched"),
    ("query alert", "change(avg(last_5m)«)»:avg:a{*} > 1", "expected `,` after the window, and there is `)`",
     "write `change(avg(last_5m),1h_ago):`"),
    # the comparison
    ("query alert", "avg(last_5m):avg:a{*}«»", "expected a comparison, and the query ends", COMPARED),
    ("query alert", "avg(last_5m):avg:a{*} > «.5»", "`.5` has no digit before the point", "write `0.5`"),
    ("query alert", "avg(last_5m):avg:a{*} > «-.25»", "`-.25` has no digit before the point", "write `-0.25`"),
    ("query alert", "avg(last_5m):avg:a{*} «=» 5", "`=` compares nothing", "did you mean `==`?"),
    ("query alert", "avg(last_5m):avg:a{*} «=>» 5", "`=>` compares nothing", "did you mean `>=`?"),
    ("query alert", "avg(last_5m):avg:a{*} > 5«%»", "`%` stands after the number, where the query ends", ""),
    ("query alert", "avg(last_5m):avg:a{*} > «5m»", "`5m` is no number", "numbers are like `5`, `0.25` or `-1.5`"),
    ("query alert", "avg(last_5m):avg:a{*} > «high»", "expected a number after `>`, and there is `high`", "such as `> 100`"),
    ("query alert", "avg(last_5m):avg:a{*} > 5 «and avg:b{*} > 2»",
     "`and avg:b{*} > 2` stands after the number, where the query ends", ""),
    # metrics and functions
    ("query alert", "avg(last_5m):«load» > 1", "`load` is neither a metric nor a function", "metrics are written `avg:load{*}`"),
    ("query alert", "avg(last_5m):«avg:system.load.1» > 1", "`avg:system.load.1` has no filters",
     "write `avg:system.load.1{*}` for everything"),
    ("query alert", "avg(last_5m):avg:«»", "expected the name of a metric after `avg:`, and the query ends", ""),
    ("query alert", "avg(last_5m):«abs()» > 1", "`abs()` has nothing to work on", "write `abs(avg:system.load.1{*})`"),
    ("query alert", "avg(last_5m):«abs(»avg:a{*}", "the bracket of `abs(` is not closed", "close it with `)`"),
    ("query alert", "avg(last_5m):top(avg:a{*}, 5 «'»mean') > 1", "expected `,` or `)`, and there is `'`", ""),
    ("query alert", "avg(last_5m):«(»avg:a{*} + 1", "`(` is not closed", "close it with `)`"),
    ("query alert", "avg(last_5m):avg:a{*}«)» > 1", "expected a comparison, and there is `)`", COMPARED),
    ("query alert", "avg(last_5m):avg:a{*} + «>» 1", "expected a metric, a number or a function, and there is `>`",
     "metrics are written `avg:system.load.1{*}`"),
    ("query alert", "max(next_1w):forecast(avg:a{*}, «'linear, 1) >= 90»", "' opens a text that does not end", "close the quotes"),
    ("query alert", "avg(last_5m):avg:a{*} by «host» > 1", "expected `{` after `by`, and there is `host`", "write `by {host}`"),
    ("query alert", "avg(last_5m):avg:a{*} by {«}» > 1", "expected a tag to group by, and there is `}`", "write `by {host,env}`"),
    ("query alert", "avg(last_5m):avg:a{*} by {«$tag»} > 1", "`$tag` is a template variable, which only dashboards have",
     "write the tags"),
    ("query alert", "avg(last_5m):avg:a{*}.as_count «>» 1", "expected `(` after `.as_count`, and there is `>`", ""),
    ("query alert", "avg(last_5m):avg:a{*}.as_count() «by» {host} > 1", "expected the end of the metric, and there is `by`",
     "`by {…}` stands before the methods"),
    ("query alert", "avg(last_5m):count(v: v«=<»1):a{*} > 1", "`=<` compares nothing", "comparisons are: > >= < <= == !="),
    # filters
    ("query alert", "avg(last_5m):avg:a«{}» > 1", "the braces are empty", "write `{*}` for everything"),
    ("query alert", "avg(last_5m):avg:a«{»*", "`{` is not closed", "close it with `}`"),
    ("query alert", "avg(last_5m):avg:a{* «>» 1", "expected `,`, AND, OR or `}`, and there is `>`",
     "tags in `{…}` are joined by `,` or by words"),
    ("query alert", "avg(last_5m):avg:a{env:prod AND «!»region:us-east} > 1", "`!` is mixed with AND, OR, NOT and IN", MIXED),
    ("query alert", "avg(last_5m):avg:a{env:prod, region:x «AND» b:c} > 1", "`AND` is mixed with `,` and `!`", MIXED),
    ("query alert", "avg(last_5m):avg:a{«$env»} > 1", "`$env` is a template variable, which only dashboards have",
     "write the value, or `*` and group the query `by` the tag"),
    ("query alert", "avg(last_5m):avg:a{env:«$env.value»} > 1",
     "`$env.value` is a template variable, which only dashboards have",
     "write the value, or `*` and group the query `by` the tag"),
    ("query alert", "avg(last_5m):avg:a{«env=\"prod\"»} > 1", '`env="prod"` is no tag', "write `env:prod`"),
    ("query alert", "avg(last_5m):avg:a{«env!=\"prod\"»} > 1", '`env!="prod"` is no tag', "write `!env:prod`"),
    ("query alert", "avg(last_5m):avg:a{«-env:prod»} > 1", "`-env:prod` begins with `-`", "write `!env:prod` to leave it out"),
    ("query alert", "avg(last_5m):avg:a{«env:»} > 1", "the tag `env` has no value", "write `env:*` for any value"),
    ("query alert", "avg(last_5m):avg:a{env IN «prod»} > 1", "expected `(` after IN, and there is `prod`",
     "write `env IN (prod,staging)`"),
    ("query alert", "avg(last_5m):avg:a{env:prod AND resource NOT IN («!»resource:a)} > 1",
     "expected a value, and there is `!`", "write `env IN (prod,staging)`"),
    ("query alert", "avg(last_5m):avg:a{«*» OR env:x} > 1", "`*` is everything, which cannot be left out or one of several", ""),
    ("query alert", "avg(last_5m):avg:a{«(»env:x OR env:y} > 1", "`(` is not closed", "close it with `)`"),
    ("query alert", "avg(last_5m):avg:a{env:x AND «AND»} > 1", "expected a tag, and there is `AND`",
     "tags are written `env:prod`"),
    # other types
    ("log alert", "«log»(\"a\").last(\"5m\") > 1", "queries of a log alert begin with `logs(`", "did you mean `logs`?"),
    ("log alert", "logs(«status»:error).last(\"5m\") > 1", "expected a search in quotes, and there is `status`",
     'write `logs("…")`'),
    ("log alert", 'logs("a:"«b»"").last("5m") > 1', "expected `)` after the text in quotes, and there is `b`",
     'a quote within the text is written `\\"`'),
    ("log alert", 'logs("a").last(«5x») > 1', "`5x` is no number", "numbers are like `5`, `0.25` or `-1.5`"),
    ("log alert", 'logs("a").«last(»"5m"', "the bracket of `last(` is not closed", "close it with `)`"),
    ("log alert", 'formula("a / «»").last("5m") > 1', "expected the name of a query, a number or a function, and the query ends", ""),
    ("log alert", 'formula(«"\\"a"»).last("5m") > 1',
     'expected the name of a query, a number or a function, and there is `"`', ""),
    ("service check", '"a".over("*").last(2).count_by_status() «> 1»', "a service check compares with no number",
     "how many checks in a row must fail stands in `options.thresholds`"),
    ("slo alert", "«budget»(\"a\") > 1", "queries of an slo alert begin with `error_budget(` or `burn_rate(`", ""),
    ("composite", "123 «+» 4", "expected `&&` or `||`, and there is `+`", FORM),
    ("composite", "123 «AND» 4", "expected `&&` or `||`, and there is `AND`", "write `&&`"),
    ("composite", "123 && «»", "expected a monitor's number, and the query ends", FORM),
    ("composite", "«(»123 && 4", "`(` is not closed", "close it with `)`"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "marked", "message", "help_"), ERRORS)
def test_an_error_says_what_where_and_what_instead(type_: str, marked: str, message: str, help_: str) -> None:
    text, start, end = unmarked(marked)
    with pytest.raises(DatadogSyntaxError) as caught:
        parse_monitor(type_, text)
    error = caught.value
    assert (error.message, error.help, text[: error.start], text[error.end :]) == (
        message,
        help_,
        text[:start],
        text[end:],
    )


@pytest.mark.parametrize(
    ("type_", "marked", "message", "types"),
    [
        ("metric alert", '«logs»("a").last("5m") > 1', "this is the query of a log alert, and the monitor is a metric alert",
         ("log alert",)),
        ("log alert", '«events»("a").last("5m") > 1', "this is the query of an event-v2 alert, and the monitor is a log alert",
         ("event-v2 alert", "event alert")),
        ("event-v2 alert", "«avg»(last_5m):avg:a{*} > 1",
         "this is the query of a query alert, and the monitor is an event-v2 alert", ("query alert", "metric alert")),
        ("query alert", '«"a"».over("*").last(2).count_by_status()',
         "this is the query of a service check, and the monitor is a query alert", ("service check",)),
        ("query alert", "«123» && 456", "this is the query of a composite monitor, and the monitor is a query alert", ("composite",)),
        ("query alert", '«error_budget»("a").over("7d") > 1',
         "this is the query of an slo alert, and the monitor is a query alert", ("slo alert",)),
    ],
)  # fmt: skip
def test_a_query_of_another_type_is_told_with_that_type(
    type_: str, marked: str, message: str, types: tuple[str, ...]
) -> None:
    text, start, end = unmarked(marked)
    with pytest.raises(DatadogTypeError) as caught:
        parse_monitor(type_, text)
    error = caught.value
    assert (error.message, error.types, error.help) == (message, types, f"write `type: {types[0]}`")
    assert (error.start, error.end) == (start, end)


def test_template_variables_are_legal_on_dashboards() -> None:
    text = "sum:a{$env,service:$service.value} by {$group}.as_count()"
    assert print_node(parse_expression(text, variables=True)) == text


def test_an_expression_has_neither_window_nor_comparison() -> None:
    with pytest.raises(DatadogSyntaxError, match="`> 5` stands after the expression, where the query ends"):
        parse_expression("sum:a{*} > 5")
