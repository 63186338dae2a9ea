"""Plain data compared: key order and number forms do not matter, and nothing else is overlooked."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diff.change import FieldChange
from skillforge_mon.diff.plain import differences, same
from skillforge_mon.diff.reading import read_plain
from skillforge_mon.documents.document import Format
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.documents.yaml_writer import write_yaml

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("ab: #-\n"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "x", "y", "to"]), inner),
    max_leaves=12,
)


@given(PLAIN)
def test_data_does_not_differ_from_itself(data: Any) -> None:
    assert list(differences(data, json.loads(json.dumps(data)))) == []


@given(PLAIN, PLAIN)
def test_every_difference_is_found(old: Any, new: Any) -> None:
    assert same(old, new) is (list(differences(old, new)) == [])


@given(st.dictionaries(st.sampled_from(["name", "x", "y"]), PLAIN))
def test_what_is_written_reads_back_as_the_same(data: Any) -> None:
    assert same(read_plain(write_json(data).encode(), Format.JSON), data)
    assert same(read_plain(write_yaml(data).encode(), Format.YAML), data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, 1.0),
        (Decimal("0.10"), 0.1),
        ([1, 2], (1, 2)),
    ],
)
def test_these_are_the_same(old: Any, new: Any) -> None:
    assert list(differences(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (True, 1, [FieldChange("", "true", "1")]),
        ("1", 1, [FieldChange("", "1", "1")]),
        ({"a": None}, {}, [FieldChange("a", "null", None)]),
        ({"for": "5m"}, {"for": "7m"}, [FieldChange("for", "5m", "7m")]),
        ({"tags": ["a", "b"]}, {"tags": ["b", "c"]}, [FieldChange("tags", "a, b", "b, c", "tags now also c; no longer a")]),
        ({"tags": ["a", "b"]}, {"tags": ["b", "a"]}, [FieldChange("tags", "a, b", "b, a", "tags in another order: b, a")]),
        (
            {"to": [{"name": "a", "x": 1}, {"name": "b"}]},
            {"to": [{"name": "b"}, {"name": "a", "x": 2}]},
            [FieldChange("to[a].x", "1", "2"), FieldChange("to", "a, b", "b, a", "to in another order: b, a")],
        ),
        (
            {"steps": [{"x": 1}, {"x": 2}, {"x": 3}]},
            {"steps": [{"x": 1}, {"x": 3}]},
            [FieldChange("steps[2]", '{"x": 2}', None)],
        ),
    ],
)  # fmt: skip
def test_a_difference_is_told(old: Any, new: Any, expected: list[FieldChange]) -> None:
    assert list(differences(old, new)) == expected
