"""A spec is what it looks like: the core schema of YAML 1.2, with leading zeros kept as text."""

from __future__ import annotations

import math

import pytest

from skillforge_mon.spec.yaml.plain_scalars import resolve_plain
from tests.spec.yaml.loading import load, plain


@pytest.mark.parametrize(
    "text",
    [
        *(
            "on",
            "off",
            "yes",
            "no",
            "NO",
            "y",
            "n",
            "22:22",
            "1:30:00",
            "1_000",
            "2024-01-01",
            "=",
            "0123",
            "-012",
            "00.5",
        ),
        *(
            "5m",
            "99.9%",
            "1.2.3",
            "0b101",
            "0o8",
            "0xZ",
            "1e",
            "e3",
            ".",
            "+",
            "-x",
            "tRue",
            "nUll",
            "NaN",
            "inf",
            "--1",
            "١",
        ),
        "9" * 301,
        "0x" + "f" * 300,
    ],
)
def test_text_stays_text(text: str) -> None:
    assert plain(f"a: {text}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("TRUE", True), ("~", None), ("null", None), ("Null", None), ("", None),
        ("0", 0), ("-0", 0), ("+12", 12), ("0o17", 15), ("0x1F", 31), ("18446744073709551616", 2**64),
        ("1e3", 1000.0), ("1.", 1.0), (".5", 0.5), ("-0.25E-1", -0.025), ("1.10", 1.1), ("0.5", 0.5),
        (".inf", math.inf), ("-.INF", -math.inf), ("1e999", math.inf),
    ],
)  # fmt: skip
def test_numbers_and_words_have_their_value_and_keep_their_text(text: str, value: object) -> None:
    node = load(f"a: {text}").get("a")
    assert node is not None
    assert (type(node.value), node.value, node.text) == (type(value), value, text)  # type: ignore[union-attr]


def test_not_a_number_is_a_float() -> None:
    value = resolve_plain(".nan")
    assert isinstance(value, float)
    assert math.isnan(value)


def test_quotes_make_text_of_everything() -> None:
    assert plain("a: ['1', \"true\", '', \"~\"]\nb: |-\n  5\n") == {"a": ["1", "true", "", "~"], "b": "5"}


def test_core_tags_say_what_a_value_is() -> None:
    assert plain("a: !!str 5\nb: !!float 5\nc: !!int '7'\nd: ! on\ne: !!map {x: !!null ~}\nf: !!bool true\n") == {
        "a": "5", "b": 5.0, "c": 7, "d": "on", "e": {"x": None}, "f": True,
    }  # fmt: skip
