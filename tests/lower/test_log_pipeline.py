"""What is done to a line on its way: masks first, fields under names that labels may have, levels in our words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.lower.log_pipeline import Masked, Read, StaticLabels, Template, json_path, pipeline, without_groups
from skillforge_mon.lower.loki_streams import literal_pattern, stream_labels
from skillforge_mon.query.loki_labels import label_name
from tests.projects import project

HEAD = "version: 1\nproject: shop\ntargets: {loki: {}}\nservices: {web: {}}\nlogs:\n"


def steps(stream: str) -> list[Any]:
    found = project(f"{HEAD}  web: {stream}\n")
    return list(pipeline(found, found.logs["web"]))


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("level", "level"),
        ("@timestamp", '"@timestamp"'),
        ("request-id", '"request-id"'),
        ("http.status_code", '"http.status_code" || http.status_code'),
        ("a.b-c", '"a.b-c" || a."b-c"'),
    ],
)
def test_a_field_with_dots_is_one_key_or_the_way_into_an_object(field: str, path: str) -> None:
    assert json_path(field) == path


@pytest.mark.parametrize(("field", "name"), [("a.b", "a_b"), ("@id", "_id"), ("request-id", "request_id")])
def test_a_field_is_a_label_as_loki_itself_would_call_it(field: str, name: str) -> None:
    assert label_name(field) == name


def test_masks_come_before_anything_is_taken_out_of_the_line() -> None:
    found = steps("{mask: [{name: a, matches: 'x'}, {name: b, matches: 'y', by: '{{b}}'}]}")
    assert found[:2] == [Masked("(x)", "***"), Masked("(y)", '{{ "{{" }}b}}')]
    assert isinstance(found[2], Read)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r"(\d{4})-(\d{4})", r"(?:\d{4})-(?:\d{4})"),
        (r"(?P<a>x)(?<b>y)(?:z)(?i)w", "(?:x)(?:y)(?:z)(?i)w"),
        (r"\(a\)[(]b", r"\(a\)[(]b"),
    ],
)
def test_the_groups_of_a_mask_capture_nothing(pattern: str, written: str) -> None:
    assert without_groups(pattern) == written


@given(st.text(max_size=20))
def test_a_text_as_a_pattern_matches_itself_alone(text: str) -> None:
    pattern = re.compile(literal_pattern(text))
    assert pattern.fullmatch(text)
    assert not pattern.fullmatch(text + "x")


def test_levels_are_called_what_the_stream_says_before_what_is_usual() -> None:
    [template] = [step for step in steps("{levels: {warn: error, '60': error}}") if isinstance(step, Template)]
    assert template.template == (
        '{{ $level := ToLower (default "" .Value) }}'
        '{{ if eq $level "warn" "60" "error" "err" "fatal" "critical" "crit" "alert" "emergency" "emerg" "panic" }}error'
        '{{ else if eq $level "warning" }}warning'
        '{{ else if eq $level "info" "information" "informational" "notice" }}info'
        '{{ else if eq $level "debug" "trace" "verbose" }}debug{{ end }}'
    )


def test_plain_text_has_labels_of_its_stream_alone() -> None:
    assert steps("{format: plain, labels: {region: eu}}") == [StaticLabels({"region": "eu", "service": "web"})]


def test_streams_of_one_service_are_told_apart() -> None:
    found = project(f"{HEAD}  web: {{service: web}}\n  access: {{service: web}}\n  other: {{}}\n")
    assert [stream_labels(found, stream) for stream in found.logs.values()] == [
        {"service": "web", "stream": "web"},
        {"service": "web", "stream": "access"},
        {"service": "other"},
    ]
