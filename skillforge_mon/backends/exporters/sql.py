"""The configuration of sql_exporter: one file for the exporter, and one for each collector."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.backends.exporters.capabilities import (
    BACKEND,
    COLLECTOR_SUFFIX,
    ENVIRONMENT_FILE,
    SQL_COLLECTORS_DELIMITER,
    SQL_COLLECTORS_VARIABLE,
    SQL_DSN_VARIABLE,
    SQL_FILE,
)
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.model.secrets import secret_reference
from skillforge_mon.spec.models.exporters import SqlCollector, SqlExporter, SqlMetric


def sql_documents(name: str, exporter: SqlExporter) -> Iterator[Document]:
    """The files of the exporter ``name``, below ``exporters/NAME``.

    A connection that is a secret reference never stands in a file: ``environment.sh`` reads it from the secret's file
    into the variable that sql_exporter takes it from.
    """
    object_id = f"exporters.{name}"
    folder = f"{BACKEND}/{name}"
    reference = secret_reference(exporter.connection)
    config: dict[str, Plain] = {"global": {}, "collector_files": [f"*{COLLECTOR_SUFFIX}"]}
    if reference is None:
        config["target"] = {"data_source_name": exporter.connection, "collectors": list(exporter.collectors)}
    verdict = Verdict(BACKEND, object_id, Grade.EXACT)
    yield Document(f"{folder}/{SQL_FILE}", config, Format.YAML, (object_id,), (verdict,), header=header([object_id]))
    for key, collector in exporter.collectors.items():
        path = f"{folder}/{key}{COLLECTOR_SUFFIX}"
        yield Document(path, _collector(key, collector), Format.YAML, (object_id,), header=header([object_id]))
    if reference is not None:
        text = _environment(exporter, reference.file_in(exporter.secrets_dir))
        yield Document(f"{folder}/{ENVIRONMENT_FILE}", text, Format.TEXT, (object_id,))


def _collector(name: str, collector: SqlCollector) -> dict[str, Plain]:
    config: dict[str, Plain] = {"collector_name": name}
    if collector.interval is not None:
        config["min_interval"] = str(collector.interval)
    return config | {"metrics": [_metric(key, metric) for key, metric in collector.metrics.items()]}


def _metric(name: str, metric: SqlMetric) -> dict[str, Plain]:
    config: dict[str, Plain] = {"metric_name": name, "type": metric.type, "help": metric.help}
    if metric.labels:
        config["key_labels"] = list(metric.labels)
    return config | {"values": [metric.value], "query": metric.query}


def _environment(exporter: SqlExporter, file: str) -> str:
    """What a shell reads before it starts the exporter: ``. environment.sh && exec sql_exporter …``."""
    collectors = SQL_COLLECTORS_DELIMITER.join(exporter.collectors)
    return (
        "# Written by monmc. Read it before sql_exporter starts: `. ./environment.sh`.\n"
        f"export {SQL_COLLECTORS_VARIABLE}='{collectors}'\n"
        f'{SQL_DSN_VARIABLE}="$(cat {_quoted(file)})"\n'
        f"export {SQL_DSN_VARIABLE}\n"
    )


def _quoted(file: str) -> str:
    return "'" + file.replace("'", "'\\''") + "'"
