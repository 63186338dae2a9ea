"""MON3609: what a probe says, and nobody listens to."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Probe, Project

CODE = Code(
    "MON3609",
    "probe-setting-without-effect",
    Severity.WARNING,
    "A probe has a setting that does nothing for what it is, or for those who ask.",
    "Whoever wrote it believes that it is so.",
    bad=changed(("    every: 1m\n", "    every: 1m\n    locations: [aws:eu-west-1]\n"), text=PROBE),
    good=PROBE,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every probe that somebody asks. What stands in `defaults`, and has an effect on another probe, is right there."""
    found = [
        (probe, key, why)
        for probe in project.probes.values()
        for key, why in (_without_effect(probe) if probe.kind and probe.backends else ())
    ]
    vain = {(probe.name, key) for probe, key, _ in found}
    effective = {
        (key, probe.place.key_at(*key.split(".")))
        for probe in project.probes.values()
        for key in {key for _, key, _ in found}
        if (probe.name, key) not in vain
    }
    for probe, key, why in found:
        if (key, probe.place.key_at(*key.split("."))) not in effective:
            yield CODE.at(
                probe.place.key_at(*key.split(".")),
                f"`{key}` of `{probe.name}` has no effect: {why}",
                help="take it out",
            )


def _without_effect(probe: Probe) -> Iterator[tuple[str, str]]:
    spec = probe.spec
    if spec.locations and "datadog" not in probe.backends:
        yield "locations", "only Datadog asks from several places"
    if probe.kind == "cron":
        for key in ("every", "timeout", "slow"):
            if getattr(spec, key) is not None:
                yield key, "the job tells by itself; see `cron.every` and `cron.max_runtime`"
    if not spec.alerting:
        for key in ("slow", "failures"):
            if getattr(spec, key) is not None:
                yield key, "`alerting` is false"
    if spec.http is not None and spec.http.body is not None and spec.http.method in {"GET", "HEAD"}:
        yield "http.body", f"a {spec.http.method} sends none"
