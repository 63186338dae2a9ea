"""MON3660: a DSN of Sentry that stands in a spec."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_DSN = re.compile(r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[^\s/@]+(?:/[^\s/@]+)*/[0-9]+")
"""``https://PUBLIC_KEY@HOST/PROJECT``; old ones have a secret key as well. develop.sentry.dev/sdk/overview, "Parsing
the DSN"; getsentry/sentry, ``models.projectkey``, ``generate_api_key``"""

CODE = Code(
    "MON3660",
    "dsn-in-clear",
    Severity.ERROR,
    "A DSN of Sentry stands in the spec.",
    "Whoever has it can send events to the project, until its quota is used up.",
    bad=set_up_with(
        "team: shop\n",
        "team: shop\n    description: Sends to https://0123456789abcdef0123456789abcdef@o1.ingest.us.sentry.io/42\n",
    ),
    good=SET_UP,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every text of the spec."""
    for entry in project.root.entries.values():
        for node in _texts(entry.node):
            found = _DSN.search(str(node.value)) if "://" in str(node.value) else None
            if found is not None:
                yield CODE.at(
                    node.text_span(found.start(), found.end()),
                    "this is a DSN of Sentry",
                    help="take it out: the deployment gives it to the service as `SENTRY_DSN`; if it must not be known, "
                    "make a new key in Sentry and disable this one",
                )


def _texts(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, MappingNode):
        for entry in node.entries.values():
            yield from _texts(entry.node)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node.value, str):
        yield node
