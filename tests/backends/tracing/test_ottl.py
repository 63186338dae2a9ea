"""Texts of users in the collector's languages: what is read there is what was written."""

from __future__ import annotations

import json
import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.collector.ottl import literal, masking, meant
from skillforge_mon.backends.otel_values import configured, go_duration, percentage
from skillforge_mon.spec.models.traces import SpanFilter, TraceMask
from skillforge_mon.spec.quantities import Duration, parse_ratio

TEXTS: Final = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
_UNITS: Final = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


def expanded(text: str) -> str:
    """What the collector makes of a value without references: ``$$`` is one dollar, and one alone is an error."""
    assert re.fullmatch(r"(?:[^$]|\$\$)*", text, re.DOTALL)
    return text.replace("$$", "$")


@given(TEXTS)
def test_a_text_without_references_reaches_the_collector_as_it_is(text: str) -> None:
    if "${secret:" not in text and "${env:" not in text:
        assert expanded(configured(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("${secret:TOKEN}", "${env:TOKEN}"),
        ("$a ${env:API.KEY-1} $", "$$a ${env:API_KEY_1} $$"),
        ("${HOME}", "$${HOME}"),
    ],
)
def test_references_are_read_from_the_environment(text: str, written: str) -> None:
    assert configured(text) == written


@given(TEXTS)
def test_a_literal_is_one_line_and_reads_back_as_the_text(text: str) -> None:
    written = literal(text)
    assert "\n" not in written
    # Go's strconv.Unquote and JSON agree on the escapes that are used.
    assert json.loads(written, strict=False) == text


@given(st.integers(1, 100 * 365 * 86_400_000))
def test_go_reads_every_length_of_time_as_it_was_meant(milliseconds: int) -> None:
    written = go_duration(Duration(milliseconds))
    parts = re.findall(r"([0-9]+)(h|ms|m|s)", written)
    assert "".join(number + unit for number, unit in parts) == written
    assert sum(int(number) * _UNITS[unit] for number, unit in parts) == milliseconds


@pytest.mark.parametrize(("share", "number"), [("12.5%", 12.5), ("10%", 10), ("0.1%", 0.1), ("100%", 100), ("0", 0)])
def test_a_share_is_a_number_of_percent(share: str, number: float) -> None:
    assert percentage(parse_ratio(share)) == number


@pytest.mark.parametrize(
    ("chosen", "condition"),
    [
        ({}, ""),
        ({"name": "GET /"}, 'span.name == "GET /"'),
        ({"name": ["a", "b"]}, '(span.name == "a" or span.name == "b")'),
        ({"matches": r"^\d+$"}, r'IsMatch(span.name, "^\\d+$")'),
        ({"kind": "server"}, "span.kind == SPAN_KIND_SERVER"),
        ({"services": "web"}, 'resource.attributes["service.name"] == "web"'),
        ({"attributes": {"a.b": ["1"]}, "name": "x"}, 'span.name == "x" and String(span.attributes["a.b"]) == "1"'),
    ],
)
def test_a_filter_is_a_condition_of_all_that_it_says(chosen: dict[str, object], condition: str) -> None:
    assert meant(SpanFilter.model_validate(chosen)) == condition


@given(TEXTS)
def test_what_takes_the_place_of_a_text_is_never_read_as_a_group(by: str) -> None:
    mask = TraceMask(name="card", matches="[0-9]+", by=by, attributes=["a"])
    ((_, (statement,)), _) = masking([mask])
    argument = statement.removeprefix('replace_pattern(span.attributes["a"], "[0-9]+", ').removesuffix(")")
    template = json.loads(argument, strict=False)
    # Go, regexp.Expand: `$$` is one dollar, and `$name` a group.
    assert expanded(template) == by
