"""MON3604: a private address that is asked from the internet."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import ON_SENTRY
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.probe_hosts import is_private, probe_host
from skillforge_mon.model.project import Probe, Project

CODE = Code(
    "MON3604",
    "probe-out-of-reach",
    Severity.WARNING,
    "A private address is asked from the internet: by Sentry, or from a public location of Datadog's.",
    "It cannot be reached from there, so that the probe would always fail.",
    bad=changed(("https://shop.example/", "http://web:8080/"), text=ON_SENTRY),
    good=ON_SENTRY,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every probe whose host can be told to be private."""
    for probe in project.probes.values():
        host = probe_host(probe.spec)
        if host is None or not is_private(host):
            continue
        if "sentry" in probe.backends and probe.kind == "http":
            yield CODE.at(
                probe.place.key_at("http"),
                f"Sentry asks `{probe.name}` from the internet, and `{host}` is a private address",
                help="let blackbox_exporter ask it (`backends: [prometheus]`), or name a public address",
            )
        if "datadog" in probe.backends and (public := _public(project, probe)):
            yield CODE.at(
                probe.place.at("locations") if probe.spec.locations else probe.place.span,
                f"`{public[0]}` asks `{probe.name}` from the internet, and `{host}` is a private address",
                help="name a private location (`pl:…`), or let blackbox_exporter ask it (`backends: [prometheus]`)",
            )


def _public(project: Project, probe: Probe) -> list[str]:
    target = project.targets.datadog
    locations = probe.spec.locations or (target.locations if target is not None else [])
    return [location for location in locations if not location.startswith("pl:")]
