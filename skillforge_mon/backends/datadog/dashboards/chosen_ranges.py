"""Ranges that Grafana chooses, in widgets of Datadog, which choose for themselves.

A number is that of all the time that is shown, as ``[$__range]`` is. A point of a line is that of its part of it, as
``[$__rate_interval]`` is. The other of the two, Datadog cannot say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.spec.quantities import Duration

_OF_ALL: Final = re.compile(r"\[\s*\$\{?__range\b")
_OF_A_PART: Final = re.compile(r"\[\s*\$\{?__(?:rate_)?interval\b")


def refuse_other_ranges(texts: Sequence[str], over: Duration, *, scalar: bool) -> None:
    """Hold the users' queries ``texts`` against the widget: ``scalar`` ones show numbers, of ``over`` unless it is 0.

    Raises Untranslatable.
    """
    of_all = any(_OF_ALL.search(text) for text in texts)
    if not scalar and of_all:
        raise Untranslatable(
            "a point of a graph is that of a part of the time, and `$__range` is all of it",
            "write `[$__rate_interval]`",
        )
    if scalar and any(_OF_A_PART.search(text) for text in texts):
        raise Untranslatable(
            "a single number is that of all the time, and `$__rate_interval` is a part of it", "write `[$__range]`"
        )
    if scalar and of_all and over:
        raise Untranslatable(
            f"a widget shows one time, and there are `[$__range]` and `[{over}]`", "give all the same range"
        )
