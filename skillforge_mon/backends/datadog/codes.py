"""MON4303 to MON4309: alerts that would be wrong, or unheard, as monitors in Datadog."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

GOOD = """\
version: 1
project: shop
targets:
  datadog: {}
teams:
  shop: {datadog: "@slack-acme-shop"}
escalation:
  page: [{notify: shop}]
services:
  worker: {team: shop}
runbooks:
  backlog: {resolve: [Add a worker.]}
alerts:
  Backlog:
    service: worker
    severity: {critical: "> 100", warning: "> 50"}
    datadog: {query: "avg(last_5m):sum:shop.queue{*} by {queue} > 100"}
    summary: Jobs wait
    runbook: backlog
    escalation: page
"""


def _bad(old: str, new: str) -> str:
    assert old in GOOD, old  # noqa: S101 - a slip in an example must not go unseen
    return GOOD.replace(old, new)


_ANOMALY = _bad(
    'severity: {critical: "> 100", warning: "> 50"}\n    datadog: {query: "avg(last_5m):sum:shop.queue{*} by {queue} > 100"}',
    """severity: critical
    datadog:
      query: "avg(last_4h):anomalies(sum:shop.queue{*}, 'agile', 2, direction='above', alert_window='last_15m', interval=60) >= 1"
      threshold_windows: {trigger_window: last_15m, recovery_window: last_15m}""",
)

THRESHOLD_MISMATCH = Code(
    "MON4303",
    "datadog-threshold-mismatch",
    Severity.ERROR,
    "A Datadog query that is written by hand compares with another number than the severity's threshold.",
    "Datadog refuses a monitor whose query and thresholds differ, and people would read one number and be woken by the other.",
    bad=_bad("{queue} > 100", "{queue} > 200"),
    good=GOOD,
)
MALFORMED_QUERY = Code(
    "MON4304",
    "malformed-datadog-query",
    Severity.ERROR,
    "A Datadog query that is written by hand cannot be the query of a monitor of its type.",
    "Datadog would refuse it, in the middle of a push.",
    bad=_bad("avg(last_5m):sum:", "sum:"),
    good=GOOD,
)
ANOMALY_WINDOWS = Code(
    "MON4305",
    "datadog-anomaly-without-windows",
    Severity.ERROR,
    "An anomaly monitor has no `threshold_windows`, or its trigger window is not the query's `alert_window`.",
    "Datadog refuses such a monitor, or judges another window than the one that is drawn.",
    bad=_ANOMALY.replace("      threshold_windows: {trigger_window: last_15m, recovery_window: last_15m}\n", ""),
    good=_ANOMALY,
)
UNKNOWN_OPTION = Code(
    "MON4306",
    "unknown-datadog-option",
    Severity.ERROR,
    "An alert's `datadog.options` has an option that monitors do not have.",
    "Datadog ignores it, so that what was meant does not happen.",
    bad=_bad('{queue} > 100"}', '{queue} > 100", options: {evaluation_dealy: 60}}'),
    good=_bad('{queue} > 100"}', '{queue} > 100", options: {evaluation_delay: 60}}'),
)
NOBODY_TOLD = Code(
    "MON4307",
    "nobody-told-by-datadog",
    Severity.ERROR,
    "None of the teams that an alert tells first has a handle in Datadog.",
    "The monitor would turn red, and nobody would hear of it.",
    bad=_bad('{datadog: "@slack-acme-shop"}', '{webhook: "http://hooks:8080/"}'),
    good=GOOD,
)
THRESHOLD_ORDER = Code(
    "MON4308",
    "datadog-threshold-order",
    Severity.ERROR,
    "A warning threshold is worse than the critical one, or a recovery threshold is not on the healthy side.",
    "Datadog refuses such a monitor.",
    bad=_bad('{queue} > 100"}', '{queue} > 100", recovery: 120}'),
    good=_bad('{queue} > 100"}', '{queue} > 100", recovery: 80}'),
)
TAG_TOO_LONG = Code(
    "MON4309",
    "datadog-tag-too-long",
    Severity.ERROR,
    "A tag of a monitor, made of a name or of a label, is longer than Datadog takes.",
    "Cut off, the monitor could no longer be told from another one.",
    bad=GOOD.replace("  Backlog:", f"  {'Backlog' * 18}:").replace("project: shop", f"project: {'shop' * 30}"),
    good=GOOD,
)
