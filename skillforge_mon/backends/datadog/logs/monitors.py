"""What a monitor of the type ``log alert`` watches: a number of lines, compared.

[api] Monitor.query, "Log Alert Query": ``logs("search").index("name").rollup("count").by("@field").last("5m") > 10``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from skillforge_mon.backends.datadog.differences import Differences
from skillforge_mon.backends.datadog.logs import searches
from skillforge_mon.backends.datadog.logs.indexes import indexes
from skillforge_mon.backends.datadog.options import Watched
from skillforge_mon.backends.datadog.query.printer import print_query
from skillforge_mon.backends.datadog.query.tree import EventQuery, Limit, Method, Text
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.model.logs import LogCondition
from skillforge_mon.model.project import AlertSeverity, Project

LOG_TYPE: Final = "log alert"
LONGEST_MINUTES: Final = 2 * 24 * 60
"""[api] Monitor.query: ``time_window`` of a log alert is at most 2 days."""
COMPARISONS: Final = (">", ">=", "<", "<=")
ALL_INDEXES: Final = "*"
_MINUTE: Final = 60_000


def watched_lines(
    project: Project, lines: LogCondition, severities: tuple[AlertSeverity, ...], differences: Differences
) -> Watched:
    """The number of ``lines``, for one severity or for critical and warning. Raises Untranslatable."""
    threshold = severities[0].threshold
    if threshold is None or threshold.op not in COMPARISONS:
        said = f"by `{threshold.op}`" if threshold is not None else "with a number"
        raise Untranslatable(
            f"a monitor compares by {', '.join(COMPARISONS)}, and the alert does not" if threshold is None
            else f"a monitor compares by {', '.join(COMPARISONS)}, and not {said}",
            "write another comparison",
        )  # fmt: skip
    stream, spec = lines.stream, lines.spec
    for reason in searches.differences(spec.lines):
        differences(reason)
    if severities[0].hold:
        differences(
            f"`for: {severities[0].hold}` is left out: a monitor counts the lines of one window, {spec.within} here, "
            f"and notifies up to {severities[0].hold} sooner"
        )
    names = [each.name for each in indexes(project, stream)]
    by = tuple(f"@{field}" for field in spec.by)
    methods = [
        Method("index", (Text(names[0] if len(names) == 1 else ALL_INDEXES),)),
        Method("rollup", (Text("count"),)),
        *([Method("by", (Text(",".join(by)),))] if by else []),
        Method("last", (Text(_window(int(spec.within), differences)),)),
    ]
    search = " ".join(filter(None, (searches.of_stream(project, stream), searches.search(spec.lines))))
    limit = Limit(threshold.op, threshold.quantity.base)
    found = {"critical": threshold.quantity.base, **_warning(severities)}
    text = print_query(EventQuery("logs", search, tuple(methods), limit))
    return Watched(LOG_TYPE, text, threshold.op, found, by, {}, None, counts_lines=True)


def _warning(severities: tuple[AlertSeverity, ...]) -> dict[str, Decimal]:
    milder = severities[1].threshold if len(severities) > 1 else None
    return {"warning": milder.quantity.base} if milder is not None else {}


def _window(length: int, differences: Differences) -> str:
    minutes = -(-length // _MINUTE)
    if minutes * _MINUTE != length:
        differences(f"the window becomes {minutes} min: Datadog's windows are whole minutes")
    if minutes > LONGEST_MINUTES:
        raise Untranslatable(
            "the window is longer than two days, and those of log monitors are not", "write a shorter `within`"
        )
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
