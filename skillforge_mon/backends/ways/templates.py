"""Ways as templates, which Prometheus, Loki and Grafana fill in with the labels of the alert.

``urlQueryEscape`` came with Prometheus 3.8, and neither Loki nor Grafana has it; all of them have ``reReplaceAll``
(Prometheus, "Template reference"; Grafana, "Template annotations and labels"). By that, what would end an address, or a
part of it, is replaced. All else stands as it is, letters of every script too, which browsers take.
"""

from __future__ import annotations

import json
import re

from skillforge_mon.backends.ways.way import ESCAPES, REPLACED, LabelValue, Way
from skillforge_mon.lower.go_templates import label_expression, literal


def template(way: Way) -> str:
    """The address as a template."""
    return way.address(_label, literal)


def _label(label: LabelValue) -> str:
    steps = (_replaced(old, new) for old, new in (*ESCAPES[label.within], *REPLACED))
    return f"{{{{ {' | '.join((label_expression(label.name), *steps))} }}}}"


def _replaced(old: str, new: str) -> str:
    return f"reReplaceAll {json.dumps(re.escape(old))} {json.dumps(new)}"
