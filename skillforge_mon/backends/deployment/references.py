"""Which secrets a program needs, read off the configuration that was written for it.

What the emitters wrote is the truth: a path below the target's ``secrets_dir`` is a file that must be there, and a
variable that a file names must be set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from skillforge_mon.backends.environment_variables import variable
from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import SecretReference, references_in
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, SequenceNode

_VARIABLE: Final = re.compile(
    r"\$(?:__env)?\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}|sys\.env\(\"([A-Za-z_][A-Za-z0-9_]*)\"\)"
)
"""How configuration names variables: Grafana's provisioning, Loki and Tempo, Jaeger and the collector, Alloy."""


def all_references(project: Project) -> tuple[SecretReference, ...]:
    """Every reference of the spec, each once."""
    return tuple(dict.fromkeys(_within(project.root)))


def _within(node: Node) -> Iterator[SecretReference]:
    if isinstance(node, MappingNode):
        for entry in node.entries.values():
            yield from _within(entry.node)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _within(item)
    elif isinstance(node.value, str):
        yield from references_in(node.value)


def secret_files(
    documents: Iterable[Document], folder: str, references: Iterable[SecretReference]
) -> dict[str, SecretReference]:
    """The files below ``folder`` that ``documents`` name, each with its secret, in the order of their paths."""
    known = {reference.file_in(folder): reference for reference in references}
    named = {text for document in documents for text in _texts(document.content) if text in known}
    return {path: known[path] for path in sorted(named)}


def secret_variables(
    documents: Iterable[Document], references: Iterable[SecretReference]
) -> dict[str, SecretReference]:
    """The variables that ``documents`` name and the spec knows as secrets, in the order of their names."""
    known = {variable(reference): reference for reference in references}
    found = {
        match[1] or match[2]
        for document in documents
        for text in _texts(document.content)
        if "{" in text or "sys.env" in text
        for match in _VARIABLE.finditer(text)
    }
    return {name: known[name] for name in sorted(found & known.keys())}


def _texts(content: Plain) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, Iterable):
        for value in content:
            yield from _texts(value)
