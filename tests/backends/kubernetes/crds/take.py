"""Takes the schemas from the sources of both operators: ``python -m tests.backends.kubernetes.crds.take FOLDER FOLDER``."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.backends.kubernetes.crds.schemas import FILE

PROMETHEUS = ("servicemonitors", "podmonitors", "probes", "prometheusrules", "scrapeconfigs", "alertmanagerconfigs")


class _Loader(yaml.SafeLoader):
    """Reads ``=`` as a text, as YAML 1.2 does."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


def _schemas(path: Path) -> Iterator[tuple[str, Any]]:
    definition = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)["spec"]  # noqa: S506 - a safe one
    for version in definition["versions"]:
        name = f"{definition['group']}/{version['name']}/{definition['names']['kind']}"
        yield name, _bare(version["schema"]["openAPIV3Schema"])


def _bare(schema: Any, *, names: bool = False) -> Any:
    """Without descriptions; ``names`` says that the keys are names of fields, one of which may be ``description``."""
    if isinstance(schema, dict):
        return {
            key: _bare(value, names=key == "properties" and not names)
            for key, value in schema.items()
            if names or key != "description"
        }
    return [_bare(item) for item in schema] if isinstance(schema, list) else schema


def _taken(prometheus: Path, datadog: Path) -> Iterator[tuple[str, Any]]:
    for kind in PROMETHEUS:
        yield from _schemas(prometheus / "example/prometheus-operator-crd" / f"monitoring.coreos.com_{kind}.yaml")
    agents = dict(_schemas(datadog / "config/crd/bases/v1/datadoghq.com_datadogagents.yaml"))
    yield "datadoghq.com/v2alpha1/DatadogAgent", agents["datadoghq.com/v2alpha1/DatadogAgent"]


if __name__ == "__main__":
    text = json.dumps(dict(_taken(*map(Path, sys.argv[1:3]))), separators=(",", ":"), sort_keys=True)
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))
