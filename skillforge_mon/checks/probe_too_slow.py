"""MON3601: a probe whose next question comes before the answer to the last one."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3601",
    "probe-slower-than-its-interval",
    Severity.ERROR,
    "An answer to a probe may take as long as the time between two questions, or longer.",
    "Prometheus refuses such a job. Where it is not refused, answers that hang are not told from those to come.",
    bad=changed(("    every: 1m\n", "    every: 1m\n    timeout: 1m\n"), text=PROBE),
    good=PROBE,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every probe that is asked again and again; a job tells by itself."""
    for probe in project.probes.values():
        if probe.kind != "cron" and probe.timeout >= probe.every:
            yield CODE.at(
                probe.place.at("timeout"),
                f"an answer to `{probe.name}` may take {probe.timeout}, and it is asked every {probe.every}",
                help="write a shorter `timeout`, or a longer `every`",
            )
        slow = probe.spec.slow
        if slow is not None and slow >= probe.timeout:
            yield CODE.at(
                probe.place.at("slow"),
                f"`{probe.name}` is slow after {slow}, and has failed after {probe.timeout} already",
                help="write a shorter time under `slow`, or a longer `timeout`",
            )
