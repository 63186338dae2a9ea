"""The files of Jaeger.

jaeger/config.yaml                 pipelines and storage
jaeger/sampling-strategies.json    what clients are told to keep, where no collector decides
jaeger/ilm-policy.json             what deletes old traces in Elasticsearch
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.jaeger.capabilities import OLDEST, version_of
from skillforge_mon.backends.jaeger.configuration import STRATEGIES_PATH, asks_jaeger, configuration, strategies
from skillforge_mon.backends.jaeger.storage import (
    BACKEND,
    POLICY_PATH,
    TARGET_ID,
    lifecycle_policy,
    retention_verdict,
)
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Verdict
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.model.traces import ID, Traces
from skillforge_mon.spec.models.trace_targets import JaegerTarget

HEADER: Final = "Written by monmc. Do not edit: change the spec and build again."


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """Its files; none where the project keeps no traces in Jaeger."""
    target, traces = project.targets.jaeger, project.traces
    if target is None or traces is None or BACKEND not in traces.backends:
        return
    objects = (TARGET_ID, ID)
    content = configuration(project, traces, target)
    verdicts = (_verdict(project, traces, target),)
    yield Document(f"{BACKEND}/config.yaml", content, Format.YAML, objects, verdicts, header=HEADER)
    if asks_jaeger(project, traces):
        yield Document(STRATEGIES_PATH, strategies(traces), Format.JSON, objects)
    if target.storage.kind == "elasticsearch" and traces.retention is not None:
        yield Document(POLICY_PATH, lifecycle_policy(traces.retention), Format.JSON, objects)


def _verdict(project: Project, traces: Traces, target: JaegerTarget) -> Verdict:
    if version_of(target.version) >= OLDEST:
        return retention_verdict(project, target.storage, traces.retention)
    oldest = ".".join(map(str, OLDEST))
    return Verdict(
        BACKEND,
        TARGET_ID,
        Grade.UNTRANSLATABLE,
        f"Jaeger {target.version} does not read what monmc writes; {oldest} is the first that does",
        f'upgrade, and set `version` to "{oldest}" or later',
        "version",
    )
