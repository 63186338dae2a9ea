"""One alert as Sentry will have it, before any wire format: values that Sentry takes, and people that it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from skillforge_mon.backends.sentry.actions import Action
from skillforge_mon.backends.sentry.capabilities import Dataset
from skillforge_mon.model.project import Alert
from skillforge_mon.spec.quantities import Duration, plain_number


@dataclass(frozen=True, slots=True)
class Rate:
    """More than ``more_than`` ``what`` (events or users) within ``interval`` (a key of capabilities.INTERVALS)."""

    what: str
    more_than: int
    interval: str


@dataclass(frozen=True, slots=True)
class IssueCondition:
    """When an issue is told. Without ``triggers`` every event of the issue is looked at."""

    triggers: tuple[str, ...]
    rates: tuple[Rate, ...]
    level: str | None
    category: str | None
    tags: Mapping[str, str]
    frequency: Duration


@dataclass(frozen=True, slots=True)
class Limit:
    """``op number``, in the unit that Sentry computes in, and what is true then: priority 75 or 50, or 0 for well."""

    op: str
    number: Decimal
    result: int

    def __str__(self) -> str:
        return f"{self.op} {plain_number(self.number)}"


@dataclass(frozen=True, slots=True)
class MetricCondition:
    """When a number is told. ``limits`` are in order, the worst first; ``resolved`` ends the alert.

    With ``compare`` the numbers are percent of change against the window that long ago: above 50 is 50 % more than
    then, below -30 is 30 % less.
    """

    aggregate: str
    dataset: Dataset
    query: str
    window: Duration
    compare: Duration | None
    limits: tuple[Limit, ...]
    resolved: Limit

    def wire_number(self, limit: Limit) -> int | Decimal:
        """The number of ``limit`` as Sentry takes it, whole ones as such.

        A fall is written without its sign: below 50 is 50 % less than before (terraform-provider-sentry, example
        "change" of ``sentry_metric_monitor``).
        """
        number = abs(limit.number) if self.compare is not None else limit.number
        return int(number) if number == number.to_integral_value() else number


@dataclass(frozen=True, slots=True)
class Notification:
    """Who is told at one severity."""

    severity: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An alert of Sentry.

    ``name`` tells people whose it is: workflows and rules have no description, so it carries project and environment.
    ``text`` and ``notes`` are what people read; ``marker`` is the line by which detectors are known as ours.
    """

    alert: Alert
    name: str
    organization: str
    project: str
    environment: str | None
    owner: str | None
    text: str
    notes: str
    marker: str
    condition: IssueCondition | MetricCondition
    notifications: tuple[Notification, ...]
