"""MON3662: times of a project that Sentry does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.quantities import Duration

LONGEST_LIMIT: Final = Duration.of(days=1)
"""getsentry/sentry, ``api.serializers.rest_framework.project_key``: ``window`` is at most 86400 seconds."""
HOUR: Final = Duration.of(hours=1)
SECOND: Final = Duration.of(seconds=1)

CODE = Code(
    "MON3662",
    "time-sentry-cannot-take",
    Severity.ERROR,
    "A rate limit counts over more than a day, or a time is no whole number of what Sentry counts in.",
    "Sentry would refuse it. It counts limits in seconds, up to a day, and the age of issues in hours.",
    bad=set_up_with("within: 1m", "within: 2d"),
    good=SET_UP,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Limits of keys, and when issues are resolved by themselves."""
    for service in project.services.values():
        errors = service.spec.errors
        if errors is None:
            continue
        for name, key in errors.keys.items():
            within = key.rate_limit.within if key.rate_limit is not None else SECOND
            if within > LONGEST_LIMIT or within % SECOND:
                yield CODE.at(
                    service.place.at("errors", "keys", name, "rate_limit", "within"),
                    f"the limit of the key `{name}` counts over {within}",
                    help="write whole seconds, and at most 1d",
                )
        age = errors.resolve_age
        if age is not None and age % HOUR:
            yield CODE.at(
                service.place.at("errors", "resolve_age"),
                f"Sentry counts the age of issues in hours, and {age} are none",
                help=f"write `{Duration((age // HOUR + 1) * HOUR)}`",
            )
