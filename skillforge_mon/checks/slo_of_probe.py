"""MON3611: an SLO of a probe that Prometheus does not ask."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.probes import BLACKBOX_KINDS

_SLO = """\
slos:
  front: {service: web, objective: 99.9%, available: {probe: front}}
"""
CODE = Code(
    "MON3611",
    "slo-of-probe-elsewhere",
    Severity.ERROR,
    "An SLO counts the answers to a probe that Prometheus does not ask through blackbox_exporter.",
    "There is no `probe_success` of it, so that the SLO would have no events.",
    bad=changed(
        (
            "targets: {prometheus: {}, blackbox: {}}",
            "targets: {prometheus: {}, blackbox: {}, datadog: {locations: [aws:eu-west-1]}}",
        ),
        ("    every: 1m\n", "    every: 1m\n    backends: [datadog]\n"),
        ('  shop: {webhook: "http://hooks:8080/"}', '  shop: {webhook: "http://hooks:8080/", datadog: "@slack-shop"}'),
        text=PROBE + _SLO,
    ),
    good=PROBE + _SLO,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every SLO with `available.probe`; a probe that does not exist has been told of."""
    for slo in project.slos.values():
        name = slo.spec.available.probe if slo.spec.available is not None else None
        probe = project.probes.get(name) if name is not None else None
        if probe is not None and ("prometheus" not in probe.backends or probe.kind not in BLACKBOX_KINDS):
            yield CODE.at(
                slo.place.at("available", "probe"),
                f"Prometheus does not ask `{probe.name}`, which the SLO `{slo.name}` counts",
                help=_help(project, probe),
            )


def _help(project: Project, probe: Probe) -> str:
    if probe.kind not in BLACKBOX_KINDS:
        return f"count a probe that blackbox_exporter can ask: {', '.join(BLACKBOX_KINDS)}"
    if project.targets.blackbox is None:
        return "add `targets.blackbox`" + (" and `prometheus` to its `backends`" if probe.spec.backends else "")
    return "add `prometheus` to its `backends`"
