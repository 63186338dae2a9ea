"""The files of an output tree as plain data, also when somebody has edited them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from skillforge_mon.documents.document import Format

_MAYBE_ALIAS = re.compile(r"(?:^|[\s\[{,])\*[^\s*]")
_LONGEST = 50_000_000
"""Bytes from which on a file is compared as text."""


def read_plain(content: bytes, form: Format) -> Any:
    """The data in a file of this format; the text itself where it is a text, or cannot be read as what it should be."""
    text = content.decode("utf-8", "replace")
    if form is Format.TEXT or len(content) > _LONGEST:
        return text
    try:
        return json.loads(text, parse_float=Decimal) if form is Format.JSON else _read_yaml(text)
    except (ValueError, RecursionError):
        return text


def _read_yaml(text: str) -> Any:
    """One YAML document. Aliases are refused: monmc writes none, and a few can stand for more than fits in memory."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _MAYBE_ALIAS.search(text) and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, loader)):
            raise ValueError("an alias in generated output")
        return yaml.load(text, loader)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
