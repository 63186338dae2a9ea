"""What becomes of a line, by the pipelines that are written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.elasticsearch.pipelines import PAIRS
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.model.logs import LEVEL_WORDS
from tests.backends.elasticsearch.interpreter import ARRIVED, java, run
from tests.backends.elasticsearch.specs import HEAD, body, compiled

STREAM = "logs-web-default"
JSON = (
    HEAD
    + """\
retention: {logs: {default: 30d, error: 90d, debug: 1d}}
logs:
  web:
    service: web
    index_by: [method]
    metadata: [request_id, http.status_code]
    trace_id: trace
    time: timestamp
    labels: {stage: live}
    levels: {"30": info}
    drop: [{contains: /health, level: debug}, {fields: {method: OPTIONS}}, {matches: "GET /static/"}]
    mask: [{name: card, matches: '\\b\\d{4}-\\d{4}\\b', by: '[$card]'}]
"""
)


def stored(spec: str, message: Any, **fields: Any) -> tuple[str, dict[str, Any]] | None:
    """What becomes of a document, but for the fields that every one gets."""
    pipeline = body(compiled(spec), f"ingest_pipelines/{STREAM}")
    found = run(pipeline, {"message": message, **fields}, STREAM)
    if found is None:
        return None
    stream, document = found
    assert document.pop("service") == {"name": "web"}
    document.pop("data_stream", None)
    return stream, document


def test_a_line_in_json_becomes_fields() -> None:
    line = {
        "timestamp": "2026-11-21T10:00:00.5+01:00",
        "level": "WARN",
        "message": "slow",
        "method": "GET",
        "request_id": "r1",
        "http.status_code": 200,
        "trace": "abc",
        "user": {"id": 7},
    }
    assert stored(JSON, json.dumps(line)) == (
        STREAM,
        {
            "@timestamp": "2026-11-21T09:00:00.500Z",
            "log": {"level": "warning"},
            "message": "slow",
            "method": "GET",
            "request_id": "r1",
            "http": {"status_code": 200},
            "trace": {"id": "abc"},
            "stage": "live",
            "attributes": {"http": {}, "user": {"id": 7}},
        },
    )


@pytest.mark.parametrize(
    ("level", "stream", "read"),
    [
        ("ERROR", "logs-web.error-default", "error"),
        ("Fatal", "logs-web.error-default", "error"),
        ("debug", "logs-web.debug-default", "debug"),
        ("warn", STREAM, "warning"),
        (30, STREAM, "info"),
        ("odd", STREAM, "odd"),
    ],
)
def test_lines_go_to_the_data_stream_of_their_level(level: Any, stream: str, read: str) -> None:
    assert stored(JSON, json.dumps({"level": level, "message": "x"})) == (
        stream,
        {"@timestamp": ARRIVED, "log": {"level": read}, "message": "x", "stage": "live", "attributes": {}},
    )


def test_a_line_that_is_no_json_is_kept_as_it_is() -> None:
    assert stored(JSON, "Traceback (most recent call last):") == (
        STREAM,
        {
            "@timestamp": ARRIVED,
            "message": "Traceback (most recent call last):",
            "stage": "live",
            "tags": ["unparsed"],
        },
    )


def test_a_document_that_has_its_fields_gets_what_it_lacks() -> None:
    assert stored(JSON, None, log={"level": "ERR"}) == (
        "logs-web.error-default",
        {"@timestamp": ARRIVED, "message": None, "log": {"level": "error"}, "stage": "live"},
    )


@pytest.mark.parametrize(
    "line",
    [
        {"level": "debug", "message": "GET /health"},
        {"level": "info", "method": "OPTIONS"},
        {"level": "error", "message": "GET /static/a.css"},
    ],
)
def test_lines_are_dropped(line: dict[str, str]) -> None:
    assert stored(JSON, json.dumps(line)) is None


@pytest.mark.parametrize("line", [{"level": "info", "message": "GET /health"}, {"level": "debug", "message": "x"}])
def test_lines_that_meet_a_part_of_what_is_dropped_are_kept(line: dict[str, str]) -> None:
    assert stored(JSON, json.dumps(line)) is not None


def test_what_is_masked_is_kept_nowhere() -> None:
    found = stored(JSON, json.dumps({"message": "paid by 1234-5678", "card": "1234-5678", "level": "info"}))
    assert found is not None
    assert found[1]["message"] == "paid by [$card]"
    assert found[1]["attributes"] == {"card": "[$card]"}


def test_a_line_in_logfmt_becomes_fields() -> None:
    spec = HEAD + "logs: {web: {service: web, format: logfmt, message: msg, index_by: [method]}}\n"
    line = r'level=error method=GET msg="said \"no\" to a=b at once" took=5ms'
    assert stored(spec, line) == (
        STREAM,
        {
            "@timestamp": ARRIVED,
            "message": 'said "no" to a=b at once',
            "log": {"level": "error"},
            "method": "GET",
            "attributes": {"took": "5ms"},
        },
    )


WORDS = st.text(
    st.characters(codec="ascii", exclude_characters='"\\', categories=["L", "N", "P", "S", "Zs"]), min_size=1
)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), WORDS, min_size=1))
def test_every_line_in_logfmt_is_cut_between_its_pairs(fields: dict[str, str]) -> None:
    line = " ".join(f'{name}="{value}"' for name, value in fields.items())
    assert [part.partition("=")[::2] for part in java(PAIRS).split(line)] == [
        (name, f'"{value}"') for name, value in fields.items()
    ]


def test_a_line_is_read_by_a_regular_expression() -> None:
    spec = (
        HEAD
        + """\
logs:
  web:
    service: web
    format: regex
    pattern: '^(?P<time>\\S+ \\S+) \\[(?P<level>\\w+)\\] (?P<method>[A-Z]+) 100%{1} (?P<message>.*)$'
    time: {field: time, format: "2006-01-02 15:04:05"}
    index_by: [method]
"""
    )
    assert stored(spec, "2026-11-21 08:00:00 [CRIT] GET 100% of it\nmore") == (
        STREAM,
        {"@timestamp": ARRIVED, "message": "2026-11-21 08:00:00 [CRIT] GET 100% of it\nmore", "tags": ["unparsed"]},
    )
    assert stored(spec, "2026-11-21 08:00:00 [CRIT] GET 100% of it") == (
        STREAM,
        {
            "@timestamp": "2026-11-21T08:00:00.000Z",
            "message": "of it",
            "log": {"level": "error"},
            "method": "GET",
            "attributes": {},
        },
    )


def test_a_plain_line_is_kept_whole() -> None:
    spec = HEAD + "logs: {web: {service: web, format: plain, drop: [ping], retention: 7d}}\n"
    assert stored(spec, "ping") is None
    assert stored(spec, "pong") == (STREAM, {"@timestamp": ARRIVED, "message": "pong"})


@given(st.sampled_from([(level, word) for level, words in LEVEL_WORDS.items() for word in words]))
def test_every_word_for_a_level_is_understood(known: tuple[str, str]) -> None:
    level, word = known
    spec = HEAD + "logs: {web: {service: web}}\n"
    found = stored(spec, json.dumps({"level": word.upper()}))
    assert found is not None
    assert found[1]["log"] == {"level": level}


TEXTS = st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable() and text.strip() == text)


@given(TEXTS, TEXTS)
def test_a_text_to_drop_by_is_found_whatever_signs_are_in_it(text: str, other: str) -> None:
    quoted = json.dumps(text, ensure_ascii=False)
    spec = HEAD + f"logs: {{web: {{service: web, format: plain, drop: [{{contains: {quoted}}}]}}}}\n"
    assert (stored(spec, other + text) is None) is True
    assert (stored(spec, other) is None) == (text in other)


def test_what_differs_is_said() -> None:
    spec = (
        HEAD
        + """\
retention: {logs: {default: 30d, error: 90d}}
logs: {web: {service: web, format: plain, source: {otlp: true}, multiline: '^\\d'}}
"""
    )
    (verdict,) = compiled(spec)[f"elasticsearch/ingest_pipelines/{STREAM}.json"].verdicts
    assert verdict == Verdict(
        "elasticsearch",
        "logs.web",
        Grade.APPROXIMATE,
        "its lines have no level that can be read, so that all of them are kept for 30d; `multiline` is left to what "
        "sends the lines: Elasticsearch gets whole entries, or parts; lines that come by OTLP have the fields that the "
        "exporter gives them: with its mapping mode `ecs` their level and text are read, and only the parts of "
        "`attributes` that it writes are found",
    )


def test_an_expression_that_java_has_not_stops_the_stream() -> None:
    documents = compiled(HEAD + "logs: {web: {service: web, mask: [{name: x, matches: '(?U)a+'}]}}\n")
    (verdict,) = documents[f"elasticsearch/untranslatable/{STREAM}.txt"].verdicts
    assert verdict == Verdict(
        "elasticsearch",
        "logs.web",
        Grade.UNTRANSLATABLE,
        "the flag `U` of `(?U)a+` has no counterpart",
        "write the expression without it",
    )
