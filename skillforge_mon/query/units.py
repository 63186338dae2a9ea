"""Units of values: what a metric's name says, and what arithmetic makes of them.

A unit is a fraction: bytes per second is ``bytes`` over ``seconds``. Equal units cancel, so that errors per second by
requests per second need no special case. A ratio is the fraction with nothing left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

PHYSICAL = frozenset(
    ("seconds", "milliseconds", "bytes", "bits", "percent", "celsius", "volts", "amperes", "joules", "watts", "meters",
     "grams", "hertz", "boolean")
)  # fmt: skip
"""Units that measure. Any other unit counts things: requests, errors, observations."""

_SUFFIXES = (
    "seconds", "milliseconds", "bytes", "ratio", "percent", "celsius", "volts", "amperes", "joules", "watts", "meters",
    "grams", "hertz",
)  # fmt: skip
_MEASURING_WORDS = ("duration", "latency", "time", "runtime", "size", "length", "wait", "delay", "age")
_PARTS_OF_A_WHOLE = frozenset(
    [
        "errors",
        "error",
        "errs",
        "failures",
        "failed",
        "failure",
        "fail",
        "exceptions",
        "timeouts",
        "rejected",
        "rejections",
        "dropped",
        "drops",
        "drop",
        "discards",
        "retries",
        "hits",
        "misses",
        "missed",
        "succeeded",
        "successes",
        "success",
        "successful",
        "aborted",
        "cancelled",
        "conflicts",
        "limited",
        "throttled",
    ]
)
COUNT = "count"
OBSERVATIONS = "observations"


@dataclass(frozen=True, slots=True)
class Unit:
    """The units above and below the line, each sorted; both empty for a ratio."""

    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The unit in the words of the catalogue; "" where it has none.

        ``seconds``, ``ratio``, ``requests_per_second``. A measured amount per counted thing is called after what is
        measured (seconds per request are seconds), and a part by its whole (errors by requests) is a ratio.
        """
        return _name(self)

    def times(self, other: Unit) -> Unit:
        """The unit of a product."""
        return _cancelled(self.top + other.top, self.bottom + other.bottom)

    def by(self, other: Unit) -> Unit:
        """The unit of a quotient."""
        return _cancelled(self.top + other.bottom, self.bottom + other.top)

    @property
    def counts(self) -> bool:
        """True for one kind of counted thing, also per second."""
        return len(self.top) == 1 and self.top[0] not in PHYSICAL and self.bottom in {(), ("seconds",)}


RATIO = Unit()
SECONDS = Unit(("seconds",))
BOOLEAN = Unit(("boolean",))
COUNTED = Unit((COUNT,))
PERCENT = Unit(("percent",))


_SHORT = {"s": "seconds", "second": "seconds", "ms": "milliseconds", "B": "bytes", "byte": "bytes", "%": "percent"}


def unit_named(name: str) -> Unit | None:
    """The unit that is written ``name``, in the words of the catalogue or as a common short form; None for ""."""
    if not name:
        return None
    if name in {"ratio", "1"}:
        return RATIO
    top, _, bottom = name.partition("_per_")
    top = _SHORT.get(top, top)
    return Unit((top,), (f"{bottom.rstrip('s')}s",)) if bottom else Unit((top,))


@lru_cache(maxsize=4096)
def unit_in_name(metric: str, type_: str) -> str:
    """The unit that a metric's name says (Prometheus, "Metric and label naming"), or "".

    ``_seconds`` and the other base units; of a counter without one, the counted thing: ``http_requests_total`` counts
    ``requests``.
    """
    words = metric.replace(":", "_").replace(".", "_").split("_")
    if words[-1] == "total" and len(words) > 1:
        words.pop()
    if words[-1] in _SUFFIXES:
        return words[-1]
    if words[-1] == "created":
        return "seconds"
    return words[-1] if type_ == "counter" else ""


@lru_cache(maxsize=4096)
def counted_in_name(metric: str) -> str:
    """What a histogram or summary counts: ``http_request_duration_seconds`` counts ``requests``."""
    words = metric.replace(":", "_").replace(".", "_").split("_")
    while words and (words[-1] in _SUFFIXES or words[-1] == "total"):
        words.pop()
    if len(words) < 2 or words[-1] not in _MEASURING_WORDS:
        return OBSERVATIONS
    thing = words[-2]
    return thing if thing.endswith("s") else f"{thing}s"


def scaled(unit: Unit | None, factor: float) -> Unit | None:
    """The unit of a value that is multiplied by the number ``factor``; None when it is no longer a unit that we know.

    A factor between a tenth and ten is a margin (``0.9 * limit``), not a conversion.
    """
    if unit is None:
        return None
    special = _CONVERSIONS.get((unit, factor))
    if special is not None:
        return special
    return unit if 0.1 <= abs(factor) <= 10 else None


_CONVERSIONS: dict[tuple[Unit, float], Unit] = {
    (RATIO, 100.0): PERCENT,
    (PERCENT, 0.01): RATIO,
    (SECONDS, 1000.0): Unit(("milliseconds",)),
    (Unit(("milliseconds",)), 0.001): SECONDS,
    (Unit(("bytes",)), 8.0): Unit(("bits",)),
    (Unit(("bits",)), 0.125): Unit(("bytes",)),
    (Unit(("bytes",), ("seconds",)), 8.0): Unit(("bits",), ("seconds",)),
}


def added(left: Unit | None, right: Unit | None) -> Unit | None:
    """The unit of a sum or difference. What is added has one unit, so an unknown one is that of the other side."""
    if left is None or right is None or left == right:
        return left or right
    if left.counts and right.counts and left.bottom == right.bottom:
        return Unit((COUNT,), left.bottom)
    return None


def _cancelled(top: tuple[str, ...], bottom: tuple[str, ...]) -> Unit:
    above, below = list(top), []
    for unit in bottom:
        if unit in above:
            above.remove(unit)
        else:
            below.append(unit)
    return Unit(tuple(sorted(above)), tuple(sorted(below)))


@lru_cache(maxsize=4096)
def _name(unit: Unit) -> str:
    top, bottom = unit.top, unit.bottom
    if not bottom:
        return "ratio" if not top else top[0] if len(top) == 1 else ""
    if bottom == ("seconds",):
        return "per_second" if not top else f"{top[0]}_per_second" if len(top) == 1 else ""
    if len(top) != 1 or len(bottom) != 1 or bottom[0] in PHYSICAL:
        return ""
    if top[0] in PHYSICAL:
        return top[0]
    part_of_a_whole = top[0] in _PARTS_OF_A_WHOLE or COUNT in (top[0], bottom[0])
    return "ratio" if part_of_a_whole else ""
