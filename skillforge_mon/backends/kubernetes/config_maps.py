"""Files of the tree as ConfigMaps, made by kustomize from the very files, and seen by programs under their own paths.

kustomize appends a digest of its content to each name, also where it is named: a program whose file has changed is
started anew with the new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from skillforge_mon.backends.deployment.deployed import Deployed
from skillforge_mon.backends.kubernetes.capabilities import TREE, object_name
from skillforge_mon.documents.document import Document, Plain

_LARGE: Final = ("prometheus/rules/", "grafana/dashboards/")
"""Folders whose files may fill a ConfigMap each."""
_NOT_READ: Final = ".flags"
"""What the names of files end with that the command line has already."""


@dataclass(frozen=True, slots=True)
class ConfigMap:
    """A ConfigMap of files of the tree; each file's key is its own name."""

    name: str
    paths: tuple[str, ...]

    def generator(self) -> Plain:
        """The entry of ``configMapGenerator`` in the kustomization at the root of the tree."""
        return {"name": self.name, "files": list(self.paths)}

    def source(self, below: str) -> Plain:
        """A source of a projected volume that shows the files under their paths below the folder ``below``."""
        items: list[Plain] = [
            {"key": PurePosixPath(path).name, "path": path.removeprefix(below)} for path in self.paths
        ]
        return {"configMap": {"name": self.name, "items": items}}


def config_maps(documents: Iterable[Document]) -> tuple[ConfigMap, ...]:
    """The ConfigMaps of ``documents``: one for each folder, and one for each file that may be large."""
    groups: dict[str, list[str]] = {}
    for document in documents:
        path = document.path
        if path.endswith(_NOT_READ):
            continue
        alone = path.startswith(_LARGE)
        folder = str(PurePosixPath(path).parent)
        groups.setdefault(object_name((path if alone else folder).replace("/", "-")), []).append(path)
    return tuple(ConfigMap(name, tuple(sorted(paths))) for name, paths in sorted(groups.items()))


def config_volumes(deployed: Deployed) -> tuple[list[Plain], list[Plain]]:
    """The volumes that show ``deployed`` its files, and where they are mounted."""
    volumes: list[Plain] = []
    mounts: list[Plain] = []
    shown = {TREE: ("", config_maps(deployed.reads))}
    for folder in deployed.folders:
        shown[folder.at] = (folder.below, config_maps(folder.documents))
    for number, (at, (below, maps)) in enumerate(shown.items()):
        if maps:
            name = "tree" if number == 0 else f"files-{number}"
            volumes.append({"name": name, "projected": {"sources": [each.source(below) for each in maps]}})
            mounts.append({"name": name, "mountPath": at, "readOnly": True})
    return volumes, mounts
