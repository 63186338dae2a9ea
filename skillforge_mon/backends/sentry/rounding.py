"""Durations that Sentry takes only from a list: the nearest allowed one, upwards where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from skillforge_mon.backends.sentry import capabilities
from skillforge_mon.backends.sentry.differences import Differences
from skillforge_mon.spec.quantities import Duration


def allowed(wanted: Duration, choices: Sequence[Duration]) -> Duration:
    """The shortest of ``choices`` (in order) that is not shorter than ``wanted``; the longest when all are."""
    return next((choice for choice in choices if choice >= wanted), choices[-1])


def rounded(wanted: Duration, choices: Sequence[Duration], differences: Differences, field: str, what: str) -> Duration:
    """``wanted`` if it is one of ``choices``, else the nearest; the difference is reported at ``field``.

    ``what`` starts the sentence that reports it: "events are counted over".
    """
    nearest = allowed(wanted, choices)
    if nearest != wanted:
        differences.approximate(
            f"{what} {nearest} instead of {wanted}: Sentry takes {', '.join(str(choice) for choice in choices)}",
            at=field,
            instead=f"write `{nearest}`",
        )
    return nearest


def rounded_window(wanted: Duration, differences: Differences, field: str) -> Duration:
    """A time window in whole minutes, from one minute to one day; another one is reported at ``field``."""
    minutes = Duration(-(-wanted // capabilities.MINUTE) * capabilities.MINUTE)
    nearest = min(max(minutes, capabilities.SHORTEST_WINDOW), capabilities.LONGEST_WINDOW)
    if nearest != wanted:
        differences.approximate(
            f"the time window is {nearest} instead of {wanted}: Sentry takes whole minutes from "
            f"{capabilities.SHORTEST_WINDOW} to {capabilities.LONGEST_WINDOW}",
            at=field,
            instead=f"write `{nearest}`",
        )
    return nearest
