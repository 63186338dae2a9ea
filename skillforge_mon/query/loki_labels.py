"""What fields of log lines are called in Loki."""

from __future__ import annotations

import re
from typing import Final

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_]")


def label_name(field: str) -> str:
    """A field as the name of a label: what Loki's parsers make of it too."""
    name = _NOT_IN_NAMES.sub("_", field)
    return f"_{name}" if name[:1].isdigit() else name
