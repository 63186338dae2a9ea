"""The uids of dashboards and data sources: the same in every build, readable, and valid wherever Grafana wants one."""

from __future__ import annotations

import hashlib
import re

from skillforge_mon.backends.grafana.capabilities import UID_LENGTH
from skillforge_mon.model.project import Project
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

_OTHER = re.compile(r"[^a-z0-9]+")
_HASH_LENGTH = 10


def slug(text: str) -> str:
    """``text`` in lower case, with ``-`` for everything that is neither a letter nor a digit."""
    return _OTHER.sub("-", text.lower()).strip("-")


def uid(project: Project, name: str) -> str:
    """``project-environment-name`` (without the environment when there is none), at most 40 of ``a-z 0-9 -``.

    Where that loses something (capitals, dots, length), ten digits of a hash of the whole stand at the end, so that two
    names never share a uid.
    """
    parts = [project.name, name]
    if project.environment != DEFAULT_ENVIRONMENT:
        parts.insert(1, project.environment)
    whole = "-".join(parts)
    short = slug(whole)
    if short == whole and len(short) <= UID_LENGTH:
        return short
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_HASH_LENGTH]
    return f"{short[: UID_LENGTH - _HASH_LENGTH - 1].rstrip('-')}-{digest}"
