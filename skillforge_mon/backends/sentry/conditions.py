"""What an alert's ``sentry:`` says, in the values that Sentry takes."""

from __future__ import annotations

from decimal import Decimal

from skillforge_mon.backends.sentry import capabilities, codes
from skillforge_mon.backends.sentry.differences import Differences
from skillforge_mon.backends.sentry.plan import IssueCondition, Limit, MetricCondition, Rate
from skillforge_mon.backends.sentry.rounding import rounded, rounded_window
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.model.project import Alert, AlertSeverity
from skillforge_mon.spec.models.alerts import EventRate, SentryIssueAlert, SentryMetricAlert
from skillforge_mon.spec.quantities import Threshold, plain_number


def issue_condition(alert: Alert, spec: SentryIssueAlert, mode: str, differences: Differences) -> IssueCondition:
    """When an issue is told.

    A number of events or users needs no start of its own: unless ``when`` is written, every event is looked at then.
    """
    rates = tuple(
        _rate(what, rate, differences) for what, rate in (("events", spec.events), ("users", spec.users)) if rate
    )
    triggers = () if rates and "when" not in spec.model_fields_set else tuple(dict.fromkeys(spec.when))
    if mode == "legacy":
        _legacy_triggers(triggers, rates, differences)
    if len(alert.severities) > 1:
        worst = alert.severities[0].severity
        differences.approximate(
            f"an alert on issues has one severity in Sentry: `{worst}` is written",
            at="severity",
            instead=f"write `severity: {worst}`, and an alert of its own for the rest",
        )
    frequencies = capabilities.LEGACY_FREQUENCIES if mode == "legacy" else capabilities.FREQUENCIES
    return IssueCondition(
        triggers,
        rates,
        spec.level,
        spec.category,
        spec.tags,
        rounded(spec.frequency, frequencies, differences, "sentry.issue.frequency", "an issue is told at most every"),
    )


def _rate(what: str, rate: EventRate, differences: Differences) -> Rate:
    choices = capabilities.INTERVALS
    within = rounded(
        rate.within, [*choices.values()], differences, f"sentry.issue.{what}.within", f"{what} are counted over"
    )
    return Rate(what, rate.more_than, next(name for name, length in choices.items() if length == within))


def _legacy_triggers(triggers: tuple[str, ...], rates: tuple[Rate, ...], differences: Differences) -> None:
    for trigger in triggers:
        if trigger not in capabilities.LEGACY_TRIGGERS:
            differences.untranslatable(
                f"the old rules cannot start when an issue is {trigger}",
                at="sentry.issue.when",
                instead=f"leave `{trigger}` out, or use `mode: workflows`",
            )
    if len(triggers) > 1 and rates:
        differences.untranslatable(
            "the old rules cannot say `any of these starts, and more than a number of events`",
            at="sentry.issue.when",
            instead="write one start, or use `mode: workflows`",
        )


def metric_condition(
    alert: Alert, spec: SentryMetricAlert, mode: str, differences: Differences, report: Report
) -> MetricCondition | None:
    """When a number is told; None when its thresholds make no sense, which has been reported."""
    severities = _told_severities(alert, differences)
    thresholds: list[tuple[AlertSeverity, Threshold]] = []
    for severity in severities:
        if severity.threshold is None:
            report.add(
                codes.THRESHOLD_MISSING.at(
                    alert.place.key_at("severity", severity.severity),
                    f"the metric alert `{alert.name}` has no threshold for `{severity.severity}`",
                    help=f'write `severity: {{{severity.severity}: "> 100"}}`',
                )
            )
            return None
        thresholds.append((severity, severity.threshold))
    for severity, threshold in thresholds:
        if threshold.op not in capabilities.OPERATORS:
            differences.untranslatable(
                f"Sentry does not compare with `{threshold.op}`",
                at=f"severity.{severity.severity}",
                instead="write `>`, `>=`, `<` or `<=`",
            )
    if _contradict(alert, spec, [threshold for _, threshold in thresholds], report):
        return None
    limits = tuple(
        Limit(
            _operator(threshold, mode, f"severity.{severity.severity}", differences),
            _number(threshold, spec, f"severity.{severity.severity}", differences),
            capabilities.PRIORITIES.get(severity.severity, capabilities.PRIORITIES["warning"]),
        )
        for severity, threshold in thresholds
    )
    if mode == "legacy" and limits[0].result != capabilities.PRIORITIES["critical"]:
        name = thresholds[0][0].severity
        differences.approximate(
            f"the old alert rules have no warning without a critical trigger: `{name}` becomes critical",
            at=f"severity.{name}",
            instead="use `mode: workflows`",
        )
    if spec.resolve is None:
        lowest = limits[-1]
        resolved = Limit(capabilities.COMPLEMENTS[lowest.op], lowest.number, capabilities.RESOLVED)
    else:
        number = _number(spec.resolve, spec, "sentry.metric.resolve", differences)
        resolved = Limit(spec.resolve.op, number, capabilities.RESOLVED)
    compare = None
    if spec.compare is not None:
        _check_changes(limits, resolved, differences)
        deltas = capabilities.COMPARISON_DELTAS
        compare = rounded(spec.compare, deltas, differences, "sentry.metric.compare", "the comparison goes back")
    return MetricCondition(
        spec.aggregate,
        capabilities.DATASETS[spec.dataset],
        spec.query,
        rounded_window(spec.window, differences, "sentry.metric.window"),
        compare,
        limits,
        resolved,
    )


def _check_changes(limits: tuple[Limit, ...], resolved: Limit, differences: Differences) -> None:
    """Report a fall above which, or a rise below which, the alert would fire or end."""
    falls = limits[0].op[0] == "<"
    for limit in (*limits, resolved):
        if limit.number and (limit.number < 0) != falls:
            differences.untranslatable(
                f"Sentry cannot compare a change with {plain_number(limit.number)}% when it fires "
                f"{'below' if falls else 'above'}: it knows only {'falls' if falls else 'rises'} there",
                at="severity" if limit.result else "sentry.metric.resolve",
                instead='write a fall such as "< -30%"' if falls else 'write a rise such as "> 50%"',
            )


def _told_severities(alert: Alert, differences: Differences) -> tuple[AlertSeverity, ...]:
    """The severities that get a priority: critical and warning; ``info`` only when it stands alone, as medium."""
    told = tuple(severity for severity in alert.severities if severity.severity in capabilities.PRIORITIES)
    if len(told) == len(alert.severities):
        return told
    if told:
        reason = "Sentry has two priorities, high and medium: the threshold of `info` is not written"
    else:
        reason = "Sentry's metric alerts have no priority below medium: `info` becomes medium"
    differences.approximate(reason, at="severity.info", instead="leave `info` out, or write `warning`")
    return told or alert.severities


def _contradict(alert: Alert, spec: SentryMetricAlert, thresholds: list[Threshold], report: Report) -> bool:
    direction = thresholds[0].op[0]
    if any(threshold.op[0] != direction for threshold in thresholds):
        report.add(
            codes.THRESHOLDS_CONTRADICT.at(
                alert.place.at("severity"),
                f"the thresholds of `{alert.name}` point in two directions",
                help="let all of them be above, or all of them below",
            )
        )
        return True
    lowest = thresholds[-1]
    if spec.resolve is not None and not _ends(lowest, spec.resolve):
        report.add(
            codes.THRESHOLDS_CONTRADICT.at(
                alert.place.at("sentry", "metric", "resolve"),
                f"`{alert.name}` fires at `{lowest}`, so it cannot be well again at `{spec.resolve}`",
                help=f"write `{capabilities.COMPLEMENTS[lowest.op]} {lowest.quantity}`, or a number further away",
            )
        )
        return True
    return False


def _ends(fires: Threshold, resolve: Threshold) -> bool:
    """True when no number is on both sides: ``< 100`` and ``<= 100`` end ``> 100``; ``<= 101`` and ``> 10`` do not."""
    if resolve.op not in capabilities.OPERATORS or resolve.op[0] == fires.op[0]:
        return False
    fires_at, ends_at = fires.quantity.base, resolve.quantity.base
    if fires_at == ends_at:
        return "=" not in fires.op or "=" not in resolve.op
    return ends_at < fires_at if fires.op[0] == ">" else ends_at > fires_at


def _operator(threshold: Threshold, mode: str, field: str, differences: Differences) -> str:
    """The comparison; the old alert rules know only above and below."""
    if mode != "legacy" or threshold.op not in {">=", "<="}:
        return threshold.op
    strict = threshold.op[0]
    differences.approximate(
        f"`{threshold}` becomes `{strict} {threshold.quantity}`: the old alert rules do not fire on the number itself",
        at=field,
        instead=f"write `{strict}`, or use `mode: workflows`",
    )
    return strict


def _number(threshold: Threshold, spec: SentryMetricAlert, field: str, differences: Differences) -> Decimal:
    """The number in the unit that Sentry computes in: milliseconds, bytes, ratios; percent of change when it compares.

    Of a change, Sentry takes a rise for what is above and a fall for what is below; nothing else can be said.
    """
    quantity = threshold.quantity
    if spec.compare is None:
        return quantity.base * 1000 if quantity.base_unit == "seconds" else quantity.base
    if quantity.unit not in {"", "%"}:
        differences.untranslatable(
            f"`{threshold}` is not a change in percent, and `compare` compares in percent",
            at=field,
            instead='write a threshold such as "> 50%" or "< -30%"',
        )
    return quantity.value
