"""Files of variables for what runs elsewhere: ``env_file`` of Docker Compose and the like."""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.otel_values import variable
from skillforge_mon.model.secrets import references_in

HEADER: Final = "# Written by monmc. Do not edit: change the spec and build again.\n"


def referred(text: str) -> str:
    """``text`` with its references as ``${NAME}``, which whoever reads the file fills in."""
    for reference in references_in(text):
        text = text.replace(str(reference), f"${{{variable(reference)}}}")
    return text
