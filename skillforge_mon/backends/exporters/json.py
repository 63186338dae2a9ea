"""The configuration of json_exporter: a module for each document."""

from __future__ import annotations

from skillforge_mon.backends.exporters.capabilities import BACKEND, JSON_FILE
from skillforge_mon.backends.prometheus.credentials import credentials
from skillforge_mon.backends.prometheus.header import header
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Verdict
from skillforge_mon.spec.models.exporters import JsonExporter, JsonMetric, JsonModule


def json_document(name: str, exporter: JsonExporter) -> Document:
    """The file of the exporter ``name``."""
    object_id = f"exporters.{name}"
    modules = {key: _module(module, exporter.secrets_dir) for key, module in exporter.modules.items()}
    bad = next(
        (
            metric
            for module in exporter.modules.values()
            for metric, spec in module.metrics.items()
            if spec.each is not None and "_" not in metric.strip("_")
        ),
        "",
    )
    verdict = Verdict(BACKEND, object_id, Grade.EXACT)
    if bad:
        reason = f"json_exporter makes the name of a metric of several objects from two words, and `{bad}` is one"
        verdict = Verdict(BACKEND, object_id, Grade.UNTRANSLATABLE, reason, f"`{bad}_value`, for example", "json")
    path = f"{BACKEND}/{name}/{JSON_FILE}"
    return Document(path, {"modules": modules}, Format.YAML, (object_id,), (verdict,), header=header([object_id]))


def _module(module: JsonModule, secrets_dir: str) -> dict[str, Plain]:
    config: dict[str, Plain] = {}
    if module.headers:
        config["headers"] = dict(module.headers)
    client = credentials(secrets_dir, module.bearer_token, module.username, module.password)
    if client:
        config["http_client_config"] = client
    return config | {"metrics": [_metric(name, metric) for name, metric in module.metrics.items()]}


def _metric(name: str, metric: JsonMetric) -> dict[str, Plain]:
    """One metric. Of several objects, its name is that of the metric and that of the value, joined by ``_``."""
    labels: dict[str, Plain] = {"labels": dict(metric.labels)} if metric.labels else {}
    if metric.each is None:
        return {"name": name, "valuetype": metric.type, "help": metric.help, "path": metric.path} | labels
    stem, _, last = name.rpartition("_")
    values: dict[str, Plain] = {last or name: metric.path}
    config: dict[str, Plain] = {"name": stem or name, "type": "object", "valuetype": metric.type, "help": metric.help}
    return config | {"path": metric.each} | labels | {"values": values}
