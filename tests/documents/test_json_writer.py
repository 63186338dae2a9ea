from __future__ import annotations

import json
import re
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given

from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.json_writer import write_json
from tests.documents.plain_data import PLAIN


def test_a_document_is_indented_keeps_its_order_and_ends_with_a_newline() -> None:
    data: Plain = {
        "title": "Été “rouge” 🔥\n\t\\",
        "a": [1, 2.5, True, None, {}, []],
        "objective": Decimal("99.950"),
        "panels": [{"id": 1}, {"id": 2}],
    }
    assert (
        write_json(data)
        == """\
{
  "title": "Été “rouge” 🔥\\n\\t\\\\",
  "a": [
    1,
    2.5,
    true,
    null,
    {},
    []
  ],
  "objective": 99.95,
  "panels": [
    {
      "id": 1
    },
    {
      "id": 2
    }
  ]
}
"""
    )


@given(data=PLAIN)
def test_what_was_written_reads_back(data: Any) -> None:
    assert repr(json.loads(write_json(data))) == repr(data)


def test_the_layout_is_that_of_the_standard_library() -> None:
    data: Plain = {"a": [[], {}, [1, [2, "x"]], {"b": {"c": -0.5}}], "": "\u007f\u2028/"}
    assert write_json(data) == json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def test_a_decimal_is_exact() -> None:
    text = "0.1234567890123456789012345678901"
    assert json.loads(write_json([Decimal(text)]), parse_float=Decimal) == [Decimal(text)]


def test_other_maps_and_sequences_are_written_as_the_plain_ones() -> None:
    assert write_json(MappingProxyType({"a": (1,)})) == '{\n  "a": [\n    1\n  ]\n}\n'


@pytest.mark.parametrize("number", [float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity")])
def test_a_number_that_json_cannot_say_is_a_defect(number: Any) -> None:
    with pytest.raises(ValueError, match="is not a number that JSON can say"):
        write_json({"a": number})


@pytest.mark.parametrize("data", ["\ud800", {"\udfff": 1}])
def test_half_a_surrogate_pair_is_a_defect(data: Plain) -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        write_json(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({1: "a"}, "a document has a key of type int: 1"),
        ({"a": b"b"}, "a document holds a value of type bytes: b'b'"),
        ([{1}], "a document holds a value of type set: {1}"),
    ],
)
def test_what_json_does_not_have_is_a_defect(data: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        write_json(data)
