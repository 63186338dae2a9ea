"""What the objects that baselines and KPIs stand for are called."""

from __future__ import annotations

import re
from decimal import Decimal

from skillforge_mon.spec.quantities import plain_number

_OTHER = re.compile(r"[^a-z0-9]+")
_WORDS = re.compile(r"[A-Za-z0-9]+")


def series_part(name: str) -> str:
    """``api_latency`` for ``api-latency``: a part of the name of a series."""
    return _OTHER.sub("_", name.lower()).strip("_")


def spoken(name: str) -> str:
    """``api latency`` for ``api-latency``."""
    return " ".join(_WORDS.findall(name))


def sentence(text: str) -> str:
    """``text`` with a full stop, unless it ends as a sentence does."""
    return text if text.endswith(("!", "?", "…")) else f"{text.rstrip('.')}."


def percentile(quantile: Decimal) -> str:
    """``p95`` for 0.95, ``p99_9`` for 0.999."""
    return f"p{plain_number(quantile * 100).replace('.', '_')}"
