"""Files of logs: ``datadog/logs/pipelines``, ``scanner`` and ``indexes``, and the lists that say in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.kinds import ORDER_KEY
from skillforge_mon.backends.datadog.logs import codes
from skillforge_mon.backends.datadog.logs.indexes import LONGEST_NAME, body, indexes
from skillforge_mon.backends.datadog.logs.masks import mask_documents
from skillforge_mon.backends.datadog.logs.pipelines import pipeline
from skillforge_mon.backends.datadog.logs.searches import streams_in_datadog
from skillforge_mon.backends.datadog.monitors import object_name
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.diagnostics.diagnostic import Label, Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.documents.references import reference, references_in
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project


def log_documents(project: Project, slugs: Mapping[str, str], report: Report) -> Iterator[Document]:
    """The files of every stream in Datadog, then the orders; the pipeline carries the verdict of its stream."""
    pipelines: list[str] = []
    names: list[str] = []
    owners: dict[str, LogStream] = {}
    for stream in streams_in_datadog(project):
        differences = Differences(stream.id)
        path = f"datadog/logs/pipelines/{slugs[stream.name]}.json"
        try:
            read = pipeline(project, stream, object_name(project, stream.name), differences)
            masks = list(mask_documents(project, stream, object_name(project, stream.name), slugs[stream.name]))
            made = [(each, body(project, stream, each, differences)) for each in indexes(project, stream, differences)]
        except Untranslatable as stop:
            verdict = Verdict(BACKEND, stream.id, Grade.UNTRANSLATABLE, stop.reason, stop.instead)
            text = f"{stream.id} is not in Datadog.\n{stop.reason}\n{stop.instead}\n"
            path = f"datadog/untranslatable/logs-{slugs[stream.name]}.txt"
            yield Document(path, text, Format.TEXT, (stream.id,), (verdict,))
            continue
        pipelines.append(stream.id)
        verdicts = (differences.verdict,)
        yield Document(path, read, Format.JSON, (stream.id,), verdicts, Resource(BACKEND, "log_pipeline", stream.id))
        yield from masks
        for each, content in made:
            if not _usable(each.name, stream, owners, report):
                continue
            names.append(each.name)
            path = f"datadog/logs/indexes/{each.name}.json"
            resource = Resource(BACKEND, "log_index", f"logs.{each.name}")
            yield Document(path, content, Format.JSON, (stream.id,), (), resource)
    if pipelines:
        references: Plain = {"pipeline_ids": [reference("log_pipeline", key) for key in pipelines]}
        yield _order(project, "log_pipeline_order", "pipelines", references)
    if names:
        yield _order(project, "log_index_order", "indexes", {"index_names": list(names)})


def _order(project: Project, kind: str, name: str, content: Plain) -> Document:
    """Only ours, in the order of the spec; on a push they keep the places among all others that they have."""
    ids = tuple(stream.id for stream in streams_in_datadog(project))
    resource = Resource(BACKEND, kind, ORDER_KEY, references_in(content))
    return Document(f"datadog/logs/order/{name}.json", content, Format.JSON, ids, (), resource)


def _usable(name: str, stream: LogStream, owners: dict[str, LogStream], report: Report) -> bool:
    """False, and a report, for a name that is another stream's, or is none."""
    first = owners.setdefault(name, stream)
    if first is not stream:
        report.add(
            codes.INDEX_NAME_TAKEN.at(
                stream.place.at("index", "name"),
                f"the lines of `{first.name}` and `{stream.name}` go to one index, `{name}`",
                secondary=(Label(first.place.span, "the other stream"),),
                help="write another `index: {name: …}`",
            )
        )
        return False
    if len(name) > LONGEST_NAME or not name[:1].isalpha():
        report.add(
            codes.INDEX_NAME_UNUSABLE.at(
                stream.place.at("index", "name"),
                f"`{name}` is no name of an index: it begins with a letter, and has at most {LONGEST_NAME} characters",
                help="write `index: {name: …}`",
            )
        )
        return False
    return True
