"""MON3607: a job that does not say when it runs, or says it in no schedule."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import ON_SENTRY
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.cron import CronError, parse_schedule
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.suggest import nearest

CODE = Code(
    "MON3607",
    "probe-schedule",
    Severity.ERROR,
    "A job does not say in one way when it runs, or its schedule or its time zone does not exist.",
    "Nobody can tell when it is missing.",
    bad=changed(("0 3 * * *", "0 25 * * *"), text=ON_SENTRY),
    good=ON_SENTRY,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every `cron`."""
    for probe in project.probes.values():
        if probe.kind == "cron":
            yield from _of_one(probe)


def _of_one(probe: Probe) -> Iterator[Diagnostic]:
    cron = probe.spec.cron
    assert cron is not None  # noqa: S101 - only such probes come here
    if (cron.schedule is None) == (cron.every is None):
        yield CODE.at(
            probe.place.key_at("cron"),
            f"`{probe.name}` does not say in one way when it runs",
            help="write one of `schedule` and `every`",
        )
        return
    if cron.schedule is not None:
        try:
            parse_schedule(cron.schedule)
        except CronError as error:
            yield CODE.at(
                probe.place.at("cron", "schedule"),
                str(error),
                help="write minute, hour, day of the month, month and day of the week: `0 3 * * mon-fri`",
            )
    zones = zoneinfo.available_timezones()
    if cron.timezone not in zones:
        meant = nearest(cron.timezone, sorted(zones))
        yield CODE.at(
            probe.place.at("cron", "timezone"),
            f"there is no time zone `{cron.timezone}`",
            help=f"did you mean `{meant}`?" if meant else "write a name such as Europe/Paris, or UTC",
        )
