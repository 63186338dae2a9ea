"""How a project of Sentry, its ownership rules and its client keys say whose they are.

- A project has no text of its own, but its fingerprint rules take comments: ``# monmc shop/production projects.web
  1a2b3c4d5e6f`` is a line among them. [server] grouping.fingerprinting.parser, ``comment``
- A project that was made and not yet set up has no rules. Until then its name says it: ``monmc`` and a hash of whose
  it is. The name is a project's only text that its creation takes.
- Ownership rules take comments as well. [server] issues.ownership.grammar, ``comment``
- A client key has nothing but a name: ``browser [monmc shop/production]``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.remote.live import Owner

_LINE: Final = re.compile(
    r"^# monmc (?P<project>[^/\s]+)/(?P<environment>[^/\s]+) (?P<key>\S+)(?: (?P<revision>[0-9a-zA-Z]+))?[ \t]*$",
    re.MULTILINE,
)
_KEY_NAME: Final = re.compile(r"(?P<name>.+) \[monmc (?P<project>[^/\s\]]+)/(?P<environment>[^/\s\]]+)\]")


def marked_text(text: str, owner: Owner, revision: str) -> str:
    """``text`` (fingerprint or ownership rules) as ``owner``'s, whatever marker it had."""
    line = f"# monmc {owner.project}/{owner.environment} {owner.key}"
    return "\n".join(filter(None, (f"{line} {revision}" if revision else line, unmarked_text(text))))


def unmarked_text(text: str) -> str:
    """What the rules say, without whose they are."""
    kept = [line for line in text.splitlines() if _LINE.match(line) is None]
    return "\n".join(kept).strip()


def owner_of_text(text: str) -> tuple[Owner | None, str]:
    """Whose the rules are, None where they are nobody's, and the revision that they hold."""
    found = _LINE.search(text)
    if found is None:
        return None, ""
    return Owner(found["project"], found["environment"], found["key"]), found["revision"] or ""


def name_until_set_up(owner: Owner) -> str:
    """The name of a project between its creation and its set-up: 22 characters, of the 50 that Sentry takes there."""
    return f"monmc {hashlib.sha256(str(owner).encode()).hexdigest()[:16]}"


def owner_of_project(body: Mapping[str, Any], ours: Owner) -> tuple[Owner | None, str]:
    """Whose a project is. ``ours`` is the owner that this spec would give it."""
    owner, revision = owner_of_text(body.get("fingerprintingRules") or "")
    if owner is None and body.get("name") == name_until_set_up(ours):
        return ours, ""
    return owner, revision


def key_name(name: str, owner: Owner) -> str:
    """The name of a client key in Sentry."""
    return f"{name} [monmc {owner.project}/{owner.environment}]"


def owner_of_key(label: str, project: str) -> Owner | None:
    """Whose the client key called ``label`` of ``project`` is."""
    found = _KEY_NAME.fullmatch(label)
    return Owner(found["project"], found["environment"], f"{project}/{found['name']}") if found is not None else None
