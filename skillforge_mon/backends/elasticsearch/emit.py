"""Elasticsearch's files: templates, policies and pipelines as bodies of requests, and what Kibana imports.

    elasticsearch/component_templates/NAME.json   PUT _component_template/NAME
    elasticsearch/ilm_policies/NAME.json          PUT _ilm/policy/NAME
    elasticsearch/ingest_pipelines/NAME.json      PUT _ingest/pipeline/NAME
    elasticsearch/index_templates/NAME.json       PUT _index_template/NAME
    elasticsearch/kibana/NAME.ndjson              POST api/saved_objects/_import?overwrite=true
    elasticsearch/kibana/rules/NAME.json          POST api/alerting/rule/ID
    elasticsearch/kibana/apm/SERVICE.json         PUT api/apm/settings/agent-configuration?overwrite=true
    elasticsearch/apm/SERVICE.env                 the environment of a service with an agent of Elastic's

They are put in this order: a template names pipelines and policies, which must be there.
"""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.elasticsearch import naming, pipelines, templates
from skillforge_mon.backends.elasticsearch.apm import apm_documents
from skillforge_mon.backends.elasticsearch.kibana import kibana_document
from skillforge_mon.backends.elasticsearch.ownership import meta, server_name
from skillforge_mon.backends.elasticsearch.rules import rule_documents
from skillforge_mon.backends.elasticsearch.streams import (
    BACKEND,
    DataStream,
    data_streams,
    has_levels,
    streams_in_elasticsearch,
    usual_retention,
)
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.regex_dialects import UnsayableRegexError
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.log_targets import ElasticsearchTarget
from skillforge_mon.spec.models.retention import LOG_LEVELS


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """The files of ``project``; none when it has no such target."""
    target = project.targets.elasticsearch
    if target is None:
        return
    naming.report_version(project, target, report)
    streams = {stream: data_streams(project, stream) for stream in streams_in_elasticsearch(project)}
    naming.report_names(streams, report)
    naming.report_fields(streams, report)
    if streams:
        yield _shared(project, target, streams)
    if target.lifecycle == "ilm":
        yield from _policies(project, streams)
    for stream, of in streams.items():
        yield from _stream(project, target, stream, of)
    yield from kibana_document(project)
    yield from rule_documents(project)
    yield from apm_documents(project, target)


def _shared(
    project: Project, target: ElasticsearchTarget, streams: dict[LogStream, tuple[DataStream, ...]]
) -> Document:
    objects = tuple(stream.id for stream in streams)
    name = server_name(project, "logs")
    return _document("component_template", name, templates.shared_template(project, target), objects)


def _policies(project: Project, streams: dict[LogStream, tuple[DataStream, ...]]) -> Iterator[Document]:
    lengths: dict[str, list[str]] = {}
    retentions = {}
    for stream, of in streams.items():
        for each in of:
            name = templates.policy_name(project, each.retention)
            retentions[name] = each.retention
            lengths.setdefault(name, []).append(stream.id)
    for name, objects in lengths.items():
        body = templates.policy(project, retentions[name])
        yield _document("ilm_policy", name, body, tuple(dict.fromkeys(objects)))


def _stream(
    project: Project, target: ElasticsearchTarget, stream: LogStream, of: tuple[DataStream, ...]
) -> Iterator[Document]:
    """The pipeline of ``stream``, with its verdict, and its templates."""
    try:
        body: Plain = {
            "description": f"Lines of {stream.name}"
            + (f": {stream.spec.description}" if stream.spec.description else ""),
            "processors": pipelines.processors(stream, of),
            "on_failure": pipelines.on_failure(),
            "_meta": meta(project, stream.id),
        }
    except UnsayableRegexError as error:
        verdict = Verdict(BACKEND, stream.id, Grade.UNTRANSLATABLE, str(error), "write the expression without it")
        note = f"{stream.id} is not in Elasticsearch.\n{verdict.reason}\n{verdict.instead}\n"
        path = f"elasticsearch/untranslatable/{of[0].name}.txt"
        yield Document(path, note, Format.TEXT, (stream.id,), (verdict,))
        return
    yield _document("ingest_pipeline", of[0].name, body, (stream.id,), (_verdict(stream),))
    for each in of:
        template = templates.index_template(project, target, stream, each)
        yield _document("index_template", each.name, template, (stream.id,))


def _verdict(stream: LogStream) -> Verdict:
    differences = []
    usual = usual_retention(stream)
    apart = [level for level in LOG_LEVELS if stream.kept(level) not in {None, usual}]
    if apart and not has_levels(stream):
        differences.append(f"its lines have no level that can be read, so that all of them are kept for {usual}")
    if stream.spec.multiline is not None:
        differences.append("`multiline` is left to what sends the lines: Elasticsearch gets whole entries, or parts")
    if stream.spec.source.otlp:
        differences.append(
            "lines that come by OTLP have the fields that the exporter gives them: with its mapping mode `ecs` their "
            "level and text are read, and only the parts of `attributes` that it writes are found"
        )
    if not differences:
        return Verdict(BACKEND, stream.id, Grade.EXACT)
    return Verdict(BACKEND, stream.id, Grade.APPROXIMATE, "; ".join(differences))


def _document(
    kind: str, name: str, body: Plain, objects: tuple[str, ...], verdicts: tuple[Verdict, ...] = ()
) -> Document:
    folder = "ilm_policies" if kind == "ilm_policy" else f"{kind}s"
    path = f"elasticsearch/{folder}/{name}.json"
    return Document(path, body, Format.JSON, objects, verdicts, Resource(BACKEND, kind, name))
