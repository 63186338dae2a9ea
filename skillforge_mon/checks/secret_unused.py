"""MON6002: an entry of ``secrets`` that nothing refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import references_in
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, SequenceNode

_TEAM = 'teams:\n  shop: {pagerduty: {routing_key: "${secret:PAGERDUTY_KEY}"}}\n'
CODE = Code(
    "MON6002",
    "unused-secret",
    Severity.WARNING,
    "`secrets` says where a secret comes from that nothing refers to.",
    "A slip in its name would be found only by a push; and what is not needed should not be within reach.",
    bad=HEAD + _TEAM + "secrets:\n  PAGER_DUTY_KEY: {file: /run/secrets/pagerduty}\n",
    good=HEAD + _TEAM + "secrets:\n  PAGERDUTY_KEY: {file: /run/secrets/pagerduty}\n",
)
_DEFAULT = re.compile(r"default: the variable `(\w+)`")
"""How the description of a target's key names the variable that stands in for it."""


def check(project: Project) -> Iterator[Diagnostic]:
    """The entries whose name is in no reference, and is not that of a credential which a target takes by default."""
    section = project.root.get("secrets")
    if not isinstance(section, MappingNode) or not section.entries:
        return
    used = default_credentials(project)
    for key, entry in project.root.entries.items():
        if key != "secrets":
            used |= _names(entry.node)
    for name, entry in section.entries.items():
        if name not in used:
            yield CODE.at(
                entry.key_span,
                f"nothing refers to the secret `{name}`",
                help="take it away, or move it to the environment that uses it",
            )


def default_credentials(project: Project) -> set[str]:
    """The secrets that the targets of ``project`` need without naming them."""
    targets = (getattr(project.targets, name, None) for name in project.backends)
    fields = (
        field
        for target in targets
        if target is not None
        for key, field in type(target).model_fields.items()
        if getattr(target, key) is None
    )
    return {variable for field in fields for variable in _DEFAULT.findall(field.description or "")}


def _names(node: Node) -> set[str]:
    if isinstance(node, MappingNode):
        return set().union(*(_names(entry.node) for entry in node.entries.values()))
    if isinstance(node, SequenceNode):
        return set().union(*map(_names, node.items))
    if not isinstance(node.value, str):
        return set()
    return {reference.name for reference in references_in(node.value) if reference.kind == "secret"}
