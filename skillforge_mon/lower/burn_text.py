"""The numbers of burn-rate alerts as text: exact for machines, short for people."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from skillforge_mon.lower.burn_rate import BurnTier
from skillforge_mon.spec.quantities import Duration, plain_number

_FLOAT_DIGITS = 17


def float_exact(number: Decimal) -> Decimal:
    """``number`` itself when it is short, otherwise rounded to the 17 digits that a float keeps apart."""
    digits = len(number.as_tuple().digits)
    if digits <= _FLOAT_DIGITS:
        return number
    short = number.normalize()
    if len(short.as_tuple().digits) <= _FLOAT_DIGITS:
        return short
    return short.quantize(Decimal(1).scaleb(short.adjusted() - _FLOAT_DIGITS + 1))


@lru_cache(maxsize=1024)
def exact_text(number: Decimal) -> str:
    """``float_exact(number)`` as text: ``0.0144``. The same few budgets are written thousands of times."""
    return plain_number(float_exact(number))


_SHOWN_DIGITS = 4


def rounded(number: Decimal) -> Decimal:
    """``number`` for people: four significant digits at most."""
    if not number:
        return number
    last = number.adjusted() - _SHOWN_DIGITS + 1
    exponent = number.as_tuple().exponent
    return number.quantize(Decimal(1).scaleb(last)) if isinstance(exponent, int) and exponent < last else number


@lru_cache(maxsize=1024)
def percentage(ratio: Decimal) -> str:
    """``0.0144`` as ``1.44%``, for people; an objective such as 0.99999 keeps all its digits."""
    percent = ratio * 100
    exact = float_exact(percent)
    few = len(exact.normalize().as_tuple().digits) <= 2 * _SHOWN_DIGITS
    return f"{plain_number(exact if few else rounded(percent))}%"


@lru_cache(maxsize=1024)
def length_text(length: Duration) -> str:
    """``1h30m``. The same few windows are written thousands of times."""
    return str(length)


def spaced(length: Duration) -> str:
    """``43m 12s``: a length of time for people, whole seconds from a minute on."""
    whole = Duration(length // 1000 * 1000) if length >= Duration.of(minutes=1) else length
    return re.sub(r"(?<=[a-z])(?=[0-9])", " ", str(whole))


@lru_cache(maxsize=1024)
def burning_in_words(tier: BurnTier, objective: Decimal, noun: str) -> str:
    """``14.4 times as fast as it may over 1h and 5m (more than 1.44% bad events; 2% of the budget in 1h)``."""
    short, long = length_text(tier.short), length_text(tier.long)
    bad, spent = percentage(tier.threshold(objective)), percentage(tier.budget)
    speed = (
        "faster than it may" if tier.factor == 1 else f"{plain_number(rounded(tier.factor))} times as fast as it may"
    )
    return f"{speed} over {long} and {short} (more than {bad} bad {noun}; {spent} of the budget in {long})"
