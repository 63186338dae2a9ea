"""What a ruler does to a group that it is given, and how a group says whose it is.

A group has no field for a text of ours. So its name says whose it is, in the end of it, where everyone who looks at the
rules sees it: ``backend (monmc shop production)``.

The ruler keeps a group as a message of its own and prints it as YAML again (``ToProto``, ``FromProto`` in
pkg/ruler/rulespb/compat.go of Mimir): keys in another order, lengths of time in Prometheus's form, nothing where a map
is empty or a length zero. Queries are kept as they were sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.prometheus.loaded_queries import same_query
from skillforge_mon.backends.prometheus.loaded_rules import written_group
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.live import Owner

_NAME: Final = re.compile(r"(?P<group>.+) \(monmc (?P<project>[^\s()]+) (?P<environment>[^\s()]+)\)", re.DOTALL)
_SERVERS_OWN: Final = "1m"
"""How often a ruler evaluates a group that says nothing (``-ruler.evaluation-interval``)."""


def marked_name(name: str, owner: Owner) -> str:
    """``name`` with whose the group is."""
    return f"{plain_name(name)} (monmc {owner.project} {owner.environment})"


def plain_name(name: str) -> str:
    """``name`` without whose the group is."""
    found = _NAME.fullmatch(name)
    return found["group"] if found is not None else name


def owner_of(namespace: str, name: str) -> Owner | None:
    """Whose a group is; None for what is nobody's."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Owner(found["project"], found["environment"], f"{namespace}/{found['group']}")


def group_of(body: Plain) -> tuple[str, dict[str, Any]]:
    """The namespace and the one group of a document or a live object."""
    content: Any = body
    return str(content["namespace"]), dict(content["groups"][0])


def compared(body: Plain, live: Mapping[str, Any]) -> tuple[Plain, Plain]:
    """Both sides in one form; a query that is the same tree is the same text."""
    old, new = _form(live), _form(body)
    if len(old["rules"]) == len(new["rules"]):
        for left, right in zip(old["rules"], new["rules"], strict=True):
            if same_query(str(left.get("expr")), str(right.get("expr"))):
                left["expr"] = right["expr"]
    return old, new


def _form(body: Plain | Mapping[str, Any]) -> dict[str, Any]:
    namespace, group = group_of(body)
    name = plain_name(str(group["name"]))
    return {"namespace": namespace, "name": name, **written_group(group, _SERVERS_OWN)}
