"""MON4370 to MON4379: queries that have the form of a monitor's query, and that Datadog would not take."""

from __future__ import annotations

from skillforge_mon.backends.datadog.codes import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_QUERY = 'severity: {critical: "> 100", warning: "> 50"}\n    datadog: {query: "avg(last_5m):sum:shop.queue{*} by {queue} > 100"}'


def _with(datadog: str, severity: str = "critical") -> str:
    assert _QUERY in GOOD  # noqa: S101 - a slip in an example must not go unseen
    return GOOD.replace(_QUERY, f"severity: {severity}\n    datadog: {{{datadog}}}")


def _swapped(text: str, old: str, new: str) -> str:
    assert old in text, old  # noqa: S101
    return text.replace(old, new)


_LOGS = _with('type: log alert, query: \'logs("status:error").index("main").rollup("count").last("5m") > 100\'')
_TOP = _with('query: "avg(last_5m):clamp_min(sum:shop.queue{*} by {queue}, 1) > 100"')
_COMPOSITE = _with('type: composite, query: "1 && 2 && 3 && 4 && 5 && 6 && 7 && 8 && 9 && 10"')
_CHECK = _with(
    'type: service check, query: \'"shop.up".over("*").by("host").last(4).count_by_status()\', '
    "options: {thresholds: {critical: 3, ok: 1}}"
)
_SLO = _with('type: slo alert, query: \'error_budget("abc").over("30d") > 75\'')
_OPTIONS = _with(
    'query: "avg(last_5m):sum:shop.queue{*} by {queue} > 100", options: {thresholds: {critical: 100, warning: 50}}'
)
_ANOMALY = _with(
    "query: \"avg(last_4h):anomalies(sum:shop.queue{*}, 'agile', 2, alert_window='last_15m', interval=60) >= 1\", "
    "threshold_windows: {trigger_window: last_15m, recovery_window: last_15m}"
)

_REFERENCE = f"""{GOOD}\
  Stuck:
    service: worker
    severity: critical
    datadog: {{type: composite, query: "%{{monitor:alerts.Backlog}} && 123"}}
    summary: Nothing is done
    runbook: backlog
    escalation: page
"""

QUERY_OF_ANOTHER_TYPE = Code(
    "MON4370",
    "datadog-query-of-another-type",
    Severity.ERROR,
    "A Datadog query belongs to another type of monitor than the alert says.",
    "Datadog refuses the monitor, and cannot change the type of one that it has.",
    bad=_swapped(_LOGS, "type: log alert, ", ""),
    good=_LOGS,
)
UNKNOWN_WORD = Code(
    "MON4371",
    "unknown-word-in-datadog-query",
    Severity.ERROR,
    "A Datadog query has a function, a method or an aggregator that its monitors do not have.",
    "Datadog would refuse it, in the middle of a push.",
    bad=_swapped(_TOP, "clamp_min", "clamp_mim"),
    good=_TOP,
)
WINDOW = Code(
    "MON4372",
    "datadog-window-out-of-range",
    Severity.ERROR,
    "The evaluation window of a Datadog query is one that monitors of its type do not have.",
    "Datadog refuses such a monitor.",
    bad=_swapped(_LOGS, '.last("5m")', '.last("3d")'),
    good=_LOGS,
)
ARGUMENT = Code(
    "MON4373",
    "datadog-argument-not-taken",
    Severity.ERROR,
    "A function or a method in a Datadog query has an argument that it does not take, or lacks one.",
    "Datadog refuses such a monitor.",
    bad=_swapped(_TOP, ", 1)", ", 'low')"),
    good=_TOP,
)
COMPOSITE_SIZE = Code(
    "MON4374",
    "datadog-composite-too-large",
    Severity.ERROR,
    "A composite monitor joins more monitors than Datadog allows.",
    "Datadog refuses it; it joins at most 10.",
    bad=_swapped(_COMPOSITE, "9 && 10", "9 && 10 && 11"),
    good=_COMPOSITE,
)
CHECK_COUNT = Code(
    "MON4375",
    "datadog-check-looks-at-too-few",
    Severity.ERROR,
    "A service check looks at fewer runs than one of its thresholds needs, or at more than 100.",
    "The threshold could never be reached, and Datadog refuses the monitor.",
    bad=_swapped(_CHECK, "last(4)", "last(2)"),
    good=_CHECK,
)
SLO_WINDOW = Code(
    "MON4376",
    "datadog-slo-alert-out-of-range",
    Severity.ERROR,
    "The timeframe, the windows or the comparison of a monitor on an SLO are not ones that Datadog has.",
    "Datadog refuses such a monitor.",
    bad=_swapped(_SLO, "30d", "28d"),
    good=_SLO,
)
OPTIONS_MISMATCH = Code(
    "MON4377",
    "datadog-options-contradict-query",
    Severity.ERROR,
    "`options` says something else than the query, the severities or the other words of an alert: another threshold, or "
    "no query by the name that a formula has.",
    "Datadog refuses a monitor whose query and options differ.",
    bad=_swapped(_OPTIONS, "critical: 100, warning: 50", "critical: 200, warning: 50"),
    good=_OPTIONS,
)
COARSE_ANOMALY = Code(
    "MON4378",
    "datadog-anomaly-interval-too-long",
    Severity.WARNING,
    "The points of an anomaly monitor are so far apart that few of them lie in its alert window.",
    "`interval` should be at most a fifth of `alert_window`; with fewer points, one odd point is an anomaly.",
    bad=_swapped(_ANOMALY, "interval=60", "interval=600"),
    good=_ANOMALY,
)
UNKNOWN_REFERENCE = Code(
    "MON4379",
    "unknown-object-in-datadog-query",
    Severity.ERROR,
    "A Datadog query names an alert or an SLO that the spec does not put into Datadog.",
    "Nothing could be filled in for it, so the push would stop there.",
    bad=_swapped(_REFERENCE, "alerts.Backlog", "alerts.Backlogs"),
    good=_REFERENCE,
)
