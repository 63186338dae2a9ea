"""What an unquoted scalar is: text, a number, true, false or null, by the core schema of YAML 1.2 (section 10.3.2).

Two readings are stricter than the core schema, because a spec must be what it looks like: a number with a leading zero
(``0123``, which YAML 1.1 takes for octal and 1.2 for 123) stays text, and so does a number of more than 300 characters.
"""

from __future__ import annotations

import re

from skillforge_mon.spec.yaml.nodes import ScalarValue

_WORDS: dict[str, ScalarValue] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
    ".inf": float("inf"), ".Inf": float("inf"), ".INF": float("inf"),
    "+.inf": float("inf"), "+.Inf": float("inf"), "+.INF": float("inf"),
    "-.inf": float("-inf"), "-.Inf": float("-inf"), "-.INF": float("-inf"),
}  # fmt: skip

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_LONGEST_NUMBER = 300

NOT_ALWAYS_TEXT = frozenset(("", *"-+.0123456789~nNtTfF"))
"""What a plain scalar that is not text begins with; every other one needs no closer look."""


def resolve_plain(text: str) -> ScalarValue:
    """The value of the plain scalar ``text``; never fails, since what is nothing else is text."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, base=0)
    return text
