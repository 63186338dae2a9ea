"""What is said of a text that is no LogQL, and where."""

from __future__ import annotations

import pytest

from skillforge_mon.query.logql import LogQLSyntaxError, parse_logql

CASES = {
    '{app="web"': ("{", "this `{` is never closed: expected `}`", ""),
    "{}": (
        "{}",
        "the selector takes every stream, and Loki wants a label with a value that is not empty",
        'name one, such as `{app="web"}`',
    ),
    '{app="web"} |= error': ("error", "unexpected `error`, expected what is looked for as a string", "texts are always quoted"),
    '{app="web"} | jsn': ("jsn", "LogQL has no stage `jsn`", "did you mean `json`?"),
    'count_ovr_time({app="web"}[5m])': (
        "count_ovr_time", "LogQL has no operation `count_ovr_time`", "did you mean `count_over_time`?",
    ),
    'sum(rate({app="web"}[5x]))': (
        "5x", "`5x` is neither a number nor a duration nor a size",
        "numbers look like `1.5`, durations like `5m`, sizes like `20KB`",
    ),
    'rate({app="web"})': (")", "unexpected `)`, expected `[` and a length of time such as `5m`", ""),
    'sum_over_time({app="web"}[5m])': (
        "sum_over_time", "`sum_over_time` computes with numbers, and the lines give none",
        "put `| unwrap` and a label in front of the range",
    ),
    'count_over_time({app="web"} | unwrap x [5m])': (
        "| unwrap x", "`count_over_time` does not compute with numbers: leave `unwrap` out", "",
    ),
    'rate({app="web"}[5m]) by (x)': ("rate", "`rate` cannot be grouped", "write `sum by (…) (…)`"),
    '{app="web"} + 1': ("+", "unexpected `+`, expected the end of the query", ""),
    'sum({app="web"})': ("{", "lines are no numbers: count them first", "write `count_over_time({…}[5m])`"),
    "{app='web'}": ("'", "LogQL has no strings between '", 'write "…" or `…`'),
    '{app="web"} | status > "5"': ('"5"', "`>` compares numbers", "leave the quotes out"),
    '{app=~"("}': (
        '"("', "this is no regular expression: the group is never closed: expected `)`", "",
    ),
    '{app="web"} |~ "(?=a)"': (
        '"(?=a)"', "this is no regular expression: RE2 has no look-around (`(?=`)", "",
    ),
    'rate({app="web"}[$__auto])': (
        "$__auto", "unexpected `$__auto`, expected a length of time such as `5m`",
        "Grafana's variables belong into dashboards only",
    ),
    'rate({app="web"}[5m]) and 1': ("and", "`and` joins series, and a number is none", "write `vector(1)`"),
    '{by="x"}': ("by", "`by` is a word of LogQL's own, and no label's name", ""),
    '{app="web"} |= ip("x")': ('"x"', "`x` is no address", "write an address, `10.0.0.0/8`, or `10.0.0.1-10.0.0.9`"),
    'rate({app="web"}[ 5m])': ("[ 5m]", "no space may stand between these brackets", ""),
    'topk(1.5, rate({app="web"}[5m]))': ("1.5", "`topk` wants a whole number", ""),
    "": ("", 'the query ends where a selector such as `{app="web"}`, or an operation such as `rate` was expected', ""),
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_the_error_says_what_and_where(text: str) -> None:
    with pytest.raises(LogQLSyntaxError) as refused:
        parse_logql(text)
    error = refused.value
    assert (text[error.start : error.end], error.message, error.help) == CASES[text]


def test_variables_of_grafana_stand_for_lengths_in_panels() -> None:
    from skillforge_mon.query.logql import print_logql

    text = 'sum(rate({app="$app"} |= "${search}" [$__auto])) > $limit'
    assert print_logql(parse_logql(text, variables=True)) == text
