"""Durations, sizes, ratios, quantities with a unit, thresholds, times of day, days: how people write values.

Everything is exact: decimals stay decimals, durations are whole milliseconds. Each parser raises :class:`QuantityError`
with a sentence for the person who wrote the text.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Self


class QuantityError(ValueError):
    """A text that is not the quantity it should be. ``args[0]`` says why; ``expected`` gives forms that are right."""

    def __init__(self, message: str, expected: str) -> None:
        super().__init__(message)
        self.expected = expected


_MILLISECONDS = {
    "y": 365 * 86_400_000,
    "w": 7 * 86_400_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1000,
    "ms": 1,
}
_DURATION = re.compile(r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?", re.ASCII)
DURATION_PATTERN = r"^([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"
DURATION_FORMS = "a duration such as 30s, 5m, 1h30m or 30d"
_LONGEST = 100 * _MILLISECONDS["y"]


class Duration(int):
    """A length of time in whole milliseconds, written as Prometheus writes it: ``5m``, ``1h30m``, ``30d``."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``1h30m``; units from the largest to the smallest, each once (Prometheus, "Time durations").

        A year is 365 days and a week is 7. Fractions (``1.5h``) are refused, as Prometheus does.
        """
        match = _DURATION.fullmatch(text)
        if match is None or not text:
            if text and text.replace(".", "", 1).isdigit():
                raise QuantityError(f"the duration `{text}` has no unit", DURATION_FORMS)
            if re.search(r"\d\.\d", text):
                raise QuantityError(f"`{text}` has a fraction: write it in a smaller unit", DURATION_FORMS)
            raise QuantityError(f"`{text}` is not a duration", DURATION_FORMS)
        total = sum(
            int(count) * factor for count, factor in zip(match.groups(), _MILLISECONDS.values(), strict=True) if count
        )
        if total > _LONGEST:
            raise QuantityError(f"`{text}` is longer than 100 years", DURATION_FORMS)
        return cls(total)

    @classmethod
    def of(cls, *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0) -> Self:
        """A duration from its parts."""
        return cls(1000 * (seconds + 60 * minutes + 3600 * hours + 86_400 * days))

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return self / 1000

    @property
    def in_one_unit(self) -> str:
        """``90m`` for an hour and a half, for what knows one number and one unit; weeks are days."""
        for unit in ("d", "h", "m", "s") if self else ("s",):
            if self % _MILLISECONDS[unit] == 0:
                return f"{self // _MILLISECONDS[unit]}{unit}"
        return f"{int(self)}ms"

    def __str__(self) -> str:
        return _duration_text(int(self))

    def __repr__(self) -> str:
        return f"Duration({str(self)!r})"


@lru_cache(maxsize=4096)
def _duration_text(milliseconds: int) -> str:
    """The same few durations are written thousands of times. Weeks are written as days; a year only when it is one."""
    if milliseconds == 0:
        return "0s"
    parts = []
    rest = milliseconds
    for unit, factor in _MILLISECONDS.items():
        if unit == "w" or (unit == "y" and rest != factor):
            continue
        count, rest = divmod(rest, factor)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)


class CalendarPeriod(Duration):
    """A week, month or quarter of the calendar, which begins anew for all: in UTC, a week with Monday.

    As a number it is as long as it usually is: 7, 30 or 90 days.
    """

    __slots__ = ()

    @classmethod
    def named(cls, name: str) -> Self:
        """``week``, ``month`` or ``quarter``; KeyError for anything else."""
        return cls(_CALENDAR[name][0] * _MILLISECONDS["d"])

    @property
    def name(self) -> str:
        """``week``, ``month`` or ``quarter``."""
        return next(name for name, (days, _) in _CALENDAR.items() if days * _MILLISECONDS["d"] == int(self))

    @property
    def longest(self) -> Duration:
        """How long it is at most: 31 days for a month."""
        return Duration.of(days=_CALENDAR[self.name][1])

    def __eq__(self, other: object) -> bool:
        """A month of the calendar is no window of 30 days, and must not be taken for one that is remembered."""
        return isinstance(other, CalendarPeriod) and int(self) == int(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((CalendarPeriod, int(self)))

    def __str__(self) -> str:
        return f"calendar {self.name}"


_CALENDAR = {"week": (7, 7), "month": (30, 31), "quarter": (90, 92)}
CALENDAR_PERIODS = tuple(_CALENDAR)


def parse_window(text: str) -> Duration:
    """The window of an SLO: a duration that rolls, or a period of the calendar by its name."""
    name = text.removeprefix("calendar ")
    if name in _CALENDAR:
        return CalendarPeriod.named(name)
    try:
        return Duration.parse(text)
    except QuantityError as error:
        periods = f"{', '.join(CALENDAR_PERIODS[:-1])} or {CALENDAR_PERIODS[-1]}"
        raise QuantityError(str(error), f"{DURATION_FORMS}, or a {periods} of the calendar") from None


_SIZES = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}
_SIZES |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(rf"({_NUMBER})\s*(%|/s|°C|[^\W\d_][\w/%²³µ]*)?")
_THRESHOLD = re.compile(rf"(>=|<=|==|!=|>|<)\s*({_NUMBER})\s*(%|/s|°C|[^\W\d_][\w/%²³µ]*)?")
_MAX_EXPONENT = 30


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise QuantityError(f"`{text}` is not a number", "a number") from None
    if not number.is_finite():
        raise QuantityError(f"`{text}` is not a finite number", "a finite number")
    if number and abs(number.adjusted()) > _MAX_EXPONENT:
        raise QuantityError(f"`{text}` is out of range", f"a number between 1e-{_MAX_EXPONENT} and 1e{_MAX_EXPONENT}")
    return number


def plain_number(value: Decimal) -> str:
    """The shortest exact decimal text without an exponent: ``0.001``, ``1500``, never ``1.5E+3`` or ``0.10``."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def json_number(value: Decimal) -> int | float:
    """``value`` as JSON and YAML have numbers: 5, not 5.0, where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


UNITS: dict[str, tuple[str, Decimal]] = {
    "ns": ("seconds", Decimal("1e-9")),
    "us": ("seconds", Decimal("1e-6")),
    "µs": ("seconds", Decimal("1e-6")),
    "ms": ("seconds", Decimal("0.001")),
    "s": ("seconds", Decimal(1)),
    "m": ("seconds", Decimal(60)),
    "min": ("seconds", Decimal(60)),
    "h": ("seconds", Decimal(3600)),
    "d": ("seconds", Decimal(86_400)),
    "seconds": ("seconds", Decimal(1)),
    "%": ("ratio", Decimal("0.01")),
    **{name: ("bytes", Decimal(size)) for name, size in _SIZES.items()},
    "bytes": ("bytes", Decimal(1)),
    "/s": ("per_second", Decimal(1)),
    "°C": ("celsius", Decimal(1)),
    "celsius": ("celsius", Decimal(1)),
}
"""Unit text -> (base unit of the metric catalogue, factor)."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit in which it was written. ``unit`` is "" for a bare number."""

    value: Decimal
    unit: str = ""

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """Read ``500ms``, ``5%``, ``2GiB``, ``12``."""
        match = _QUANTITY.fullmatch(text.strip())
        if match is None:
            raise QuantityError(f"`{text}` is not a quantity", "a number with a unit, such as 500ms, 5% or 2GiB")
        return cls(_decimal(match[1]), _known_unit(match[2] or "", text))

    @property
    def base_unit(self) -> str:
        """The unit of the catalogue that this one belongs to: ``seconds`` for ``ms``; "" for a bare number."""
        return UNITS[self.unit][0] if self.unit else ""

    @property
    def base(self) -> Decimal:
        """The value in the base unit: 0.5 for ``500ms``, 0.05 for ``5%``."""
        return self.value * UNITS[self.unit][1] if self.unit else self.value

    def __str__(self) -> str:
        return f"{plain_number(self.value)}{self.unit}"


def _known_unit(unit: str, text: str) -> str:
    if unit and unit not in UNITS:
        known = ", ".join(sorted(UNITS))
        raise QuantityError(f"`{text}` has the unknown unit `{unit}`", f"one of {known}, or no unit")
    return unit


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison with a quantity, as people say it: ``> 5%``."""

    op: str
    quantity: Quantity

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """Read ``> 5%``, ``<= 500ms``, ``== 0``."""
        match = _THRESHOLD.fullmatch(text.strip())
        if match is None:
            raise QuantityError(f"`{text}` is not a threshold", 'a comparison such as "> 5%", "< 0.5" or "== 0"')
        return cls(match[1], Quantity(_decimal(match[2]), _known_unit(match[3] or "", text)))

    def __str__(self) -> str:
        return f"{self.op} {self.quantity}"


def parse_ratio(value: object) -> Decimal:
    """A ratio between 0 and 1 from ``"99.9%"``, ``0.999`` or ``"0.999"``, exact."""
    forms = "a percentage such as 99.9% or a ratio such as 0.999"
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise QuantityError("this is not a ratio", forms)
    text = str(value).strip()
    percent = text.endswith("%")
    number = _decimal_or(text[:-1].strip() if percent else text, text, forms) / (100 if percent else 1)
    if not 0 <= number <= 1:
        hint = f" (did you mean {text}%?)" if 1 < number <= 100 and not text.endswith("%") else ""
        raise QuantityError(f"`{text}` is not between 0 and 1{hint}", forms)
    return number.normalize() if number else Decimal(0)


def _decimal_or(text: str, whole: str, forms: str) -> Decimal:
    if not re.fullmatch(_NUMBER, text):
        raise QuantityError(f"`{whole}` is not a ratio", forms)
    return _decimal(text)


def parse_size(value: object) -> int:
    """Whole bytes from ``2GiB``, ``500MB`` or a bare number of bytes."""
    forms = "a size such as 512MiB, 2GiB or 500MB"
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise QuantityError("this is not a size", forms)
    match = re.fullmatch(rf"({_NUMBER})\s*([A-Za-z]+)", value.strip())
    if match is None or match[2] not in _SIZES:
        raise QuantityError(f"`{value}` is not a size", forms)
    size = _decimal(match[1]) * _SIZES[match[2]]
    if size < 0 or size != size.to_integral_value():
        raise QuantityError(f"`{value}` is not a whole number of bytes", forms)
    return int(size)


@dataclass(frozen=True, slots=True, order=True)
class TimeOfDay:
    """Minutes after midnight, 0 to 1440 (24:00)."""

    minutes: int

    @classmethod
    def parse(cls, text: str) -> TimeOfDay:
        """Read ``02:00``; ``24:00`` is the end of the day."""
        match = re.fullmatch(r"(\d{1,2}):(\d{2})", text, re.ASCII)
        if match is None or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 1440:
            raise QuantityError(f"`{text}` is not a time of day", 'a time such as "02:00" or "23:30"')
        return cls(int(match[1]) * 60 + int(match[2]))

    def __str__(self) -> str:
        return f"{self.minutes // 60:02d}:{self.minutes % 60:02d}"


DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY_FORM = "a day such as 2027-01-31"


def parse_day(text: str) -> datetime.date:
    """Read ``2027-01-31``. Raises QuantityError."""
    if not re.fullmatch(DAY_PATTERN, text):
        raise QuantityError(f"`{text}` is not a day", _DAY_FORM)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise QuantityError(f"`{text}` is not a day of the calendar", _DAY_FORM) from None
