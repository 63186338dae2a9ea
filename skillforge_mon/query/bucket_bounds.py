"""How the bounds of classic histograms are spelt in the label ``le``, which is a text."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from skillforge_mon.spec.quantities import plain_number

Version: TypeAlias = tuple[int, int]
"""Major and minor version of Prometheus."""
NORMALISED_BUCKETS: Final[Version] = (3, 0)
"""From this version on Prometheus stores what it scrapes as ``le="1"`` with ``le="1.0"`` (3.0 migration guide)."""
_LEAST_PLAIN_EXPONENT, _FIRST_EXPONENT = -4, 6


def bound_of(text: str) -> Decimal | None:
    """The bound that ``text``, a value of ``le``, says; None where it is ``+Inf`` or no number."""
    try:
        bound = Decimal(text)
    except InvalidOperation:
        return None
    return bound if bound.is_finite() else None


def normalised_bound(bound: Decimal) -> str:
    """A bound as Prometheus stores it from NORMALISED_BUCKETS on when it scrapes it: ``0.5``, ``1.0``, ``1e+06``."""
    text = go_float(bound)
    return text if "." in text or "e" in text else f"{text}.0"


def go_float(number: Decimal) -> str:
    """A float as Go's ``strconv.FormatFloat(x, 'g', -1, 64)`` writes it: ``0.5``, ``1``, ``1e+06``, ``2.5e-05``."""
    value = Decimal(repr(float(number))).normalize()
    exponent = value.adjusted()
    if _LEAST_PLAIN_EXPONENT <= exponent < _FIRST_EXPONENT:
        return plain_number(value)
    digits = plain_number(value.scaleb(-exponent))
    return f"{digits}e{exponent:+03d}"
