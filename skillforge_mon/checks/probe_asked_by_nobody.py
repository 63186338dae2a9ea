"""MON3602: a probe that none of the project's systems can ask."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.probing import ABLE
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.probes import BLACKBOX_KINDS

CODE = Code(
    "MON3602",
    "probe-asked-by-nobody",
    Severity.ERROR,
    "None of the systems that the project is compiled for can ask what a probe asks.",
    "It would exist nowhere, although the spec says that somebody looks.",
    bad=changed(("targets: {prometheus: {}, blackbox: {}}", "targets: {prometheus: {}}"), text=PROBE),
    good=PROBE,
)
_NEEDED = {"prometheus": "`targets.blackbox`", "datadog": "`targets.datadog`", "sentry": "`targets.sentry`"}


def check(project: Project) -> Iterator[Diagnostic]:
    """Every probe that says what it is. One that names a system that is not there has been told of."""
    for probe in project.probes.values():
        if not probe.kind:
            continue
        if not probe.backends and not probe.spec.backends:
            able = [_NEEDED[backend] for backend, kinds in ABLE.items() if probe.kind in kinds]
            yield CODE.at(
                probe.place.span,
                f"nobody asks `{probe.name}`",
                notes=("Prometheus watches a job by `cron.metric`",) if probe.kind == "cron" else (),
                help=f"add {' or '.join(able)}"
                if probe.kind != "cron"
                else "add `targets.sentry`, or write `cron.metric`",
            )
        elif _has_no_exporter(project, probe):
            yield CODE.at(
                probe.place.at("backends"),
                f"`{probe.name}` is to be asked by Prometheus, which asks through blackbox_exporter",
                help='add `targets: {blackbox: {version: "0.28", address: "blackbox-exporter:9115"}}`',
            )


def _has_no_exporter(project: Project, probe: Probe) -> bool:
    missing = project.targets.blackbox is None and project.place_of("targets.blackbox") is None
    return missing and "prometheus" in probe.backends and probe.kind in BLACKBOX_KINDS
