"""How an object in Elasticsearch or Kibana says whose it is.

Templates, pipelines and policies have ``_meta``, which Elasticsearch keeps and does not read (specification,
``_types/common.ts``, ``Metadata``). Objects of Kibana are known by their identifiers, made from whose they are, and
rules by a tag too, which people see and a copy takes along.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.remote.live import Owner

MARK: Final = "monmc"
_MARKS: Final = ("managed_by", "owner", "revision")
_SPACE: Final = uuid.UUID("6f1c2f0e-0f0a-5d3a-9a35-6b1f3a6f6d01")
"""Of our own, so that our identifiers are nobody else's."""


def meta(project: Project, key: str) -> Plain:
    """``_meta`` of the object for ``key`` (``logs.web``)."""
    return {"managed_by": MARK, "owner": f"{project.name}/{project.environment}/{key}"}


def identifier(project: Project, kind: str, key: str) -> str:
    """The identifier of an object of Kibana: a UUID, which rules need to have until 8.17, the same in every build."""
    return str(uuid.uuid5(_SPACE, f"{project.name}/{project.environment}/{kind}/{key}"))


def server_name(project: Project, what: str) -> str:
    """The name of an object that several streams share: ``shop-production-logs``."""
    return f"{project.name}-{project.environment}-{what}".lower()


def owner_of_meta(meta: object, name: str) -> Owner | None:
    """Whose the object ``name`` is, as its ``_meta`` says; None for what is not of monmc.

    Its key is its name: ``_meta`` says which object of the spec it is about, and several may be about one.
    """
    if not isinstance(meta, Mapping) or meta.get("managed_by") != MARK:
        return None
    project, _, rest = str(meta.get("owner") or "").partition("/")
    environment = rest.partition("/")[0]
    return Owner(project, environment, name) if project and environment else None


def revision_of_meta(meta: object) -> str:
    """The fingerprint of what was pushed, as ``_meta`` says it."""
    return str(meta.get("revision") or "") if isinstance(meta, Mapping) else ""


def marked(body: Mapping[str, Any], owner: Owner, revision: str) -> dict[str, Any]:
    """``body`` with a ``_meta`` that says whose it is. What it says itself about that stands."""
    if "policy" in body:
        return {**body, "policy": marked(body["policy"], owner, revision)}
    said = {"managed_by": MARK, "owner": str(owner), **(body.get("_meta") or {}), "revision": revision}
    return {**body, "_meta": said}


def without_mark(meta: Mapping[str, Any]) -> dict[str, Any]:
    """``_meta`` without what monmc writes there."""
    return {name: value for name, value in meta.items() if name not in _MARKS}


def tags_of(owner: Owner) -> list[str]:
    """The tags that say whose a rule is: one for all of monmc's, one for this."""
    return [MARK, f"{MARK}:{owner}"]


def owner_of_tags(tags: Sequence[str]) -> Owner | None:
    """Whose a rule is; None for what is not of monmc."""
    for tag in tags:
        parts = tag.removeprefix(f"{MARK}:").split("/", 2)
        if tag.startswith(f"{MARK}:") and len(parts) == 3 and all(parts):
            return Owner(*parts)
    return None


def without_tags_of_owner(tags: Sequence[str]) -> list[str]:
    """``tags`` without those that say whose a rule is."""
    return [tag for tag in tags if tag != MARK and owner_of_tags((tag,)) is None]
