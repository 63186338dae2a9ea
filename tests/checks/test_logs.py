"""What is said of streams of logs."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import (
    log_alert_by_unknown_field,
    log_alert_label_missing,
    log_alert_label_overwritten,
    log_fields_twice,
    log_index_without_datadog,
    log_label_taken,
    log_label_with_many_values,
    log_pattern_unclear,
    log_query_unclear,
    log_sample_unread,
    log_stream_unclear,
    log_stream_without_store,
    log_window_beyond_retention,
)
from skillforge_mon.checks.log_examples import LOGS
from tests.projects import project, resolved


def told(module: object, text: str) -> list[tuple[str, str, str]]:
    return [(found.code, found.headline, found.help) for found in module.check(project(text))]  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", ["trace_id", "user_id", "user.id", "client_ip", "url", "duration", "sessionId", "id"])
def test_a_field_with_many_values_is_no_label(field: str) -> None:
    found = told(log_label_with_many_values, LOGS.replace("index_by: [method]", f"index_by: [{field}]"))
    assert found == [
        ("MON3642", f"`{field}` of `web` has too many values to index lines by", f"name `{field}` under `metadata`")
    ]


@pytest.mark.parametrize("field", ["method", "status", "level", "component", "region", "valid", "grid"])
def test_a_field_with_few_values_is_one(field: str) -> None:
    assert told(log_label_with_many_values, LOGS.replace("index_by: [method]", f"index_by: [{field}]")) == []


def test_a_pattern_gives_every_field_that_is_named() -> None:
    text = LOGS.replace("format: json", "format: regex\n    pattern: '(?P<method>\\w+) (?P<message>.*)'")
    assert told(log_stream_unclear, text) == [
        (
            "MON3641",
            "the pattern of `web` has no group for `request_id`",
            "name a group `(?P<request_id>…)`, or leave the field out",
        )
    ]


def test_a_pattern_that_is_none_is_told_as_such() -> None:
    text = LOGS.replace("format: json", "format: regex\n    pattern: '(?P<method>'")
    assert told(log_stream_unclear, text)[0][1] == (
        "the pattern of `web` is no regular expression: the group is never closed: expected `)`"
    )


_PATTERN = "format: regex\n    pattern: '(?P<method>\\w+) (?P<request_id>\\S+)'"


def test_a_filter_asks_for_fields_that_the_pattern_gives() -> None:
    text = LOGS.replace("format: json", _PATTERN) + "    drop: [{fields: {method: GET}}, {fields: {path: /health}}]\n"
    assert told(log_stream_unclear, text) == [
        (
            "MON3641",
            "the pattern of `web` has no group for `path`",
            "name a group `(?P<path>…)`, or leave the field out",
        )
    ]


def test_an_alert_asks_for_fields_that_the_pattern_gives() -> None:
    text = LOGS.replace("format: json", _PATTERN) + "    labels: {region: eu}\n"
    text += (
        'alerts: {Many: {severity: {critical: "> 10"}, logs: {of: web, lines: {fields: {region: eu, methud: GET}}}}}\n'
    )
    assert told(log_stream_unclear, text) == [
        ("MON3641", "the pattern of `web` has no group for `methud`, so that no line has it", "did you mean `method`?")
    ]


@pytest.mark.parametrize(
    ("keys", "headline", "help_"),
    [
        (
            "mask: [{name: a, matches: '('}]",
            "`(` is no regular expression: the group is never closed: expected `)`",
            "",
        ),
        ("multiline: '(?=x)'", "`(?=x)` is no regular expression: RE2 has no look-around (`(?=`)", ""),
        ("drop: [{matches: 'a**'}]", "`a**` is no regular expression: `*` cannot follow `*`", ""),
        (
            "index: {exclude: [{name: a, lines: {matches: '[a'}}]}",
            "`[a` is no regular expression: the character class is never closed: expected `]`",
            "",
        ),
        (
            r"metrics: {web_a: {lines: {matches: '(a)\1'}}}",
            r"`(a)\1` is no regular expression: `\1` refers back to a group, which RE2 does not have",
            "",
        ),
        (
            r"mask: [{name: a, matches: '\d*'}]",
            r"`\d*` also matches where nothing is, between any two letters",
            "say what must be there",
        ),
        ("drop: [{}]", "this filter says nothing: every line of `web` would be dropped", "say which lines"),
    ],
)
def test_a_pattern_is_one_of_re2_and_says_something(keys: str, headline: str, help_: str) -> None:
    assert told(log_pattern_unclear, LOGS + f"    {keys}\n") == [("MON3690", headline, help_)]


def test_the_pattern_of_an_alert_on_lines_is_one_of_re2() -> None:
    text = LOGS + "alerts: {Many: {severity: {critical: '> 10'}, logs: {of: web, lines: {matches: '(?=a)b'}}}}\n"
    assert told(log_pattern_unclear, text) == [
        ("MON3690", "`(?=a)b` is no regular expression: RE2 has no look-around (`(?=`)", "")
    ]


def test_patterns_of_re2_are_none_of_ours_to_refuse() -> None:
    keys = r"""
    multiline: '^\d{4}-'
    mask: [{name: a, matches: '(?i)\b[a-z]+@\pL+\b'}]
    drop: [{matches: '.*'}, {level: debug}]
"""
    assert told(log_pattern_unclear, LOGS + keys) == []


INDEXED = LOGS.replace("{loki: {}}", "{loki: {}, datadog: {}}") + "    index: {daily_limit: 1000}\n"


def test_an_index_is_for_a_stream_that_datadog_keeps() -> None:
    assert told(log_index_without_datadog, INDEXED) == [
        (
            "MON3691",
            "`web` is kept by loki and not by Datadog: its `index` does nothing",
            "write `backends: [loki, datadog]`, or leave `index` out",
        )
    ]
    assert told(log_index_without_datadog, INDEXED + "    backends: [datadog]\n") == []
    assert told(log_index_without_datadog, INDEXED.replace(", datadog: {}", "")) == []
    assert told(log_index_without_datadog, INDEXED.replace("loki: {}, ", "")) == []


def test_a_stream_is_kept_somewhere() -> None:
    """Without a store it was said to name `datadog`, which nobody had written."""
    _, diagnostics = resolved(LOGS.replace("loki: {}", "prometheus: {}"))
    assert diagnostics == ()
    alone = "add `loki`, `elasticsearch` or `datadog` to `targets`, or leave the stream out"
    assert told(log_stream_without_store, LOGS.replace("loki: {}", "prometheus: {}")) == [
        ("MON3692", "nothing keeps the lines of `web`", alone)
    ]
    assert told(log_stream_without_store, LOGS + "    backends: []\n") == [
        ("MON3692", "nothing keeps the lines of `web`", "name loki under `backends`, or leave the stream out")
    ]
    assert told(log_stream_without_store, LOGS.replace("loki", "datadog")) == []


@pytest.mark.parametrize(
    ("counted", "summary", "problem"),
    [
        ("logs: {of: web}", "labels.method", ("method", "count by it: `by: [method]`")),
        ("logs: {of: web, by: [method]}", "labels.methud", ("methud", "did you mean `method`?")),
        (
            "loki: 'sum by (path) (rate({service=\"web\"}[5m]))'",
            "labels.method",
            ("method", "count by it: `by: [method]`"),
        ),
        ("loki: 'rate({service=\"web\"}[5m])'", "labels.method", None),
        ("logs: {of: web, by: [http.status]}", "labels.http.status", None),
        ("logs: {of: web, by: [http.status]}", "labels.http_status", None),
        ("logs: {of: web}", "labels.severity", None),
    ],
)
def test_a_message_names_labels_by_which_lines_are_counted(
    counted: str, summary: str, problem: tuple[str, str] | None
) -> None:
    text = LOGS.replace("index_by: [method]", "index_by: [method, http.status]")
    text += f"alerts: {{Many: {{severity: {{critical: '> 1'}}, summary: 'x {{{{ {summary} }}}}', {counted}}}}}\n"
    expected = []
    if problem is not None:
        headline = f"the summary names `{problem[0]}`, by which `Many` does not count lines"
        expected = [("MON3693", headline, problem[1])]
    assert told(log_alert_label_missing, text) == expected


@pytest.mark.parametrize(
    ("retention", "lines", "within", "words"),
    [
        ("7d", "{}", "14d", "them for 7d"),
        ("{default: 30d, debug: 1d}", "{}", "2d", "some of them for 1d"),
        ("{default: 30d, debug: 1d}", "{level: debug}", "2d", "them for 1d"),
        ("{default: 30d, debug: 1d}", "{level: error}", "30d", None),
        ("{error: 1d}", "{level: info}", "30d", None),
    ],
)
def test_lines_are_not_counted_for_longer_than_they_are_kept(
    retention: str, lines: str, within: str, words: str | None
) -> None:
    text = LOGS.replace("logs: 30d", f"logs: {retention}")
    text += (
        f"alerts: {{Many: {{severity: {{critical: '> 1'}}, logs: {{of: web, lines: {lines}, within: {within}}}}}}}\n"
    )
    headline = f"`Many` counts lines of the last {within}, and `web` keeps {words}"
    assert [each for _, each, _ in told(log_window_beyond_retention, text)] == ([headline] if words else [])


@pytest.mark.parametrize(
    ("keys", "told_of"),
    [
        ("index_by: [a.b, a_b]", [("a_b", "a.b", "a_b")]),
        ("index_by: [a.b]\n    time: a-b", [("a-b", "a.b", "a_b")]),
        ("index_by: [method]\n    drop: [{fields: {x.y: '1', x_y: '2'}}]", [("x_y", "x.y", "x_y")]),
        ("index_by: [a.b]\n    drop: [{fields: {a.b: '1'}}]\n    backends: [loki]", []),
    ],
)
def test_two_fields_are_not_one_label(keys: str, told_of: list[tuple[str, str, str]]) -> None:
    text = LOGS.replace("index_by: [method]", keys)
    assert told(log_fields_twice, text) == [
        ("MON3643", f"`{second}` and `{first}` of `web` are both `{label}` in Loki", "leave one of them out")
        for second, first, label in told_of
    ]
    assert told(log_fields_twice, text.replace("loki", "elasticsearch")) == []


_UNREAD = "correct the sample, or say how lines are written"
_NO_LEVEL = ("no sample of `web` has the field `level`, which is to hold the level", "name it under `level`, or write a sample that has it")  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "sample", "problem"),
    [
        ("format: json", '{"level": "WARN", "a": 1}', None),
        ("format: json", '{"level": "warn"', ("this sample of `web` is no line in json", _UNREAD)),
        ("format: json", "[1]", ("this sample of `web` is no line in json", _UNREAD)),
        ("format: json", '{"severity": "error"}', _NO_LEVEL),
        ("format: json\n    level: log.level", '{"log": {"level": "error"}}', None),
        ("format: json\n    level: log.level", '{"log.level": "error"}', None),
        (
            "format: json",
            '{"level": 50}',
            ("the level `50` of this sample is none that is known", 'write `levels: {"50": error}`'),
        ),
        ("format: json\n    levels: {'50': error}", '{"level": 50}', None),
        ("format: json\n    time: ts", '{"level": "info", "ts": "2026-01-01T00:00:00.5Z"}', None),
        (
            "format: json\n    time: ts",
            '{"level": "info", "ts": 1700000000}',
            ("the time `1700000000` of this sample is not written as rfc3339", "correct the `format` of `time`"),
        ),
        ("format: json\n    time: {field: ts, format: unix}", '{"level": "info", "ts": 1700000000.5}', None),
        (
            "format: json\n    time: ts",
            '{"level": "info", "time": "2026-01-01T00:00:00Z"}',
            (
                "no sample of `web` has the field `ts`, which is to hold the time",
                "name it under `time`, or write a sample that has it",
            ),
        ),
        ("format: logfmt", 'level=info msg="a b"', None),
        ("format: logfmt", "all is well", ("this sample of `web` is no line in logfmt", _UNREAD)),
        ("format: regex\n    pattern: '^(?<level>\\w+) (?P<message>.*)'", "ERROR x", None),
        (
            "format: regex\n    pattern: '^(?<level>\\w+): (?P<message>.*)'",
            "ERROR x",
            ("this sample of `web` does not match the pattern", _UNREAD),
        ),
        ("format: regex\n    pattern: '^(?P<level>\\pL+): (?P<message>.*)'", "ERROR x", None),
        ("format: regex\n    pattern: '^((?P<level>a+)+)+$'", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", None),
        ("format: json", "[" * 100_000, ("this sample of `web` is no line in json", _UNREAD)),
        ("format: plain", "anything", None),
    ],
)
def test_a_sample_is_read_as_the_stream_says(keys: str, sample: str, problem: tuple[str, str] | None) -> None:
    text = LOGS.replace("format: json", keys) + f"    samples: ['{sample}']\n"
    assert told(log_sample_unread, text) == ([("MON3695", *problem)] if problem else [])


def test_a_label_of_the_whole_stream_is_no_field_besides() -> None:
    text = LOGS.replace("index_by: [method]", "labels: {method: x}\n    index_by: [method]")
    assert [headline for _, headline, _ in told(log_fields_twice, text)] == [
        "`method` of `web` stands under `labels` as well"
    ]


def test_lines_may_be_counted_by_a_label_of_the_stream() -> None:
    text = LOGS.replace("    index_by", "    labels: {region: eu}\n    index_by")
    text += 'alerts: {Many: {severity: {critical: "> 10"}, logs: {of: web, by: [region]}}}\n'
    assert told(log_alert_by_unknown_field, text) == []


def test_an_alert_on_lines_goes_where_its_stream_is_kept() -> None:
    text = LOGS.replace("targets: {loki: {}}", "targets: {loki: {}, elasticsearch: {}, datadog: {}}")
    text += 'alerts: {Many: {severity: {critical: "> 10"}, logs: {of: web}}}\n'
    found = project(text)
    assert found.logs["web"].backends == ("loki", "elasticsearch")
    assert found.alerts["Many"].backends == ("loki",)


def test_an_alert_on_lines_says_from_how_many_on() -> None:
    _, diagnostics = resolved(LOGS + "alerts: {Many: {severity: critical, logs: {of: web}}}\n")
    assert [(found.code, found.headline) for found in diagnostics] == [
        ("MON1208", "`Many` counts lines, and does not say from how many on somebody is told")
    ]


def test_an_unknown_stream_is_told_with_its_neighbour() -> None:
    _, diagnostics = resolved(LOGS + 'alerts: {Many: {severity: {critical: "> 1"}, logs: {of: webb}}}\n')
    assert [(found.code, found.headline, found.help) for found in diagnostics] == [
        ("MON1201", "there is no stream of logs `webb`", "did you mean `web`?")
    ]


@pytest.mark.parametrize(
    ("key", "name", "headline"),
    [
        ("index_by", "service", "`service` of `web` is a label that monmc sets"),
        ("index_by", "stream", "`stream` of `web` is a label that monmc sets"),
        ("index_by", "by", "`by` of `web` is a word of LogQL's own: no query could name it"),
        ("metadata", "json", "`json` of `web` is a word of LogQL's own: no query could name it"),
    ],
)
def test_labels_of_ours_and_words_of_logql_are_taken(key: str, name: str, headline: str) -> None:
    text = LOGS.replace(f"{key}: [", f"{key}: [{name}, ")
    assert [found for _, found, _ in told(log_label_taken, text)] == [headline]


def test_the_field_that_holds_the_level_may_be_indexed() -> None:
    assert told(log_label_taken, LOGS.replace("index_by: [", "index_by: [level, ")) == []
    assert [
        found
        for _, found, _ in told(
            log_label_taken, LOGS.replace("    index_by", "    labels: {level: info}\n    index_by")
        )
    ] == ["`level` of `web` is a label that monmc sets"]


@pytest.mark.parametrize(
    ("alert", "headline"),
    [
        (
            "{severity: critical, loki: '{service=\"web\"}'}",
            "the query of `A` finds lines, and an alert compares a number",
        ),
        ("{severity: critical, loki: 'rate({service=\"web\"}[5m])'}", "the query of `A` is compared with nothing"),
        (
            '{severity: {critical: "> 1"}, loki: \'rate({service="web"}[5m]) > 2\'}',
            "`A` compares its value in the query and in its severity",
        ),
    ],
)
def test_a_query_for_loki_is_compared_once(alert: str, headline: str) -> None:
    assert [found for _, found, _ in told(log_query_unclear, f"{LOGS}alerts: {{A: {alert}}}\n")] == [headline]


def test_a_label_of_alerts_is_no_group_of_lines() -> None:
    query = 'sum by (severity, level, method) (rate({service="web"}[5m])) > 1'
    text = f"{LOGS}alerts: {{A: {{severity: critical, loki: '{query}'}}}}\n"
    assert [found for _, found, _ in told(log_alert_label_overwritten, text)] == [
        "`A` is grouped by `severity`, which alerts have with a meaning of their own"
    ]


def test_the_caret_stands_under_what_is_no_logql() -> None:
    _, diagnostics = resolved(
        LOGS + "alerts: {A: {severity: critical, loki: 'rate({service=\"web\"} | jsn [5m]) > 1'}}\n"
    )
    assert [(found.code, found.headline, found.help) for found in diagnostics] == [
        ("MON2050", "LogQL has no stage `jsn`", "did you mean `json`?")
    ]
    [problem] = diagnostics
    assert problem.span is not None
    line = (LOGS + "alerts: {A: {severity: critical, loki: 'rate({service=\"web\"} | jsn [5m]) > 1'}}\n").splitlines()[
        problem.span.line - 1
    ]
    assert line[problem.span.column - 1 :].startswith("jsn [5m]")
