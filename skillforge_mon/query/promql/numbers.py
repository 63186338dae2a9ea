"""The value of a number or duration token, as Go's strconv and Prometheus read them."""

from __future__ import annotations

import math

from skillforge_mon.query.promql.duration import LONGEST_MS, duration_milliseconds
from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.tree import Duration

_INT64 = 2.0**63
_OCTAL_DIGITS = frozenset("01234567_")


def number_value(kind: str, text: str, start: int) -> float:
    """The value of a token of kind ``number`` or ``duration``; a duration counts in seconds."""
    if kind == "duration":
        return _milliseconds(text, start) / 1000
    first = text[0]
    if first == "0" and len(text) > 1:
        if text[1] in "xX":
            hexadecimal = int(text.replace("_", ""), 16)
            if hexadecimal >= _INT64:
                raise _out_of_range(text, start)
            return float(hexadecimal)
        if _OCTAL_DIGITS.issuperset(text) and (octal := int(text.replace("_", ""), 8)) < _INT64:
            return float(octal)
    if first in "iI":
        return math.inf
    if first in "nN":
        return math.nan
    value = float(text)
    if value == math.inf:
        raise _out_of_range(text, start)
    return value


def duration_of(kind: str, text: str, sign: int, start: int, span: tuple[int, int]) -> Duration:
    """The duration of a token; a plain number counts seconds. What is shorter than 1 ms is cut off, as Prometheus does.

    ``start`` is where the token starts, ``span`` covers its signs too.
    """
    if kind == "duration":
        milliseconds = _milliseconds(text, start)
    else:
        seconds = number_value(kind, text, start)
        if not seconds * 1000 <= LONGEST_MS:
            raise PromQLSyntaxError(f"`{text}` seconds is out of range: Prometheus allows at most 292 years", *span)
        milliseconds = math.floor(round(seconds * 1e9) / 1e6)
    return Duration(sign * milliseconds, text, span)


def at_milliseconds(kind: str, text: str, negative: bool, start: int, end: int) -> int:
    """The time behind ``@``, in milliseconds since 1970."""
    seconds = number_value(kind, text, start)
    if not seconds < _INT64:
        raise PromQLSyntaxError("the time behind `@` is out of range", start, end)
    milliseconds = math.floor(seconds * 1000 + 0.5)
    return -milliseconds if negative else milliseconds


def _milliseconds(text: str, start: int) -> int:
    try:
        return duration_milliseconds(text)
    except ValueError as problem:
        raise PromQLSyntaxError(str(problem), start, start + len(text)) from None


def _out_of_range(text: str, start: int) -> PromQLSyntaxError:
    return PromQLSyntaxError(f"`{text}` is too large for a number", start, start + len(text))
