"""What a page of Markdown can say: everything. It keeps the words of the spec, and needs no server."""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

SECTIONS: Final = {
    "impact": ("Impact", False),
    "symptoms": ("Symptoms", False),
    "detection": ("Detection", False),
    "investigate": ("Investigation", True),
    "mitigate": ("Mitigation", True),
    "resolve": ("Resolution", True),
    "root_cause": ("Root causes", False),
    "prevent": ("Prevention", False),
}
"""Field of a runbook -> the heading of its section, and whether its lines are numbered: steps follow each other."""

INDEX: Final = "README"
"""The page that lists all others; no runbook can have its name."""

OUTPUTS: Final = (
    Output(
        "runbook pages",
        ("runbooks",),
        "runbooks/*.md",
        ("tests/backends/runbooks",),
        "monmc build",
    ),
)
"""What it writes."""
