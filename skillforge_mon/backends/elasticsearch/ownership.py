"""How an object in Elasticsearch or Kibana says whose it is.

Templates, pipelines and policies have ``_meta``, which Elasticsearch keeps and does not read (specification,
``_types/common.ts``, ``Metadata``). Objects of Kibana are known by their identifiers, made from whose they are.
"""

from __future__ import annotations

import uuid
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project

_SPACE: Final = uuid.UUID("6f1c2f0e-0f0a-5d3a-9a35-6b1f3a6f6d01")
"""Of our own, so that our identifiers are nobody else's."""


def meta(project: Project, key: str) -> Plain:
    """``_meta`` of the object for ``key`` (``logs.web``)."""
    return {"managed_by": "monmc", "owner": f"{project.name}/{project.environment}/{key}"}


def identifier(project: Project, kind: str, key: str) -> str:
    """The identifier of an object of Kibana: a UUID, which rules need to have until 8.17, the same in every build."""
    return str(uuid.uuid5(_SPACE, f"{project.name}/{project.environment}/{kind}/{key}"))


def server_name(project: Project, what: str) -> str:
    """The name of an object that several streams share: ``shop-production-logs``."""
    return f"{project.name}-{project.environment}-{what}".lower()
