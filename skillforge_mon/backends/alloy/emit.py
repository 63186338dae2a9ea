"""The file of Alloy.

alloy/config.alloy      what is read, what is done to each line, where it goes

Every component is called after its stream; those that all streams share are called ``loki``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from skillforge_mon.backends.alloy.capabilities import OLDEST, version_of
from skillforge_mon.backends.alloy.flags import flags_file
from skillforge_mon.backends.alloy.sources import component_names, reading
from skillforge_mon.backends.alloy.stages import stage
from skillforge_mon.backends.alloy.syntax import Attribute, Block, Reference, attributes, component_labels, write_alloy
from skillforge_mon.backends.loki.address import CLIENT_FIELDS, report_references
from skillforge_mon.backends.loki.codes import WITHOUT_LOKI
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Verdict
from skillforge_mon.lower.log_pipeline import left_out, pipeline
from skillforge_mon.lower.loki_streams import is_read, streams_in_loki
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import secret_reference
from skillforge_mon.spec.models.log_targets import AlloyTarget, LokiTarget

BACKEND: Final = "alloy"
TARGET_ID: Final = "targets.alloy"
SHARED: Final = "loki"
PUSH: Final = "/loki/api/v1/push"
OTLP: Final = "/otlp"


def emit(project: Project, _lowering: Lowering, report: Report) -> Iterator[Document]:
    """The configuration; none without such a target, or without a Loki to send lines to."""
    target, loki = project.targets.alloy, project.targets.loki
    if target is None:
        return
    if loki is None:
        place = project.target_place(BACKEND)
        span = place.span if place is not None else None
        report.add(WITHOUT_LOKI.at(span, "Alloy has no Loki to send lines to", help="add `loki:` to `targets`"))
        return
    report_references(project, report, CLIENT_FIELDS, "Alloy")
    streams = [stream for stream in streams_in_loki(project) if is_read(stream)]
    by_otlp = [stream for stream in streams_in_loki(project) if stream.spec.source.otlp]
    objects = (TARGET_ID, *(stream.id for stream in (*streams, *by_otlp)))
    labels = component_labels(words for stream in streams for words in component_names(stream))
    blocks = [block for stream in streams for block in _of_stream(project, stream, labels)]
    if streams:
        blocks.append(_writing(target, loki))
    if by_otlp:
        blocks += _otlp(target, loki)
    yield Document(
        f"{BACKEND}/config.alloy",
        write_alloy(blocks, header(objects)),
        Format.TEXT,
        objects,
        (_target_verdict(target), *map(_verdict, (*streams, *by_otlp))),
    )
    yield from flags_file(target, (TARGET_ID,))


def _of_stream(project: Project, stream: LogStream, labels: Mapping[tuple[str, ...], str]) -> Iterator[Block]:
    stages = tuple(stage(step) for step in pipeline(project, stream))
    forward = Attribute("forward_to", [Reference(f"loki.write.{SHARED}.receiver")])
    process = Block("loki.process", (forward, *stages), labels[stream.name,])
    found = list(reading(stream, process.export("receiver"), labels))
    for number, block in enumerate(found):
        if number:
            yield block
        else:
            yield Block(block.name, block.body, block.label, stream.spec.description or f"Lines of {stream.name}.")
    yield process


def _writing(target: AlloyTarget, loki: LokiTarget) -> Block:
    body: list[Attribute | Block] = [Attribute("url", loki.url.rstrip("/") + PUSH)]
    if loki.tenant is not None:
        body.append(Attribute("tenant_id", loki.tenant))
    if loki.username is not None:
        login = [Attribute("username", loki.username)]
        password = secret_reference(loki.password)
        if password is not None:
            login.append(Attribute("password_file", password.file_in(target.secrets_dir)))
        body.append(Block("basic_auth", tuple(login)))
    return Block("loki.write", (Block("endpoint", tuple(body)),), SHARED)


def _otlp(target: AlloyTarget, loki: LokiTarget) -> Iterator[Block]:
    """What applications send goes on to Loki as it is (Grafana Alloy, "otelcol.exporter.otlphttp")."""
    client: list[Attribute | Block] = [Attribute("endpoint", loki.url.rstrip("/") + OTLP)]
    if loki.tenant is not None:
        client.append(Attribute("headers", {"X-Scope-OrgID": loki.tenant}))
    login: Block | None = None
    password = secret_reference(loki.password)
    if loki.username is not None and password is not None:
        file = Block(
            "local.file",
            attributes(filename=password.file_in(target.secrets_dir), is_secret=True),
            "loki_password",
        )
        yield file
        login = Block("otelcol.auth.basic", attributes(username=loki.username, password=file.export("content")), SHARED)
        yield login
        client.append(Attribute("auth", login.export("handler")))
    exporter = Block("otelcol.exporter.otlphttp", (Block("client", tuple(client)),), SHARED)
    batch = Block("otelcol.processor.batch", (Block("output", attributes(logs=[exporter.export("input")])),), SHARED)
    yield Block(
        "otelcol.receiver.otlp",
        (
            Block("grpc", attributes(endpoint="0.0.0.0:4317")),
            Block("http", attributes(endpoint="0.0.0.0:4318")),
            Block("output", attributes(logs=[batch.export("input")])),
        ),
        SHARED,
        "Applications send their lines here.",
    )
    yield batch
    yield exporter


def _target_verdict(target: AlloyTarget) -> Verdict:
    if version_of(target.version) < OLDEST:
        reason = f"Alloy {target.version} has not all components that are written"
        return Verdict(BACKEND, TARGET_ID, Grade.UNTRANSLATABLE, reason, "Alloy 1.4 or later", "version")
    return Verdict(BACKEND, TARGET_ID, Grade.EXACT)


def _verdict(stream: LogStream) -> Verdict:
    found = left_out(stream)
    if found is not None:
        return Verdict(BACKEND, stream.id, Grade.APPROXIMATE, found.reason, found.instead, found.field)
    return Verdict(BACKEND, stream.id, Grade.EXACT)
