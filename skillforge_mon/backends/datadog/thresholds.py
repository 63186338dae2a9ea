"""The numbers of a monitor: the one in its query, and those in ``options.thresholds``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from skillforge_mon.backends.datadog import codes
from skillforge_mon.backends.datadog.handwritten import Written
from skillforge_mon.backends.datadog.options import optional_thresholds
from skillforge_mon.backends.datadog.query.codes import OPTIONS_MISMATCH
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.model.project import Alert, AlertSeverity
from skillforge_mon.spec.quantities import Threshold, plain_number

_UPWARDS = frozenset((">", ">="))
_COMPARED = ("critical", "warning")
"""What a query or a severity says. Recovery thresholds in ``options`` win over the spec's own."""


def written_thresholds(
    alert: Alert, severities: tuple[AlertSeverity, ...], written: Written, report: Report
) -> dict[str, Decimal] | None:
    """The thresholds of a monitor with a query of the user's own; None when they contradict it, which is reported.

    A severity's threshold may be written with its unit: ``> 5%`` agrees with a query that ends in ``> 5`` as well as
    with one that ends in ``> 0.05``, and its warning is then read in the same way.
    """
    problems = len(report)
    critical = written.number
    first = severities[0].threshold
    scaled = False
    if first is not None and written.op is None:
        critical = first.quantity.base
    elif first is not None and critical is not None:
        scaled = critical == first.quantity.base
        if (not scaled and critical != first.quantity.value) or first.op != written.op:
            report.add(
                codes.THRESHOLD_MISMATCH.at(
                    alert.place.at("severity", severities[0].severity),
                    f"`{alert.name}` is {severities[0].severity} when `{first}`, and its Datadog query says "
                    f"`{written.op} {plain_number(critical)}`",
                    help="write the same number in both, or leave it out of `severity`",
                )
            )
    found = {} if critical is None else {"critical": critical}
    warning = _warning(alert, severities, report, scaled=scaled)
    if warning is not None:
        found["warning"] = warning
    return None if len(report) > problems else found


def _warning(alert: Alert, severities: tuple[AlertSeverity, ...], report: Report, *, scaled: bool) -> Decimal | None:
    spec = alert.spec.datadog
    own = Decimal(str(spec.warning)) if spec is not None and spec.warning is not None else None
    threshold: Threshold | None = severities[1].threshold if len(severities) > 1 else None
    if threshold is None:
        return own
    number = threshold.quantity.base if scaled else threshold.quantity.value
    if own is not None and own not in {number, threshold.quantity.base}:
        report.add(
            codes.THRESHOLD_MISMATCH.at(
                alert.place.at("datadog", "warning"),
                f"`{alert.name}` warns when `{threshold}`, and on Datadog at {plain_number(own)}",
                help="keep one of the two",
            )
        )
    return own if own is not None else number


def options_agree(alert: Alert, thresholds: Mapping[str, Decimal], report: Report) -> bool:
    """False, and a report of each, when ``options.thresholds`` has another number than the query or a severity."""
    problems = len(report)
    for name, value in optional_thresholds(alert).items():
        number = thresholds.get(name)
        if number is None or name not in _COMPARED or value == number:
            continue
        report.add(
            OPTIONS_MISMATCH.at(
                alert.place.at("datadog", "options", "thresholds", name),
                f"`{alert.name}` has {plain_number(number)} as its {name.replace('_', ' ')} threshold, and "
                f"{plain_number(value)} in `options.thresholds`",
                help="write the same number in both, or leave it out of `options`",
            )
        )
    return len(report) == problems


def in_order(alert: Alert, op: str, thresholds: dict[str, Decimal], report: Report) -> bool:
    """False, and a report, when a warning or recovery threshold is on the wrong side.

    ``> critical`` wants warning < critical and every recovery below its threshold; ``<`` the other way round.
    """
    if op not in {">", ">=", "<", "<="}:
        return True
    sign = 1 if op in _UPWARDS else -1
    pairs = (("warning", "critical"), ("critical_recovery", "critical"), ("warning_recovery", "warning"))
    good = True
    for milder, worse in pairs:
        if milder in thresholds and worse in thresholds and sign * thresholds[milder] >= sign * thresholds[worse]:
            side = "below" if sign > 0 else "above"
            good = False
            key = "warning" if milder == "warning" else "recovery"
            report.add(
                codes.THRESHOLD_ORDER.at(
                    alert.place.at("datadog", key),
                    f"the {milder.replace('_', ' ')} threshold {plain_number(thresholds[milder])} of `{alert.name}` is "
                    f"not {side} {plain_number(thresholds[worse])}",
                    help=f"with `{op}`, the {milder.replace('_', ' ')} threshold lies {side} the {worse} one",
                )
            )
    return good
