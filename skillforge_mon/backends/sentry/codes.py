"""MON4310 to MON4329: alerts that do not say enough, or too much, to be alerts in Sentry."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_BASE = """\
version: 1
project: shop
targets:
  sentry: {organization: acme, integrations: {slack: Acme}}
teams:
  shop: {slack: "#shop", sentry: shop}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop, errors: {sentry_project: web}}
runbooks:
  errors: {resolve: [Roll back the last release.]}
"""
_ALERT = """\
    service: web
    summary: The shop answers with errors
    runbook: errors
    escalation: page
"""
_ISSUE = _BASE + "alerts:\n  NewError:\n    severity: warning\n    sentry: {issue: {level: error}}\n" + _ALERT
_METRIC = (
    _BASE
    + 'alerts:\n  ManyErrors:\n    severity: {warning: "> 100"}\n    sentry: {metric: {aggregate: count()}}\n'
    + _ALERT
)


def _changed(good: str, old: str, new: str) -> str:
    assert old in good, old  # noqa: S101 - a slip in an example must not go unseen
    return good.replace(old, new)


KIND_UNCLEAR = Code(
    "MON4310",
    "unclear-sentry-alert",
    Severity.ERROR,
    "An alert's `sentry` has neither `issue` nor `metric`, or has both.",
    "In Sentry an alert is either about issues or about a number; which one is meant cannot be known.",
    bad=_changed(_ISSUE, "{issue: {level: error}}", "{environment: production}"),
    good=_ISSUE,
)
PROJECT_UNKNOWN = Code(
    "MON4311",
    "unknown-sentry-project",
    Severity.ERROR,
    "Neither an alert nor its service says which project of Sentry it is about.",
    "Every alert in Sentry belongs to a project.",
    bad=_changed(_ISSUE, ", errors: {sentry_project: web}", ""),
    good=_ISSUE,
)
THRESHOLD_MISSING = Code(
    "MON4312",
    "sentry-metric-without-threshold",
    Severity.ERROR,
    "A metric alert for Sentry has a severity without a threshold.",
    "Sentry would not know from which number on to notify.",
    bad=_changed(_METRIC, 'severity: {warning: "> 100"}', "severity: warning"),
    good=_METRIC,
)
THRESHOLDS_CONTRADICT = Code(
    "MON4313",
    "contradicting-sentry-thresholds",
    Severity.ERROR,
    "The thresholds of a metric alert point in two directions, or it is well again on the side on which it fires.",
    "The alert would fire and end at the same time, or never end.",
    bad=_changed(_METRIC, "{aggregate: count()}", '{aggregate: count(), resolve: "> 10"}'),
    good=_changed(_METRIC, "{aggregate: count()}", '{aggregate: count(), resolve: "< 10"}'),
)
NOBODY_TOLD = Code(
    "MON4314",
    "nobody-told-by-sentry",
    Severity.ERROR,
    "None of the teams on the first level of an alert's policy has a channel that Sentry reaches.",
    "The alert would fire in Sentry, and nobody would hear of it.",
    bad=_changed(_ISSUE, '{slack: "#shop", sentry: shop}', '{webhook: "http://hooks:8080/"}'),
    good=_ISSUE,
)
NAME_TOO_LONG = Code(
    "MON4315",
    "sentry-name-too-long",
    Severity.ERROR,
    "The name that an alert gets in Sentry, which starts with the project and the environment, is too long.",
    "Sentry would refuse it; cut off, it could no longer be told from another one.",
    bad=_changed(_changed(_METRIC, "ManyErrors", "ManyErrors" * 12), "project: shop", f"project: {'shop' * 30}"),
    good=_METRIC,
)

CODES = (
    KIND_UNCLEAR,
    PROJECT_UNKNOWN,
    THRESHOLD_MISSING,
    THRESHOLDS_CONTRADICT,
    NOBODY_TOLD,
    NAME_TOO_LONG,
)
