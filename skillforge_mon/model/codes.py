"""MON12xx: what an object names must exist, and an object must have a meaning of its own. MON2001: PromQL that does not parse."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_HEAD = "version: 1\nproject: shop\n"
_BASE = (
    _HEAD
    + """\
targets:
  prometheus: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {code: bounded}}
  errors_total: {type: counter, help: Failed requests}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop}
runbooks:
  busy: {resolve: [Add a worker.]}
"""
)
_ALERT = """\
alerts:
  TooManyErrors:
    service: web
    severity: critical
    expr: sum(rate(errors_total[5m])) > 10
    for: 5m
    summary: Requests fail
    runbook: busy
    escalation: page
"""
GOOD = _BASE + _ALERT
_LOGS = (
    _BASE.replace("  prometheus: {}\n", "  prometheus: {}\n  loki: {}\n")
    + """\
logs:
  web: {service: web}
alerts:
  ManyErrors:
    service: web
    severity: {critical: "> 10"}
    logs: {of: web, lines: {level: error}}
    for: 5m
    summary: Many errors are logged
    runbook: busy
    escalation: page
"""
)


def _bad(old: str, new: str) -> str:
    assert old in GOOD, old  # noqa: S101 - a slip in an example must not go unseen
    return GOOD.replace(old, new)


UNKNOWN_REFERENCE = Code(
    "MON1201",
    "unknown-reference",
    Severity.ERROR,
    "A team, service, policy, runbook or alert is named that the spec does not have.",
    "The alert would reach nobody, or the link would lead nowhere.",
    bad=_bad("    service: web\n", "    service: webb\n"),
    good=GOOD,
)
DEPENDENCY_CYCLE = Code(
    "MON1202",
    "dependency-cycle",
    Severity.ERROR,
    "Services depend on each other in a circle.",
    "Nothing can come first in a circle, so neither start order nor alert suppression can be worked out.",
    bad=_HEAD + "services:\n  a: {depends_on: [b]}\n  b: {depends_on: [a]}\n",
    good=_HEAD + "services:\n  a: {depends_on: [b]}\n  b: {}\n",
)
BAD_PLACEHOLDER = Code(
    "MON1203",
    "bad-placeholder",
    Severity.ERROR,
    "A message has a placeholder that monmc does not know, or one that is not closed.",
    "It would reach people as braces, or as an error text in the middle of the night.",
    bad=_bad("summary: Requests fail", 'summary: "{{ $labels.code }} requests fail"'),
    good=_bad("summary: Requests fail", 'summary: "{{ value | humanize }} requests fail each second"'),
)
UNKNOWN_BACKEND = Code(
    "MON1204",
    "unknown-backend",
    Severity.ERROR,
    "A backend is named that monmc does not have.",
    "The object would be compiled nowhere.",
    bad=_bad("    for: 5m\n", "    for: 5m\n    backends: [prometeus]\n"),
    good=_bad("    for: 5m\n", "    for: 5m\n    backends: [prometheus]\n"),
)
BACKEND_WITHOUT_TARGET = Code(
    "MON1205",
    "backend-without-target",
    Severity.WARNING,
    "Objects name a backend that `targets` does not have.",
    "They are not compiled for it: the copies that you count on are not there.",
    bad=_bad("    for: 5m\n", "    for: 5m\n    backends: [prometheus, datadog]\n"),
    good=GOOD,
)
NO_CONDITION = Code(
    "MON1206",
    "alert-without-condition",
    Severity.ERROR,
    "An alert has neither a query, nor words of its own for a backend.",
    "There is nothing that could be true.",
    bad=_bad("    expr: sum(rate(errors_total[5m])) > 10\n", ""),
    good=GOOD,
)
CONDITION_TWICE = Code(
    "MON1264",
    "alert-with-two-conditions",
    Severity.ERROR,
    "An alert has a query, and counts log lines as well.",
    "They are two conditions, of two systems: one alert cannot say which of them is true.",
    bad=_LOGS.replace("    logs:", "    expr: up == 0\n    logs:"),
    good=_LOGS,
)
NO_BACKEND_CONDITION = Code(
    "MON1207",
    "condition-for-other-backend",
    Severity.ERROR,
    "An alert names a backend for which it has no condition.",
    "It would not exist there, although the spec says that it does.",
    bad=_bad("    for: 5m\n", "    for: 5m\n    backends: [prometheus, sentry]\n").replace(
        "  prometheus: {}\n", "  prometheus: {}\n  sentry: {organization: shop}\n"
    ),
    good=GOOD,
)
KIND_NOT_TAKEN = Code(
    "MON1221",
    "backend-takes-no-such-object",
    Severity.ERROR,
    "An SLO or a dashboard names a backend for which monmc does not compile such objects.",
    "It would not exist there, although the spec says that it does.",
    bad=_HEAD
    + "targets:\n  grafana: {}\n  sentry: {organization: shop}\ndashboards:\n  home:\n    backends: [grafana, sentry]\n    rows:\n      - panels: [{title: Hello, type: text, content: Welcome}]\n",
    good=_HEAD
    + "targets:\n  grafana: {}\n  sentry: {organization: shop}\ndashboards:\n  home:\n    rows:\n      - panels: [{title: Hello, type: text, content: Welcome}]\n",
)
THRESHOLD_MISSING = Code(
    "MON1208",
    "severity-without-threshold",
    Severity.ERROR,
    "An alert has several severities, and one of them has no threshold.",
    "Without one, all severities fire together and the lesser ones say nothing.",
    bad=_bad("severity: critical", 'severity: {critical: "> 10", warning: }').replace("[5m])) > 10", "[5m]))"),
    good=_bad("severity: critical", 'severity: {critical: "> 10", warning: "> 1"}').replace("[5m])) > 10", "[5m]))"),
)
THRESHOLD_TWICE = Code(
    "MON1209",
    "compared-twice",
    Severity.ERROR,
    "A query compares its value, and the severity has a threshold as well.",
    "Which of the two is meant cannot be known; both together compare what is left after the first.",
    bad=_bad("severity: critical", 'severity: {critical: "> 10"}'),
    good=_bad("severity: critical", 'severity: {critical: "> 10"}').replace("[5m])) > 10", "[5m]))"),
)
SLI_UNCLEAR = Code(
    "MON1210",
    "unclear-sli",
    Severity.ERROR,
    "An SLO does not say how it is measured: `bad` and `total`, `good` and `total`, `latency`, `available`, `fresh`, `slices`, `ratio` or `composite`, and only one of these.",
    "Without exactly one way to measure it, the objective has no value.",
    bad=_BASE + "slos:\n  ok: {service: web, objective: 99.9%, bad: errors_total, escalation: page, runbook: busy}\n",
    good=_BASE
    + "slos:\n  ok: {service: web, objective: 99.9%, bad: errors_total, total: requests_total, escalation: page, runbook: busy}\n",
)
BAD_TIME_ZONE = Code(
    "MON1211",
    "unknown-time-zone",
    Severity.ERROR,
    "A time zone that is not in the IANA database.",
    "The backend would refuse the file, or read the times as UTC.",
    bad=_HEAD + 'maintenance:\n  deploy: {every: saturday, from: "02:00", for: 1h, timezone: Europe/Pariss}\n',
    good=_HEAD + 'maintenance:\n  deploy: {every: saturday, from: "02:00", for: 1h, timezone: Europe/Paris}\n',
)
BAD_RECURRENCE = Code(
    "MON1212",
    "unclear-recurrence",
    Severity.ERROR,
    "A maintenance window says neither on which days it recurs (`every`) nor on which day it happens (`on`), or says both.",
    "It would mute nothing, or more than was meant.",
    bad=_HEAD + 'maintenance:\n  deploy: {from: "02:00", for: 1h}\n',
    good=_HEAD + 'maintenance:\n  deploy: {every: saturday, from: "02:00", for: 1h}\n',
)
RUNBOOK_TWICE = Code(
    "MON1213",
    "runbook-elsewhere-and-here",
    Severity.ERROR,
    "A runbook has an address and text as well.",
    "Only one of the two would be found by somebody in a hurry.",
    bad=_HEAD + 'runbooks:\n  busy: {url: "https://wiki.example/busy", resolve: [Add a worker.]}\n',
    good=_HEAD + 'runbooks:\n  busy: {url: "https://wiki.example/busy"}\n',
)
PROMQL_SYNTAX = Code(
    "MON2001",
    "promql-syntax",
    Severity.ERROR,
    "A query is not PromQL.",
    "Prometheus would refuse the whole rule file, and go on with the old one.",
    bad=_bad("sum(rate(errors_total[5m])) > 10", "sum(rate(errors_total[5m]) > 10"),
    good=GOOD,
)
EMPTY_PANEL = Code(
    "MON1214",
    "panel-without-content",
    Severity.ERROR,
    "A panel has no query, or a text panel has no content. What only Datadog shows may have `datadog` instead.",
    "It would be an empty box.",
    bad=_HEAD + "dashboards:\n  home:\n    rows:\n      - panels: [{title: Requests}]\n",
    good=_HEAD
    + "targets:\n  grafana: {}\ndashboards:\n  home:\n    rows:\n      - panels: [{title: Hello, type: text, content: Welcome}]\n",
)
EMPTY_ROW = Code(
    "MON1215",
    "row-without-panels",
    Severity.ERROR,
    "A row has neither panels nor a ready-made set (`use`), or a set that needs a service has none.",
    "It would be a heading over nothing.",
    bad=_HEAD + "dashboards:\n  home:\n    rows:\n      - title: Requests\n",
    good=_HEAD
    + "targets:\n  grafana: {}\ndashboards:\n  home:\n    rows:\n      - title: Hello\n        panels: [{title: Hello, type: text, content: Welcome}]\n",
)
