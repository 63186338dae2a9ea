"""The configuration of the OpenTelemetry Collector.

collector/config.yaml     what it takes, does to it, and hands on
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.collector.capabilities import OLDEST, version_of
from skillforge_mon.backends.collector.configuration import configuration
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Verdict
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import ID, Traces
from skillforge_mon.spec.models.trace_targets import CollectorTarget

BACKEND: Final = "collector"
TARGET_ID: Final = "targets.collector"
HEADER: Final = "Written by monmc. Do not edit: change the spec and build again."


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """Its one file; none where the project has no such target or no traces for it."""
    target, traces = project.targets.collector, project.traces
    if target is None or traces is None or not traces.stores:
        return
    content = configuration(project, traces, target)
    verdicts = (_verdict(traces, target),)
    yield Document(f"{BACKEND}/config.yaml", content, Format.YAML, (TARGET_ID, ID), verdicts, header=HEADER)


def _verdict(traces: Traces, target: CollectorTarget) -> Verdict:
    if version_of(target.version) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return Verdict(
            BACKEND,
            TARGET_ID,
            Grade.UNTRANSLATABLE,
            f"collector {target.version} does not know what monmc writes; {oldest} is the first that does",
            f'upgrade, and set `version` to "{oldest}" or later',
            "version",
        )
    if target.replicas > 1 and not traces.all_are_kept:
        return Verdict(
            BACKEND,
            TARGET_ID,
            Grade.APPROXIMATE,
            "whether a trace is kept is decided by its spans, all of which must reach one collector; "
            f"with {target.replicas} each decides by the spans that it has",
            "one collector, or collectors with the exporter `load_balancing` by trace in front of these",
            "replicas",
        )
    return Verdict(BACKEND, TARGET_ID, Grade.EXACT)
