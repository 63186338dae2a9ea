"""The metric catalogues of well-known exporters that come with monmc (``use: [node, postgres]``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from skillforge_mon.query.series import metric_and_series

_PACKAGE = "skillforge_mon.query"
_FOLDER = "catalogues"


@dataclass(frozen=True, slots=True, eq=False)
class PackagedCatalogue:
    """What one exporter exports: ``metrics`` has the fields of the language's ``metrics`` as plain data.

    ``includes`` are catalogues that it brings along: every exporter written in Go exports what its client library does.
    Metrics whose names fit one of ``open_labels`` (shell patterns) carry labels that each installation chooses.
    """

    name: str
    exporter: str
    version: str
    includes: tuple[str, ...]
    open_labels: tuple[str, ...]
    metrics: Mapping[str, Mapping[str, Any]]
    types: Mapping[str, str]


@cache
def packaged_names() -> tuple[str, ...]:
    """The names that ``use`` takes, sorted."""
    folder = files(_PACKAGE) / _FOLDER
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


@cache
def packaged_catalogue(name: str) -> PackagedCatalogue:
    """The catalogue ``name``, which must be one of ``packaged_names()``."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (files(_PACKAGE) / _FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, loader)  # noqa: S506 - both loaders are safe ones
    metrics = content["metrics"]
    types = {metric: fields["type"] for metric, fields in metrics.items()}
    return PackagedCatalogue(
        name=name,
        exporter=content["exporter"],
        version=content["version"],
        includes=tuple(content.get("includes", ())),
        open_labels=tuple(content.get("open_labels", ())),
        metrics=metrics,
        types=types,
    )


def with_included(names: Iterable[str]) -> list[PackagedCatalogue]:
    """The catalogues ``names`` and those that they include, each once."""
    found: dict[str, PackagedCatalogue] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = packaged_catalogue(name)
            waiting += found[name].includes
    return list(found.values())


def packaged_with(metric: str) -> str:
    """The name of a catalogue that has the series ``metric``, or "". Reads all of them."""
    for name in packaged_names():
        if metric_and_series(metric, packaged_catalogue(name).types) is not None:
            return name
    return ""
