"""Ranges that Grafana chooses: by the width of the screen, or by the time that is shown.

PromQL has no variables, so that a query with ``[$__rate_interval]`` is read as one with a range that nobody writes.
That is as long as the name of the variable, or shorter, so that all places in the text stay.
"""

from __future__ import annotations

import re
from typing import Final

from skillforge_mon.query.promql import Duration

ADAPTIVE_WINDOW: Final = Duration(299_999)
"""The range that stands for those that Grafana chooses. Nobody writes it, so that a backend finds it when printed."""
_WRITTEN: Final = "299999ms"
_NAME: Final = "__(?:rate_interval|interval|range)"
_VARIABLE: Final = re.compile(rf"(?<=\[)\s*\$(?:{_NAME}|\{{{_NAME}\}})\s*(?=\])")


def with_adaptive_windows(text: str) -> str:
    """``rate(x[$__rate_interval])`` with ADAPTIVE_WINDOW in the variable's place, and as long as ``text``."""
    return _VARIABLE.sub(lambda found: _WRITTEN.ljust(len(found[0])), text)
