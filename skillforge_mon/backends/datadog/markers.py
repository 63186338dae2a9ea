"""How an object in Datadog says whose it is, and which revision of ours it holds.

The owner stands in the last line of the object's message or description, which every listing shows and which keeps
capital letters, unlike a tag. It is known there too when people have written more below it. Where somebody has
replaced the whole text, the tag ``monmc:`` says it still, with the capital letters that the spec has. The revision is a
tag where any tag is allowed, else it is at the end of that line. An index of logs has no text: there the owner is the
tag ``monmc:``, and its key is in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.kinds import ENDPOINTS, said
from skillforge_mon.remote.live import Owner

OWNER_TAG: Final = "monmc"
REVISION_TAG: Final = "monmc_rev"
MANAGED: Final = "managed_by:monmc"
_LINE = re.compile(
    r"\n*^-- managed by monmc (?P<project>[^/\s]+)/(?P<environment>[^/\s]+)/(?P<key>.+?), do not edit here"
    r"(?: \(monmc_rev:(?P<revision>[^()\s]*)\))?[ \t\r]*$",
    re.MULTILINE,
)


def marker(owner: Owner | str, revision: str = "") -> str:
    """The line that says whose an object is: ``-- managed by monmc shop/production/slos.api, do not edit here``."""
    tail = f" ({REVISION_TAG}:{revision})" if revision else ""
    return f"-- managed by monmc {owner}, do not edit here{tail}"


def marked(kind: str, body: Mapping[str, Any], owner: Owner | None, revision: str) -> dict[str, Any]:
    """What ``body`` says (see ``said``), as ``owner``'s and of ``revision``, whatever marker it had.

    Without an owner, ``body`` as it stands.
    """
    if owner is None:
        return dict(body)
    endpoint = ENDPOINTS[kind]
    fields = unmarked(kind, body)
    if endpoint.text:
        line = marker(owner, "" if endpoint.tagged else revision)
        text = fields.get(endpoint.text) or ""
        fields[endpoint.text] = f"{text}\n\n{line}" if text else line
    if endpoint.tagged:
        own = [MANAGED, tag_text(f"{OWNER_TAG}:{owner}"), f"{REVISION_TAG}:{revision}"]
        fields["tags"] = list(dict.fromkeys((*fields.get("tags", ()), *own)))
    return fields


def unmarked(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What ``body`` says, without whose it is."""
    endpoint = ENDPOINTS[kind]
    fields = dict(said(kind, body))
    text = fields.get(endpoint.text) if endpoint.text else None
    if isinstance(text, str):
        fields[endpoint.text] = _LINE.sub("", text)
    if endpoint.tagged and "tags" in fields:
        fields["tags"] = [tag for tag in fields["tags"] or () if not _is_ours(str(tag))]
    return fields


def owner_of(kind: str, body: Mapping[str, Any]) -> tuple[Owner | None, str]:
    """Whose an object is, None where it is nobody's, and the revision that it holds, empty where it says none."""
    endpoint = ENDPOINTS[kind]
    fields = said(kind, body)
    tags = _values(fields.get("tags") or ())
    if not endpoint.text:
        parts = tags.get(OWNER_TAG, "").split("/", 2)
        return (Owner(*parts) if len(parts) == 3 else None), tags.get(REVISION_TAG, "")
    lines = list(_LINE.finditer(fields.get(endpoint.text) or ""))
    if not lines:
        return None, ""
    found = lines[-1]
    owner = Owner(found["project"], found["environment"], found["key"])
    return owner, (tags.get(REVISION_TAG) or found["revision"] or "")


def owner_by_tag(
    kind: str, body: Mapping[str, Any], project: str, environment: str, ids: Iterable[str]
) -> tuple[Owner, str] | None:
    """The owner and the revision by the tags alone, where they name one of the objects ``ids`` (``alerts.Slow``).

    What follows the id in a key (``.warning``) is in small letters anyway.
    """
    tags = said(kind, body).get("tags") or ()
    found = _values(tags)
    of, _, key = found.get(OWNER_TAG, "").rpartition("/")
    if MANAGED not in tags or of != tag_text(f"{project}/{environment}"):
        return None
    for object_id in ids:
        small = tag_text(object_id)
        if key == small or key.startswith(f"{small}."):
            owner = Owner(project, environment, object_id + key[len(small) :])
            return owner, found.get(REVISION_TAG, "")
    return None


def _is_ours(tag: str) -> bool:
    return tag == MANAGED or tag.partition(":")[0] in {OWNER_TAG, REVISION_TAG}


def _values(tags: Any) -> dict[str, str]:
    found = {}
    for tag in tags:
        name, _, value = str(tag).partition(":")
        found[name] = value
    return found
