"""``monmc schema``: the JSON schema of the language."""

from __future__ import annotations

import json
import sys

from skillforge_mon.cli.options import write_text
from skillforge_mon.spec.schema import language_schema


def command() -> int:
    """Print the JSON schema of the language, for editors: put it beside your specs and name it in their first line."""
    write_text(sys.stdout, json.dumps(language_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0
