"""Conditions, channels and policies as people say them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.runbooks.markdown import code, one_line
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.burn_text import percentage
from skillforge_mon.lower.slo import BurnAlert
from skillforge_mon.model.project import Alert, AlertSeverity, Escalation, Team
from skillforge_mon.model.working_hours import Shift
from skillforge_mon.spec.quantities import plain_number

_COMPARISONS = {
    ">": "above",
    ">=": "at or above",
    "<": "below",
    "<=": "at or below",
    "==": "at exactly",
    "!=": "at anything but",
}


def condition(alert: Alert, severity: AlertSeverity, found: AlertCondition | None) -> str:
    """``above 5% for 5m``, ``when an issue in Sentry meets its conditions``: from when on it has this severity."""
    if severity.threshold is not None:
        words = f"{_COMPARISONS[severity.threshold.op]} {severity.threshold.quantity}"
    elif found is not None and found.comparison is not None:
        comparison = found.comparison
        number = percentage(comparison.number) if found.unit == "ratio" else plain_number(comparison.number)
        unit = {"seconds": "s", "bytes": " bytes"}.get(found.unit, "")
        words = f"{_COMPARISONS[comparison.op]} {number}{unit}"
    elif alert.query is not None:
        words = "when its query is true"
    elif alert.log_query is not None:
        words = "when its query in Loki is true"
    elif alert.spec.sentry is not None:
        words = "when an issue in Sentry meets its conditions"
    else:
        words = "when its query in Datadog is true"
    return f"{words} for {severity.hold}" if severity.hold else words


_EVEN: Final = "the even pace"


def burn(alert: BurnAlert) -> str:
    """``the error budget burns at 3 times the even pace over 1d and 2h, or faster than the even pace over 3d and 6h``.

    At the even pace the budget lasts exactly as long as the objective's window.
    """
    said = []
    for number, tier in enumerate(alert.tiers):
        times = f"at {plain_number(tier.factor)} times{'' if number else f' {_EVEN}'}"
        pace = f"faster than {_EVEN}" if tier.factor == 1 else times
        said.append(f"{pace} over {tier.long} and {tier.short}")
    return f"the error budget burns {', or '.join(said)}"


def plain(alert: Alert) -> str:
    """The summary on one line; what only an alert that fires can fill in stands in italics."""
    service = alert.service.name if alert.service is not None else "*service*"
    known = {"service": service, "alert": alert.name}
    return one_line(
        "".join(
            part if isinstance(part, str) else known.get(part.name, f"*{part.label or part.name}*")
            for part in alert.summary.parts
        )
    )


def reached(team: Team) -> str:
    """``**backend** (PagerDuty, Slack `#backend`)``: a team, and how it is reached. Webhooks' addresses stay secret."""
    channels = ", ".join(_channels(team))
    return f"**{team.name}** ({channels})" if channels else f"**{team.name}**"


def _channels(team: Team) -> Iterator[str]:
    spec = team.spec
    if spec.pagerduty is not None:
        yield f"PagerDuty {code(spec.pagerduty.service)}" if spec.pagerduty.service else "PagerDuty"
    if spec.opsgenie is not None:
        yield f"Opsgenie {code(spec.opsgenie.team)}" if spec.opsgenie.team else "Opsgenie"
    for slack in spec.slack:
        yield f"Slack {code(slack.channel)}"
    if spec.msteams:
        yield "Microsoft Teams"
    for address in spec.email:
        yield f"e-mail {code(address)}"
    if spec.jira is not None:
        yield f"Jira {code(spec.jira.project)}"
    if spec.webhook:
        yield "webhook"


def levels(policy: Escalation) -> list[str]:
    """One line per level: when it is told, counted from the alert, and whom."""
    return [
        f"{f'after {level.after}' if level.after else 'at once'}: {'; '.join(map(_told, level.shifts))}"
        for level in policy.levels
    ]


def _told(shift: Shift) -> str:
    teams = ", ".join(reached(team) for team in shift.teams)
    return f"{teams} {shift.hours.when}" if shift.hours is not None else teams
