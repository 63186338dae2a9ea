"""How an object in PagerDuty says whose it is, and which revision of ours it holds: the last line of its description.

There are no tags on these objects that every account may use. An integration has no description either; it is ours when
its service is, and it has our name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from skillforge_mon.remote.live import Owner

_LINE = re.compile(
    r"\n*^-- managed by monmc (?P<project>[^/\s]+)/(?P<environment>[^/\s]+)/(?P<key>.+?), do not edit here"
    r"(?: \(monmc_rev:(?P<revision>[^()\s]*)\))?[ \t\r]*$",
    re.MULTILINE,
)


def marked(description: str, owner: Owner | None, revision: str) -> str:
    """``description`` as ``owner``'s and of ``revision``, whatever marker it had; without an owner, as it stands."""
    if owner is None:
        return description
    tail = f" (monmc_rev:{revision})" if revision else ""
    line = f"-- managed by monmc {owner}, do not edit here{tail}"
    text = unmarked(description)
    return f"{text}\n\n{line}" if text else line


def unmarked(description: str) -> str:
    """What ``description`` says, without whose it is."""
    return _LINE.sub("", description)


def owner_of(body: Mapping[str, Any]) -> tuple[Owner | None, str]:
    """Whose an object is, None where it is nobody's, and the revision that it holds, empty where it says none."""
    lines = list(_LINE.finditer(body.get("description") or ""))
    if not lines:
        return None, ""
    found = lines[-1]
    return Owner(found["project"], found["environment"], found["key"]), found["revision"] or ""
