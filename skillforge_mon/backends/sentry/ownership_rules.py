"""Ownership rules as Sentry writes them: ``path:src/payments/* #payments ann@example.com``.

Source: getsentry/sentry, ``issues.ownership.grammar``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.errors import ErrorOwnership, OwnershipRule

_BARE = re.compile(r'(?!")\S+')


def rules_text(project: Project, ownership: ErrorOwnership) -> str:
    """The rules, one a line, in their order."""
    return "\n".join(_rule(project, rule) for rule in ownership.rules)


def owner_teams(project: Project, ownership: ErrorOwnership | None) -> tuple[str, ...]:
    """The slugs of the teams that own something: Sentry wants each of them to be a team of the project."""
    if ownership is None:
        return ()
    words = (word for rule in ownership.rules for owner in rule.owners for word in _owner(project, owner))
    return tuple(dict.fromkeys(word.removeprefix("#") for word in words if word.startswith("#")))


def _rule(project: Project, rule: OwnershipRule) -> str:
    owners = dict.fromkeys(word for owner in rule.owners for word in _owner(project, owner))
    return " ".join((*_matcher(rule), *owners))


def _matcher(rule: OwnershipRule) -> Iterator[str]:
    """One, as the check of rules has made sure."""
    for kind, pattern in (("path", rule.path), ("module", rule.module), ("url", rule.url)):
        if pattern is not None:
            yield f"{kind}:{_quoted(pattern)}"
    for name, pattern in rule.tag.items():
        yield f"tags.{name}:{_quoted(pattern)}"


def _quoted(pattern: str) -> str:
    """A pattern with a space stands in quotes, in which a backslash begins an escape."""
    if _BARE.fullmatch(pattern):
        return pattern
    escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _owner(project: Project, owner: str) -> Iterator[str]:
    """``#slug`` for a team that Sentry has; else the addresses of its people, which Sentry writes in small letters."""
    team = project.teams.get(owner)
    if team is None:
        yield owner.lower()
    elif team.spec.sentry is not None:
        yield f"#{team.spec.sentry}"
    else:
        yield from (address.lower() for address in team.spec.email)
