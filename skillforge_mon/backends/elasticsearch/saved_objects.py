"""Saved objects of Kibana: what there is of them, and the tag that says whose one is.

An object refers to its tags as to all other objects, so that Kibana finds all that bear one ([kbn] "Export saved
objects", ``hasReference``). The reference's name is free, and ours says what the object was made of. Whoever saves an
object in Kibana has the references to its tags written anew, under other names (elastic/kibana,
``x-pack/platform/plugins/shared/saved_objects_tagging/common/references.ts``): so it is seen that it was changed,
though Kibana keeps objects in forms of its own version, which cannot be compared with ours. A copy keeps the tag, and
has an identifier at random (UUID 4), where ours are made from names (UUID 5).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from skillforge_mon.backends.elasticsearch.ownership import MARK, identifier
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Kind

TAG: Final = "tag"
KINDS: Final[Mapping[str, Kind]] = {
    TAG: Kind("kibana_tag", 4, "tag of Kibana", secrets=False),
    "index-pattern": Kind("kibana_data_view", 5, "data view", secrets=False),
    "search": Kind("kibana_search", 6, "saved search", secrets=False),
    "lens": Kind("kibana_chart", 7, "chart of Kibana", secrets=False),
    "dashboard": Kind("kibana_dashboard", 8, "dashboard of Kibana", secrets=False),
}
"""Type -> kind, each before what refers to it."""
DIGITS: Final = 12
"""Of the fingerprint in the name of a reference: 48 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """One object: its type, its key among those of its type, and what it says, without the tag."""

    type: str
    key: str
    body: Mapping[str, Plain]

    @property
    def id(self) -> str:
        """Its identifier."""
        return str(self.body["id"])


def tag_id(project: Project) -> str:
    """The identifier of the tag that all objects of the project and environment bear."""
    return identifier(project, TAG, MARK)


def owner_tag(project: Project) -> Saved:
    """The tag. It bears itself, so that it is found as the others are."""
    attributes: Plain = {
        "name": f"{MARK} {project.name}/{project.environment}",
        "description": "Made from the specification: monmc overwrites what is changed here.",
        "color": "#6092C0",
    }
    body: dict[str, Plain] = {"type": TAG, "id": tag_id(project), "attributes": attributes, "references": []}
    return Saved(TAG, MARK, {**body, "coreMigrationVersion": "8.8.0", "typeMigrationVersion": "8.0.0"})


def tagged(project: Project, saved: Saved) -> dict[str, Any]:
    """What is imported: the body of ``saved``, which bears the tag."""
    body: dict[str, Any] = dict(saved.body)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
    return {
        **body,
        "references": [*body["references"], {"type": TAG, "id": tag_id(project), "name": f"{MARK}-{digest}"}],
    }


def is_ours(body: Mapping[str, Any], tag: str) -> bool:
    """Whether an object bears ``tag``, and is no copy."""
    named = any(each["type"] == TAG and each["id"] == tag for each in body.get("references") or ())
    try:
        return named and uuid.UUID(str(body["id"])).version == 5
    except ValueError:
        return False


def made_of(references: Sequence[Mapping[str, Any]]) -> str:
    """The name that the reference to our tag has; empty where somebody has saved the object since."""
    names = (str(each["name"]) for each in references if each["type"] == TAG)
    return next((name for name in names if name.startswith(f"{MARK}-")), "")
