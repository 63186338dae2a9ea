"""How an object on a server says that it is ours: by tags, by a setting, or by its uid.

=============  ====================================================================================================
dashboard      the tag ``monmc:<project>/<environment>``; where its uid is not the one that its name makes (it was
               renamed, or adopted), also the tag ``monmc-key:<the uid that its name makes>``
data source    ``jsonData.monmc``: ``<project>/<environment> <revision>``. Grafana keeps settings that it does not know
folder         its uid, which holds a hash of the project and the environment: a folder has no field to write into
rule group,    its name, which begins with those of the project and the environment: ``shop production: web``
contact point,
mute timing
=============  ====================================================================================================
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from skillforge_mon.model.project import Project
from skillforge_mon.remote.live import Owner

TAG_LENGTH = 50
"""The longest tag: ``dashboard_tag.term`` is ``NVARCHAR(50)`` (``pkg/services/sqlstore/migrations``)."""

SETTING = "monmc"
_MARKER = "monmc:"
_KEY = "monmc-key:"
_DIGEST_LENGTH = 10
_MESSAGE = re.compile(r"monmc (\S+)")


def marker_tag(project: str, environment: str) -> str:
    """``monmc:shop/production``; a hash stands for names that make it longer than a tag may be."""
    whole = f"{_MARKER}{project}/{environment}"
    return whole if len(whole) <= TAG_LENGTH else f"{_MARKER}{digest(project, environment)}"


def digest(*parts: str) -> str:
    """Ten hexadecimal digits that stand for ``parts``."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_DIGEST_LENGTH]


def owner_of_tags(tags: Iterable[str], uid: str, project: Project) -> Owner | None:
    """Whose the dashboard ``uid`` with these tags is; None unless it is this project's and environment's."""
    found = tuple(tags)
    if marker_tag(project.name, project.environment) not in found:
        return None
    key = next((tag.removeprefix(_KEY) for tag in found if tag.startswith(_KEY)), uid)
    return Owner(project.name, project.environment, key)


def tags_of_owner(owner: Owner, uid: str) -> tuple[str, ...]:
    """The tags that make the dashboard ``uid`` the owner's."""
    marker = marker_tag(owner.project, owner.environment)
    return (marker,) if owner.key == uid else (marker, f"{_KEY}{owner.key}")


def without_marks(tags: Iterable[str]) -> list[str]:
    """``tags`` but for those that say whose a dashboard is."""
    return [tag for tag in tags if not tag.startswith((_MARKER, _KEY))]


def setting(owner: Owner, revision: str) -> str:
    """The value of ``jsonData.monmc``."""
    return f"{owner.project}/{owner.environment} {revision}"


def owner_of_setting(settings: Mapping[str, Any], uid: str, project: Project) -> tuple[Owner | None, str]:
    """Whose the data source ``uid`` with these ``jsonData`` is, and the revision that was written last."""
    where, _, revision = str(settings.get(SETTING) or "").rpartition(" ")
    if where != f"{project.name}/{project.environment}":
        return None, ""
    return Owner(project.name, project.environment, uid), revision


def message(revision: str) -> str:
    """What a version of a dashboard is saved with."""
    return f"monmc {revision}"


def revision_of(text: str) -> str:
    """The revision in a message of ours; "" for another's."""
    found = _MESSAGE.fullmatch(text)
    return found[1] if found is not None else ""


def name_prefix(project: Project) -> str:
    """What the names of our rule groups, contact points and mute timings begin with. No name of the spec has a space,
    so that it is that of no other project and environment."""
    return f"{project.name} {project.environment}: "


def owner_of_name(name: str, key: str, project: Project) -> Owner | None:
    """Whose something called ``name`` is; ``key`` is that of its resource."""
    return Owner(project.name, project.environment, key) if name.startswith(name_prefix(project)) else None


def uid_prefix(project: Project) -> str:
    """What the uids of our folders and receivers begin with: ``monmc-1a2b3c4d5e-``."""
    return f"monmc-{digest(project.name, project.environment)}-"
