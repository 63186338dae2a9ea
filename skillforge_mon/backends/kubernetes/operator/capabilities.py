"""What prometheus-operator takes, as of 0.93, and what it has no field for.

Sources: pkg/apis/monitoring/v1 (PrometheusRule, ServiceMonitor, PodMonitor, Probe) and v1alpha1 (ScrapeConfig,
AlertmanagerConfig) of prometheus-operator/prometheus-operator. The bundle of CRDs serves AlertmanagerConfig as v1alpha1
alone. Its time intervals have no time zone, its receivers no Jira, and it can bring no template files. Basic
authentication takes the user's name from a Secret too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import SecretReference

V1: Final = "monitoring.coreos.com/v1"
V1ALPHA1: Final = "monitoring.coreos.com/v1alpha1"


class NotSaidError(Exception):
    """No field says it: ``args`` are what is meant and what to do instead."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The Secret that has every key, and the references of the spec, by which paths of files are read back."""

    name: str
    references: tuple[SecretReference, ...]

    def key_of(self, path: Plain) -> Plain:
        """The key selector of the secret that a file configuration reads from ``path``."""
        file = PurePosixPath(str(path)).name
        key = next(each.name for each in self.references if PurePosixPath(each.file_in("/")).name == file)
        return {"name": self.name, "key": key}


def as_map(value: Plain) -> Mapping[str, Any]:
    """``value``, which is a map."""
    assert isinstance(value, Mapping)  # noqa: S101 - the files are our own
    return value
