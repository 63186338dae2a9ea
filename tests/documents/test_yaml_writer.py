from __future__ import annotations

import enum
import io
import re
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import given
from ruamel.yaml import YAML

from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.yaml_writer import write_yaml
from tests.documents.plain_data import PLAIN, TEXTS, TRICKY_STRINGS


def _ruamel(version: str, pure: bool) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        reader = YAML(typ="safe", pure=pure)
        reader.version = version
        return reader.load(io.StringIO(text))

    return read


READERS: dict[str, Callable[[str], Any]] = {
    "PyYAML": lambda text: yaml.load(text, yaml.SafeLoader),
    "libyaml": lambda text: yaml.load(text, yaml.CSafeLoader),
    "ruamel 1.1": _ruamel("1.1", pure=True),
    "ruamel 1.2": _ruamel("1.2", pure=True),
}


def _same(read: Any, data: Any) -> bool:
    """Equal, with the same types: 1, 1.0 and True are three values."""
    if isinstance(data, dict):
        return isinstance(read, dict) and list(read) == list(data) and all(_same(read[key], data[key]) for key in data)
    if isinstance(data, list):
        return isinstance(read, list) and len(read) == len(data) and all(map(_same, read, data))
    return type(read) is type(data) and bool(read == data)


def test_a_rules_file_looks_as_an_expert_writes_it() -> None:
    rules: Plain = {
        "groups": [
            {
                "name": "backend",
                "interval": "30s",
                "limit": 0,
                "labels": {},
                "rules": [
                    {
                        "alert": "HighErrorRate",
                        "expr": 'sum by (service) (rate(http_requests_total{status=~"5.."}[5m]))\n  > 0.05\n',
                        "for": "5m",
                        "labels": {"severity": "critical", "page": "yes"},
                        "annotations": {"summary": "{{ $labels.service }} answers with errors: look now"},
                    },
                    {"record": "job:up:avg", "expr": 'avg by (job) (up{job!="x"})', "keep": True, "limit": 0.5},
                ],
            },
            {"name": "empty", "rules": []},
        ],
        "matrix": [[1, 2], ["a", None], []],
    }
    assert (
        write_yaml(rules, header="Written by monmc from specs/skillforge.\n\nDo not edit.")
        == """\
# Written by monmc from specs/skillforge.
#
# Do not edit.
groups:
  - name: backend
    interval: 30s
    limit: 0
    labels: {}
    rules:
      - alert: HighErrorRate
        expr: |
          sum by (service) (rate(http_requests_total{status=~"5.."}[5m]))
            > 0.05
        for: 5m
        labels:
          severity: critical
          page: 'yes'
        annotations:
          summary: '{{ $labels.service }} answers with errors: look now'
      - record: job:up:avg
        expr: avg by (job) (up{job!="x"})
        keep: true
        limit: 0.5
  - name: empty
    rules: []
matrix:
  - - 1
    - 2
  - - a
    - null
  - []
"""
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", "''"),
        ("plain text", "plain text"),
        ("it's", "it's"),
        ("'it''s'", "'''it''''s'''"),
        ("up == 0", "up == 0"),
        ("job:up:avg", "job:up:avg"),
        ("http://backend:8000/metrics?a=b#c", "http://backend:8000/metrics?a=b#c"),
        ("${secret:NAME}", "${secret:NAME}"),
        ("5m", "5m"),
        ("2GiB", "2GiB"),
        ("99.9%", "99.9%"),
        ("3.5", "'3.5'"),
        ("22:22", "'22:22'"),
        ("0x1F", "'0x1F'"),
        ("1e3", "'1e3'"),
        ("2024-01-01", "'2024-01-01'"),
        ("on", "'on'"),
        ("y", "'y'"),
        ("NULL", "'NULL'"),
        ("NaN", "'NaN'"),
        ("~", "'~'"),
        ("<<", "'<<'"),
        ("=", "'='"),
        ("> 5%", "'> 5%'"),
        ("{{ value }}", "'{{ value }}'"),
        ("a: b", "'a: b'"),
        ("a #b", "'a #b'"),
        ("a ", "'a '"),
        (r"^5\d\d$", r"^5\d\d$"),
        ("été 🔥", "été 🔥"),
        ("a\tb", r'"a\tb"'),
        ('a\x00"\\', r'"a\u0000\"\\"'),
        ("5\u00a0%", r'"5\u00a0%"'),
        ("\ufeffa\u0085\u2028\r", r'"\ufeffa\u0085\u2028\r"'),
        ("\n", r'"\n"'),
        ("a \nb", r'"a \nb"'),
        ("a\nb", "|-\n  a\n  b"),
        ("a\n\nb\n", "|\n  a\n\n  b"),
        ("a\n\n", "|+\n  a\n"),
        ("  a\nb\n", "|2\n    a\n  b"),
    ],
)
def test_a_string_has_the_lightest_quotes_that_every_reader_understands(text: str, written: str) -> None:
    assert write_yaml({"key": text}) == f"key: {written}\n"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (-12, "-12"),
        (10**20, "100000000000000000000"),
        (0.1, "0.1"),
        (5.0, "5.0"),
        (-0.0, "-0.0"),
        (1e-05, "0.00001"),
        (1e16, "1.0e+16"),
        (-1.25e300, "-1.25e+300"),
        (5e-324, "5.0e-324"),
        (Decimal("99.90"), "99.9"),
        (Decimal("5.00"), "5"),
        (Decimal("-0"), "0"),
        (Decimal("0.1234567890123456789012345678901234567890"), "0.123456789012345678901234567890123456789"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E+40"), "1.0e+40"),
    ],
)
def test_a_number_is_exact_and_short(number: float | Decimal, written: str) -> None:
    assert write_yaml([number]) == f"- {written}\n"


@pytest.mark.parametrize(("data", "written"), [({}, "{}\n"), ([], "[]\n"), (None, "null\n"), ("a\nb", '"a\\nb"\n')])
def test_a_document_may_be_a_scalar_or_empty(data: Plain, written: str) -> None:
    assert write_yaml(data) == written


def test_other_kinds_of_maps_sequences_and_strings_are_written_as_the_plain_ones() -> None:
    class Word(enum.StrEnum):
        YES = "yes"

    class Number(enum.IntEnum):
        ONE = 1

    data: Any = MappingProxyType({Word.YES: (Word.YES, Number.ONE, MappingProxyType({})), "t": ((),)})
    assert write_yaml(data) == "'yes':\n  - 'yes'\n  - 1\n  - {}\nt:\n  - []\n"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("-inf"), Decimal("sNaN")])
def test_a_number_that_json_cannot_say_is_a_defect(number: Any) -> None:
    with pytest.raises(ValueError, match="is not a number that JSON can say"):
        write_yaml({"a": [number]})


@pytest.mark.parametrize("data", [{"a": "\ud83d"}, {"\udc00": 1}, ["a\n\ud800"]])
def test_half_a_surrogate_pair_is_a_defect(data: Plain) -> None:
    with pytest.raises(ValueError, match="half of a surrogate pair"):
        write_yaml(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({1: "a"}, "a document has a key of type int: 1"),
        ({None: "a"}, "a document has a key of type NoneType: None"),
        ({"a": b"b"}, "a document holds a value of type bytes: b'b'"),
        ([{1}], "a document holds a value of type set: {1}"),
    ],
)
def test_what_is_not_plain_data_is_a_defect(data: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        write_yaml(data)


@pytest.mark.parametrize("reader", READERS)
def test_every_tricky_string_survives_as_value_key_and_item(reader: str) -> None:
    for text in TRICKY_STRINGS:
        data: Plain = {text: text, "list": [text, {text: [text, text]}, [[text]]], "last": text}
        assert READERS[reader](write_yaml(data)) == data, text


@pytest.mark.parametrize("reader", READERS)
@given(data=PLAIN)
def test_every_reader_reads_what_was_written(reader: str, data: Any) -> None:
    read = READERS[reader](write_yaml(data))
    assert _same(read, data), (read, write_yaml(data))


@given(header=TEXTS, data=PLAIN)
def test_no_header_can_become_content(header: str, data: Any) -> None:
    assert _same(yaml.load(write_yaml(data, header), yaml.CSafeLoader), data)


@given(data=PLAIN)
def test_no_line_ends_in_a_space_and_the_file_in_one_newline(data: Any) -> None:
    text = write_yaml(data)
    assert [line for line in text.split("\n") if line != line.rstrip(" ")] == []
    assert text.endswith("\n")
