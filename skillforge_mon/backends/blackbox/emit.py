"""``blackbox/blackbox.yml``: one module for each distinct check of the probes that Prometheus asks through it."""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.backends.blackbox.capabilities import version_of
from skillforge_mon.backends.blackbox.modules import module_of
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.probes import asked_by_exporter, probe_checks
from skillforge_mon.model.project import Project

TARGET_ID = "targets.blackbox"


def emit(project: Project, _lowering: Lowering, _report: Report) -> Iterable[Document]:
    """The configuration; also for a project without probes, as the exporter does not start without one."""
    target = project.targets.blackbox
    if target is None:
        return
    version = version_of(target.version)
    modules: dict[str, Plain] = {}
    verdicts = [Verdict("blackbox", TARGET_ID, Grade.EXACT)]
    for check in probe_checks(asked_by_exporter(project)):
        module = module_of(check.example, target, version)
        modules[check.name] = module.content
        verdicts += [module.verdict(probe) for probe in check.probes]
    objects = tuple(verdict.object_id for verdict in verdicts)
    yield Document(
        "blackbox/blackbox.yml", {"modules": modules}, Format.YAML, objects, tuple(verdicts), header=header(objects)
    )
