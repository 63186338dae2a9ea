"""Values that an answer must have as JSON: an expression in CEL, or, for old versions, regular expressions.

The exporter gives CEL the decoded answer as ``body`` (CONFIGURATION.md, ``fail_if_body_json_not_matches_cel``). A path
that is not there fails the probe.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from skillforge_mon.model.json_paths import path_parts

_IDENTIFIER: Final = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*")
_RESERVED: Final = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    ]
)
"""Words that no selection of CEL can be (Common Expression Language, "Syntax")."""
_SPECIAL: Final = re.compile(r"([\\.+*?()|\[\]{}^$])")


def cel(expected: Mapping[str, object]) -> str:
    """``body.status == "healthy" && body.checks[0].ok == true``."""
    return " && ".join(f"{_selected(path)} == {_literal(value)}" for path, value in expected.items())


def patterns(expected: Mapping[str, object]) -> list[str]:
    """For each value, its last key and the value as JSON has them next to each other, wherever that is."""
    found = []
    for path, value in expected.items():
        last = next((part for part in reversed(path_parts(path)) if isinstance(part, str)), "")
        found.append(rf"{quoted(_literal(last))}\s*:\s*{quoted(_literal(value))}")
    return found


def quoted(text: str) -> str:
    """A regular expression that matches ``text`` and nothing else."""
    return _SPECIAL.sub(r"\\\1", text)


def _selected(path: str) -> str:
    text = "body"
    for part in path_parts(path):
        if isinstance(part, int):
            text += f"[{part}]"
        elif _IDENTIFIER.fullmatch(part) and part not in _RESERVED:
            text += f".{part}"
        else:
            text += f"[{_literal(part)}]"
    return text


def _literal(value: object) -> str:
    """As JSON has it, without escapes of characters beyond ASCII: CEL knows no halves of a character (surrogates)."""
    return json.dumps(value, ensure_ascii=False)
