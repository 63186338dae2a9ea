"""What is wrong with a query that has the right form."""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.backends.datadog.query.scope_tree import Place
from skillforge_mon.diagnostics.codes import Code


@dataclass(frozen=True, slots=True)
class Problem:
    """``message`` is one sentence without a full stop, ``help`` what to write instead, or empty."""

    code: Code
    message: str
    place: Place
    help: str = ""
