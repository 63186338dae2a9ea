"""The file of Promtail.

promtail/promtail.yaml      what is read, what is done to each line, where it goes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.loki.address import CLIENT_FIELDS, report_references
from skillforge_mon.backends.loki.codes import WITHOUT_LOKI
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.backends.promtail.capabilities import END_OF_LIFE as ENDED
from skillforge_mon.backends.promtail.codes import END_OF_LIFE, TWO_COLLECTORS
from skillforge_mon.backends.promtail.sources import jobs
from skillforge_mon.backends.promtail.stages import stage
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.lower.log_pipeline import left_out, pipeline
from skillforge_mon.lower.loki_streams import streams_in_loki
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import secret_reference
from skillforge_mon.spec.models.log_targets import LokiTarget, PromtailTarget

BACKEND: Final = "promtail"
TARGET_ID: Final = "targets.promtail"
PUSH: Final = "/loki/api/v1/push"


def emit(project: Project, _lowering: Lowering, report: Report) -> Iterator[Document]:
    """The configuration; none without such a target, or without a Loki to send lines to."""
    target, loki = project.targets.promtail, project.targets.loki
    if target is None:
        return
    _report(project, report)
    if loki is None:
        place = project.target_place(BACKEND)
        span = place.span if place is not None else None
        report.add(WITHOUT_LOKI.at(span, "Promtail has no Loki to send lines to", help="add `loki:` to `targets`"))
        return
    report_references(project, report, CLIENT_FIELDS, "Promtail")
    streams = [stream for stream in streams_in_loki(project) if not stream.spec.source.otlp]
    scraped: list[Plain] = []
    for stream in streams:
        scraped += jobs(stream, [stage(step) for step in pipeline(project, stream)])
    objects = (TARGET_ID, *(stream.id for stream in streams))
    config: dict[str, Plain] = {
        "server": {"http_listen_port": 9080, "grpc_listen_port": 0},
        "positions": {"filename": target.positions},
        "clients": [_client(target, loki)],
        "scrape_configs": scraped,
    }
    verdicts = (Verdict(BACKEND, TARGET_ID, Grade.EXACT), *map(_verdict, streams))
    path = f"{BACKEND}/promtail.yaml"
    yield Document(path, config, Format.YAML, objects, verdicts, header=header(objects))


def _report(project: Project, report: Report) -> None:
    place = project.target_place(BACKEND)
    span = place.span if place is not None else None
    if project.targets.alloy is not None:
        report.add(
            TWO_COLLECTORS.at(
                span, "both Alloy and Promtail would read every line", help="take `promtail` out of `targets`"
            )
        )
        return
    report.add(
        END_OF_LIFE.at(
            span,
            f"Promtail has reached the end of its life on {ENDED}",
            help="write `alloy:` for `promtail:`; it goes on reading where you tell it to",
        )
    )


def _client(target: PromtailTarget, loki: LokiTarget) -> dict[str, Plain]:
    client: dict[str, Plain] = {"url": loki.url.rstrip("/") + PUSH}
    if loki.tenant is not None:
        client["tenant_id"] = loki.tenant
    if loki.username is not None:
        login: dict[str, Plain] = {"username": loki.username}
        password = secret_reference(loki.password)
        if password is not None:
            login["password_file"] = password.file_in(target.secrets_dir)
        client["basic_auth"] = login
    return client


def _verdict(stream: LogStream) -> Verdict:
    found = left_out(stream)
    if found is not None:
        return Verdict(BACKEND, stream.id, Grade.APPROXIMATE, found.reason, found.instead, found.field)
    return Verdict(BACKEND, stream.id, Grade.EXACT)
