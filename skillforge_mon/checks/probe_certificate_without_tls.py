"""MON3603: a probe that is to watch a certificate, and speaks no TLS."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Probe, Project

CODE = Code(
    "MON3603",
    "certificate-without-tls",
    Severity.ERROR,
    "A probe is to tell of a certificate before it ends, and speaks no TLS.",
    "It never sees a certificate, so nobody would ever be told.",
    bad=changed(("https://shop.example/", "http://shop.example/"), text=PROBE),
    good=PROBE,
)
_TLS = {
    "http": "begin the address with https://",
    "tcp": "add `tls: true`, or a step with `starttls: true`",
    "grpc": "add `tls: true`",
}


def check(project: Project) -> Iterator[Diagnostic]:
    """Every probe with `certificate`."""
    for probe in project.probes.values():
        if probe.kind in _TLS and probe.spec.certificate and not _speaks_tls(probe):
            yield CODE.at(
                probe.place.key_at(probe.kind, "certificate"),
                f"`{probe.name}` watches a certificate, and speaks no TLS",
                help=f"{_TLS[probe.kind]}, or take `certificate` out",
            )


def _speaks_tls(probe: Probe) -> bool:
    spec = probe.spec
    if spec.http is not None:
        return spec.http.is_https
    if spec.tcp is not None:
        return spec.tcp.has_tls
    return spec.grpc is not None and spec.grpc.tls.enabled
