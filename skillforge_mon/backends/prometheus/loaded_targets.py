"""The targets that Prometheus has read from files (``/api/v1/targets``), against the target files of a build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from skillforge_mon.backends.prometheus.scrape_jobs import TARGETS
from skillforge_mon.documents.document import Document
from skillforge_mon.remote.api import Difference

_ADDRESS: Final = "__address__"
_FILE: Final = "__meta_filepath"
"""Where file discovery says which file a target came from (discovery/file/file.go)."""

Files = dict[str, dict[str, dict[str, str]]]
"""Name of the file -> address -> labels. A target that stands in two groups of a file is told apart by its labels."""


def target_differences(documents: Iterable[Document], answer: Mapping[str, Any]) -> Iterator[Difference]:
    """Targets that the server has, and the files of the build do not name, or the other way round, file by file."""
    written, loaded = _written(documents), _loaded(answer)
    for name in sorted(written):
        live, wanted = loaded.get(name, {}), written[name]
        if live != wanted:
            yield Difference("targets", name, live, wanted)


def _written(documents: Iterable[Document]) -> Files:
    files: Files = {}
    for document in documents:
        path = PurePosixPath(document.path)
        if path.parent.name != TARGETS:
            continue
        found = files.setdefault(path.name, {})
        groups: Any = document.content
        for group in groups:
            labels = _without_job(group["labels"], path.stem)
            for address in group["targets"]:
                found[_name(address, labels, found)] = labels
    return files


def _loaded(answer: Mapping[str, Any]) -> Files:
    files: Files = {}
    for target in [*answer.get("activeTargets", []), *answer.get("droppedTargets", [])]:
        discovered = target["discoveredLabels"]
        if _FILE not in discovered:
            continue
        found = files.setdefault(PurePosixPath(discovered[_FILE].replace("\\", "/")).name, {})
        pool = target.get("scrapePool", discovered.get("job"))
        labels = _without_job({key: value for key, value in discovered.items() if not key.startswith("__")}, pool)
        found[_name(discovered[_ADDRESS], labels, found)] = labels
    return files


def _without_job(labels: Mapping[str, str], job: str) -> dict[str, str]:
    """The labels in order, without the job's own name, which the server adds to every target."""
    return {key: value for key, value in sorted(labels.items()) if (key, value) != ("job", job)}


def _name(address: str, labels: Mapping[str, str], taken: Mapping[str, Mapping[str, str]]) -> str:
    """The address, with its labels where the same address stands there with others already."""
    if taken.get(address, labels) == labels:
        return address
    return f"{address} {dict(labels)}"
