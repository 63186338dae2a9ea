"""MON3605: two probes that ask the same; MON3606: two whose alerts, or those of their services, have the same name."""

from __future__ import annotations

import json
from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.expansion.probes import Missing, missing
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.models.probes import BLACKBOX_KINDS

_AGAIN = '  front-again:\n    service: web\n    http: {url: "https://shop.example/", contains: Welcome}\n'
SAME = Code(
    "MON3605",
    "probe-duplicate",
    Severity.WARNING,
    "Two probes ask the same of the same, through the same system.",
    "Whoever is called, is called twice for one thing.",
    bad=PROBE + _AGAIN,
    good=PROBE,
)
CLASH = Code(
    "MON3606",
    "probe-names-clash",
    Severity.ERROR,
    "The names of two probes, or of their services, differ only in signs, so that their alerts have the same name.",
    "Alerts are named in CamelCase after probes and services; one of the two would take the other's place.",
    bad=PROBE + changed(("front-again:", "Front:"), ("Welcome", "Imprint"), text=_AGAIN),
    good=PROBE,
)
CODES = (SAME, CLASH)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every probe against those before it."""
    asked: dict[str, Probe] = {}
    named: dict[str, Probe] = {}
    missed: dict[str, Probe] = {}
    told: set[Missing] = set()
    for probe in project.probes.values():
        if not probe.kind:
            continue
        other = named.setdefault(camel_case(probe.name), probe)
        if other is not probe and {"prometheus"} & set(probe.backends) & set(other.backends):
            yield CLASH.at(
                probe.place.span,
                f"`{probe.name}` and `{other.name}` would have alerts of the same names",
                secondary=(Label(other.place.span, "the other one"),),
                help="give one of them another name",
            )
        shared = missing(probe.spec)
        asks = probe.kind in BLACKBOX_KINDS and "prometheus" in probe.backends and probe.spec.alerting
        if asks and shared not in told:
            told.add(shared)
            other = missed.setdefault(shared.alert, probe)
            if other is not probe:
                yield CLASH.at(
                    probe.place.span,
                    f"that nobody asks `{probe.name}` and that nobody asks `{other.name}` would both be `{shared.alert}`",
                    secondary=(Label(other.place.span, "the other one"),),
                    help="give one of the services another name",
                )
        part = getattr(probe.spec, probe.kind).model_dump(exclude={"certificate"})
        for backend in probe.backends:
            what = json.dumps([backend, probe.kind, part, probe.spec.locations], sort_keys=True, default=str)
            other = asked.setdefault(what, probe)
            if other is not probe:
                yield SAME.at(
                    probe.place.span,
                    f"`{probe.name}` asks what `{other.name}` asks",
                    secondary=(Label(other.place.span, "the other one"),),
                    help=f"take one of them out (`{probe.name}: null`), or say what is different",
                )
                break
