"""How many events must have been bad within the long window before anybody is told, without any backend.

A service that meets its objective exactly has, in a window of n events and with a budget b, on average

    m = n x b

bad ones: those that the objective allows there. How many they are in one window is chance: near enough a Poisson
distribution, with the standard deviation sqrt(m). (For n events that fail independently it is sqrt(m (1 - b)), which is
less.) So nobody is told before there have been

    3 + 3 x sqrt(m)

bad events: three, so that a lone error or two of a few requests wake nobody; and three standard deviations, so that
chance does not. Counts are whole and m is above 0, so it takes 4 at the least, or 6 where 10 % may be bad. With more
traffic the number grows more slowly than what a burn rate f asks for, bad > f x m. From

    f m = 3 + 3 sqrt(m),   sqrt(m) = (3 + sqrt(9 + 12 f)) / (2 f)

on that is the stricter of the two, and the minimum changes nothing. ``chance`` is how probable it is that a service
that just meets its objective exceeds both in a window, with the traffic at which it is most probable:

    burn rate   m       bad events   chance
    14.4        0.33    4.7          1 in 31,700
    6           1       6            1 in 1,680
    3           2.6     7.9          1 in 162
    1           14.4    14.4         1 in 2: it burns as fast as is asked for

Up to m = 3, where the minimum matters beside all burn rates but the last, 3 + 3 sqrt(m) is at least the mean and three
standard deviations, m + 3 sqrt(m).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class BadEventMinimum:
    """At least ``events``, and ``deviations`` times the square root of those that the objective allows.

    Without deviations it is a constant, and with neither there is none.
    """

    events: int
    deviations: int = 0

    @property
    def computed(self) -> bool:
        """Whether it follows the traffic."""
        return self.deviations > 0

    def number(self, allowed: Decimal) -> Decimal:
        """How many must have been bad in a window in which ``allowed`` events may be; seldom a whole number."""
        return self.events + self.deviations * allowed.sqrt()

    def crossover(self, factor: Decimal) -> Decimal:
        """How many events must be allowed in a window for a burn rate of ``factor`` to ask for as many bad ones.

        The larger root of factor x m = number(m); with more the minimum no longer matters.
        """
        root = (self.deviations + Decimal(self.deviations**2 + 4 * factor * self.events).sqrt()) / (2 * factor)
        return root * root

    def most(self, factor: Decimal) -> int:
        """The most bad events that it ever waits for beside a burn rate of ``factor``."""
        return math.ceil(self.number(self.crossover(factor)))

    def least(self, budget: Decimal) -> int:
        """The fewest bad events that are ever enough: where there are no others. ``budget`` is below 1."""
        return next(count for count in itertools.count(self.events) if count >= self.number(count * budget))


COUNTED: Final = BadEventMinimum(3, 3)
"""Where real events are counted."""

TIMED: Final = BadEventMinimum(3)
"""Where scrapes or evaluations are counted.

They are no sample of anything, and each is certain. But one scrape that fails is a packet lost, and two are a restart.
There is no chance to reckon with: how many there are is known, and a bad one is followed by another, since what is
down stays down for a while.
"""
