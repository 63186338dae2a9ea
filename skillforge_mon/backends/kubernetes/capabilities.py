"""What Kubernetes and kustomize take.

Sources: Kubernetes API reference 1.30 to 1.37 (the fields used here are in all of them); "Pod Security Standards",
restricted; kustomize, "configMapGenerator" and "components". A ConfigMap holds at most 1 MiB ("ConfigMaps"), so every
rule file and every dashboard has one of its own.
"""

from __future__ import annotations

import re
from typing import Final

from skillforge_mon.backends.output import Output

BACKEND: Final = "kubernetes"
OBJECT: Final = "deploy.kubernetes"
TREE: Final = "/monmc"
"""Where programs see the files of the tree: with the same paths, so that one file finds another."""
BASE: Final = f"{BACKEND}/base"
_UNITS: Final = (("Gi", 2**30), ("Mi", 2**20), ("Ki", 2**10))
_OTHER: Final = re.compile(r"[^a-z0-9.-]+")
_LONGEST_LABEL: Final = 63


def size_text(size: int) -> str:
    """Bytes as Kubernetes reads them ("Resource Management", "Memory resource units"), exact."""
    for unit, factor in _UNITS:
        if size and size % factor == 0:
            return f"{size // factor}{unit}"
    return str(size)


def label_value(text: str) -> str:
    """``text`` as the value of a label: at most 63 characters, a letter or digit at both ends."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", text)[:_LONGEST_LABEL].strip("-_.")


def object_name(text: str) -> str:
    """``text`` as the name of an object: lower case, digits, ``-`` and ``.``."""
    return _OTHER.sub("-", text.lower().replace("_", "-")).strip("-.")


OUTPUTS: Final = (
    Output(
        "a kustomize base, and patches for workloads",
        ("deploy", "targets", "services", "exporters", "traces"),
        "kubernetes/base/*.yaml",
        ("tests/backends/kubernetes",),
        "monmc build",
    ),
    Output(
        "resources of prometheus-operator",
        ("deploy", "alerts", "slos", "probes"),
        "kubernetes/operator/*",
        ("tests/backends/kubernetes",),
        "monmc build",
    ),
    Output(
        "DatadogAgent and Helm values",
        ("deploy", "services"),
        "kubernetes/datadog/*",
        ("tests/backends/kubernetes",),
        "monmc build",
        "the operator's own schema judges the DatadogAgent; the values of the chart are held against no schema",
    ),
)
"""What it writes."""
