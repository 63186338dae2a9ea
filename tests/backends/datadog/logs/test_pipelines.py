"""Pipelines of logs: whole bodies, judged by the client's own models."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from datadog_api_client.v1.model.logs_pipeline import LogsPipeline
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.logs.grok import rule
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.documents.document import Grade, Resource, Verdict
from tests.backends.datadog.logs.specs import compiled, pipeline
from tests.fakes.datadog_models import understood

EVERYTHING = """\
format: regex, pattern: '^(?P<time>\\S+) "(?P<level>\\w+)" (?P<method>GET|POST)?(?: (?P<message>.*))?$',
    time: {field: time, format: "02/Jan/2006:15:04:05 -0700"}, levels: {E: error, W: warning}, trace_id: trace,
    labels: {stage: live}, samples: ['x "E" GET y'], description: Requests
""".replace("trace_id: trace,", "")
STREAMS = [
    "format: json",
    "format: plain",
    "format: logfmt, time: {field: ts, format: unix}, trace_id: trace",
    "time: {field: ts, format: unix_ms}, levels: {'30': info}",
    EVERYTHING,
]


def test_seconds_that_a_pattern_finds_are_a_number_to_compute_with() -> None:
    made: Any = pipeline(r"format: regex, pattern: '^(?P<at>\d+) (?P<message>.*)$', time: {field: at, format: unix}")
    assert made["processors"][0]["grok"]["match_rules"] == (r'line %{regex("\\d+"):at:number} %{regex(".*"):message}')
    assert made["processors"][1]["expression"] == "at * 1000"


@pytest.mark.parametrize("stream", STREAMS)
def test_the_client_understands_every_pipeline(stream: str) -> None:
    assert understood(json.loads(json.dumps(pipeline(stream))), LogsPipeline, "pipeline") == []


def test_a_pipeline_of_lines_in_json() -> None:
    document = compiled("logs: {web: {service: web, time: ts, trace_id: trace, labels: {stage: live}}}\n")[
        "logs/pipelines/web.json"
    ]
    assert document.resource == Resource("datadog", "log_pipeline", "logs.web")
    assert document.verdicts == (Verdict("datadog", "logs.web", Grade.EXACT),)
    assert document.content == {
        "name": "[shop] web",
        "description": "Lines of web",
        "tags": ["project:shop", "service:web"],
        "is_enabled": True,
        "filter": {"query": "service:web"},
        "processors": [
            {"type": "date-remapper", "name": "The time", "is_enabled": True, "sources": ["ts"]},
            {"type": "status-remapper", "name": "The level", "is_enabled": True, "sources": ["level"]},
            {"type": "message-remapper", "name": "The text", "is_enabled": True, "sources": ["message"]},
            {"type": "trace-id-remapper", "name": "The trace", "is_enabled": True, "sources": ["trace"]},
            {
                "type": "string-builder-processor",
                "name": "The label stage",
                "is_enabled": True,
                "template": "live",
                "target": "stage",
                "is_replace_missing": False,
            },
        ],
    }


def test_a_pipeline_of_lines_that_are_read_by_a_rule() -> None:
    found = pipeline(EVERYTHING)
    assert found["processors"][:5] == [
        {
            "type": "grok-parser",
            "name": "Read lines of web",
            "is_enabled": True,
            "source": "message",
            "samples": ['x "E" GET y'],
            "grok": {
                "support_rules": "",
                "match_rules": r'line %{regex("\\S+"):time} "%{regex("\\w+"):level}" (?:%{regex("GET|POST"):method})?'
                r'(?: %{regex(".*"):message})?',
            },
        },
        {
            "type": "grok-parser",
            "name": "The time in parts",
            "is_enabled": True,
            "source": "time",
            "samples": [],
            "grok": {"support_rules": "", "match_rules": 'time %{date("dd/MMM/yyyy:HH:mm:ss Z"):monmc.time}'},
        },
        {"type": "date-remapper", "name": "The time", "is_enabled": True, "sources": ["monmc.time"]},
        {
            "type": "category-processor",
            "name": "Levels in other words",
            "is_enabled": True,
            "categories": [
                {"name": "error", "filter": {"query": "@level:E"}},
                {"name": "warning", "filter": {"query": "@level:W"}},
            ],
            "target": "monmc.level",
        },
        {"type": "status-remapper", "name": "The level", "is_enabled": True, "sources": ["monmc.level", "level"]},
    ]


def test_seconds_become_milliseconds() -> None:
    assert pipeline("time: {field: ts, format: unix}")["processors"][:2] == [
        {
            "type": "arithmetic-processor",
            "name": "Seconds as milliseconds",
            "is_enabled": True,
            "expression": "ts * 1000",
            "target": "monmc.time",
            "is_replace_missing": False,
        },
        {"type": "date-remapper", "name": "The time", "is_enabled": True, "sources": ["monmc.time"]},
    ]


def test_streams_of_one_service_and_environment_are_told_apart() -> None:
    documents = compiled("logs: {web: {service: web}, jobs: {service: web}}\n", "production")
    found: Any = documents["logs/pipelines/jobs.json"].content
    assert found["filter"] == {"query": "service:web env:production source:jobs"}


def test_what_differs_is_said() -> None:
    spec = (
        "logs: {web: {service: web, format: logfmt, multiline: '^a', mask: [{name: card, matches: a}], drop: [a b]}}\n"
    )
    assert compiled(spec)["logs/pipelines/web.json"].verdicts == (
        Verdict(
            "datadog",
            "logs.web",
            Grade.APPROXIMATE,
            "a value in logfmt without quotes ends at a sign other than letters, digits and `_.-@/:`; `multiline` is left to the Agent (`log_processing_rules` of "
            "the type `multi_line`); lines to `drop` are not made searchable, and are paid for as taken in: the Agent "
            "can leave them out; `contains` and `without` look for whole words of the text, and not for letters "
            "anywhere in the line",
        ),
    )


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        ("drop: [{matches: a+}]", "`matches` is a regular expression, and Datadog's log search has none"),
        ("format: regex, pattern: '(?U)(?P<level>a)'", "the flag `U` of `(?U)(?P<level>a)` has no counterpart"),
        (
            "format: regex, pattern: '(?P<level>a(?P<message>b))'",
            "the group `message` is within another, and Datadog's rules name no part of a part",
        ),
    ],
)
def test_what_cannot_be_said(stream: str, reason: str) -> None:
    found = compiled(f"logs: {{web: {{service: web, {stream}}}}}\n")
    (document,) = found.values()
    assert [(each.grade, each.reason) for each in document.verdicts] == [(Grade.UNTRANSLATABLE, reason)]


def read(rules: str) -> re.Pattern[str]:
    """A rule as an expression of Python's: matchers are groups, and the whole line must match ([docs] parsing)."""

    def group(match: re.Match[str]) -> str:
        inner = re.sub(r"\\(.)", r"\1", match[1])
        return f"(?P<{match[2]}>{inner})"

    rules = rules.replace(r"\A", "^").replace(r"\z", r"\Z")
    return re.compile(re.sub(r'%\{regex\("((?:[^"\\]|\\.)*)"\):(\w+)\}', group, rules))


PIECES = st.sampled_from([r"\d+", "a*", "(b|c)", '"', "[^ ]", " ", "%", "(?:x)?", "[)(]", "|"])


@given(
    st.lists(st.tuples(st.booleans(), PIECES), min_size=1, max_size=5), st.text('ab1c" %x)(', max_size=8), st.booleans()
)
def test_a_rule_reads_what_the_pattern_reads(pieces: list[tuple[bool, str]], line: str, bound: bool) -> None:
    pattern = "".join(
        f"(?P<g{number}>{piece})" if named and piece != "|" else piece for number, (named, piece) in enumerate(pieces)
    )
    pattern = f"^{pattern}$" if bound else pattern
    found, expected = read(rule(pattern)).fullmatch(line), re.search(pattern.replace("$", r"\Z"), line)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found.groupdict() == expected.groupdict()


def test_a_pattern_of_several_lines_is_refused() -> None:
    with pytest.raises(Untranslatable):
        rule("a\nb")
