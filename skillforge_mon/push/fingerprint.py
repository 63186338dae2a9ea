"""Bodies as short texts that are equal when the bodies are."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.quantities import json_number

REVISION_DIGITS = 12
"""Hexadecimal digits of a revision: 48 bits, short enough for a tag."""


def fingerprint(body: Plain) -> str:
    """SHA-256, in hexadecimal, over canonical JSON: sorted keys, no blanks, ASCII."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), default=_number)
    return hashlib.sha256(text.encode()).hexdigest()


def revision(body: Plain) -> str:
    """What tells one version of a document's body from another; references and secrets are unresolved in it."""
    return fingerprint(body)[:REVISION_DIGITS]


def _number(value: Any) -> int | float:
    if isinstance(value, Decimal):
        return json_number(value)
    raise TypeError(f"a body holds a value of type {type(value).__name__}")
