"""Later levels of an escalation policy, and repeated notifications: what Datadog says with ``renotify_interval``.

A monitor notifies again at one fixed interval while it is not resolved, and the message can tell by how long it has
been triggered. So each later level joins at the notification that is nearest to its turn.
"""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.backends.datadog import capabilities
from skillforge_mon.backends.datadog.differences import Differences
from skillforge_mon.model.paging import told_levels
from skillforge_mon.model.project import Escalation, Level, Project
from skillforge_mon.spec.quantities import Duration

_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Renotification:
    """Notify again every ``minutes``, at most ``occurrences`` times (None: until it is over).

    ``later`` has each later level with the number of the notification, counted from 1, at which it joins.
    """

    minutes: int
    occurrences: int | None = None
    later: tuple[tuple[Level, int], ...] = ()


def renotification(
    project: Project, policy: Escalation | None, usual: Duration | None, differences: Differences
) -> Renotification | None:
    """How a monitor whose alert follows ``policy`` notifies again; ``usual`` is the target's setting.

    None when it notifies once. Levels at which only PagerDuty pages are not Datadog's. What Datadog cannot do to the
    minute is told to ``differences``.
    """
    repeat = (policy.spec.repeat if policy is not None else None) or usual
    later = told_levels(project, policy)[1:] if policy is not None else ()
    if not later:
        return None if repeat is None else Renotification(_repeated(repeat, differences))
    minutes = _interval(later)
    joining = tuple((level, _turn(level, minutes)) for level in later)
    for level, number in joining:
        if number * minutes * _MINUTE != int(level.after):
            differences(
                f"level {level.number} is told after {Duration(number * minutes * _MINUTE)} instead of {level.after}: "
                f"the monitor notifies again every {minutes} min"
            )
    if len(later) > 1:
        differences(f"from level 2 on, those who were told are told again every {minutes} min")
    if repeat is None:
        return Renotification(minutes, joining[-1][1], joining)
    if int(repeat) != minutes * _MINUTE:
        differences(f"everyone is told again every {minutes} min instead of {repeat}: a monitor has one interval")
    return Renotification(minutes, None, joining)


def _repeated(repeat: Duration, differences: Differences) -> int:
    minutes = min(capabilities.RENOTIFY_MINUTES, key=lambda each: abs(each * _MINUTE - int(repeat)))
    if minutes * _MINUTE != int(repeat):
        differences(f"it is repeated every {Duration(minutes * _MINUTE)}: {repeat} is none of Datadog's intervals")
    return minutes


def _interval(later: tuple[Level, ...]) -> int:
    """The interval at whose multiples the turns of the levels are met best; of equals, the longest."""

    def miss(minutes: int) -> int:
        return max(abs(_turn(level, minutes) * minutes * _MINUTE - int(level.after)) for level in later)

    return min(reversed(capabilities.RENOTIFY_MINUTES), key=miss)


def _turn(level: Level, minutes: int) -> int:
    return max(1, round(int(level.after) / (minutes * _MINUTE)))
