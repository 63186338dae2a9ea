"""The one way in which a translation ends without a result."""

from __future__ import annotations

from skillforge_mon.query.promql import Expr, print_expr

_LONGEST_QUOTE = 80
WAY_OUT = "write the monitor's query yourself: `datadog: {query: …}`"


class Untranslatable(Exception):  # noqa: N818 - no error of anyone: a fact about Datadog
    """Datadog cannot say this. ``reason`` names the construct, ``instead`` says what to write."""

    def __init__(self, reason: str, instead: str = WAY_OUT) -> None:
        super().__init__(reason)
        self.reason = reason
        self.instead = instead


def cannot(expr: Expr, reason: str, instead: str = WAY_OUT) -> Untranslatable:
    """``expr`` in PromQL, shortened when it is long, and why it stops the translation."""
    return Untranslatable(f"{quoted(expr)}: {reason}", instead)


def quoted(expr: Expr) -> str:
    """``expr`` in PromQL between backticks, cut off when it is long."""
    text = print_expr(expr)
    return f"`{text}`" if len(text) <= _LONGEST_QUOTE else f"`{text[: _LONGEST_QUOTE - 1]}…`"
