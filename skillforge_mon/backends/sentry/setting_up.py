"""Which projects a spec sets up in Sentry, and what their documents say: the project, its client keys, its owners."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from skillforge_mon.backends.sentry import codes_set_up
from skillforge_mon.backends.sentry.differences import BACKEND
from skillforge_mon.backends.sentry.ownership_rules import owner_teams, rules_text
from skillforge_mon.backends.sentry.project_capabilities import (
    AUTO_ASSIGNMENT,
    FILTERS,
    KEY_KIND,
    KEY_NAME_LIMIT,
    LEGACY_BROWSERS,
    OWNERSHIP_KIND,
    PROJECT_KIND,
    SLUG_PATTERN,
)
from skillforge_mon.backends.sentry.project_markers import key_name
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Reference, Resource, Verdict
from skillforge_mon.documents.references import reference, references_in
from skillforge_mon.model.project import Project, Service
from skillforge_mon.remote.live import Owner
from skillforge_mon.spec.models.errors import Errors

HOUR = 3_600_000
SECOND = 1000


def set_up_projects(project: Project) -> Mapping[str, Service]:
    """The slugs of the projects that this spec sets up from this environment, each with the service that says how."""
    target = project.targets.sentry
    found: dict[str, Service] = {}
    if target is None or not target.set_up_projects:
        return found
    for service in project.services.values():
        errors = service.spec.errors
        if errors is not None and errors.sets_up:
            found.setdefault(errors.sentry_project, service)
    return found


def project_key(slug: str) -> str:
    """The key of the resource of a project, which is not that of a reference to it: those ask the server."""
    return f"projects.{slug}"


def project_documents(project: Project, report: Report) -> Iterator[Document]:
    """``sentry/projects/SLUG.json``, ``sentry/ownership/SLUG.json`` and ``sentry/keys/SLUG/NAME.json``."""
    for slug, service in set_up_projects(project).items():
        errors = service.spec.errors
        assert errors is not None  # noqa: S101 - such services alone set up a project
        problems = len(report)
        team = errors.team or (service.team.spec.sentry if service.team is not None else None)
        _check(project, service, slug, team, report)
        if len(report) > problems or team is None:
            continue
        adopt = (errors.adopt.sentry or "") if errors.adopt is not None else ""
        yield _document(
            f"sentry/projects/{slug}.json",
            _settings(project, errors, team),
            Resource(BACKEND, PROJECT_KIND, project_key(slug), adopt=adopt),
            service,
            (Verdict(BACKEND, service.id, Grade.EXACT),),
        )
        if errors.ownership is not None:
            yield _document(
                f"sentry/ownership/{slug}.json",
                _ownership(project, errors),
                Resource(BACKEND, OWNERSHIP_KIND, slug, adopt=adopt),
                service,
            )
        for name, key in errors.keys.items():
            adopt_key = (key.adopt.sentry or "") if key.adopt is not None else ""
            yield _document(
                f"sentry/keys/{slug}/{name}.json",
                _key(errors, name),
                Resource(BACKEND, KEY_KIND, f"{slug}/{name}", adopt=adopt_key),
                service,
            )


def _document(
    path: str, content: Plain, resource: Resource, service: Service, verdicts: tuple[Verdict, ...] = ()
) -> Document:
    """Keys and owners come after their project, though their bodies do not refer to it by its resource."""
    references = references_in(content)
    if resource.kind != PROJECT_KIND:
        references = (Reference(PROJECT_KIND, project_key(resource.key.partition("/")[0])), *references)
    full = Resource(BACKEND, resource.kind, resource.key, references, adopt=resource.adopt)
    return Document(path, content, Format.JSON, (service.id,), verdicts, full)


def _check(project: Project, service: Service, slug: str, team: str | None, report: Report) -> None:
    errors = service.spec.errors
    assert errors is not None  # noqa: S101 - such services alone set up a project
    if re.fullmatch(SLUG_PATTERN, slug) is None:
        report.add(
            codes_set_up.SLUG_UNFIT.at(
                service.place.at("errors", "sentry_project"),
                f"`{slug}` cannot be the slug of a project in Sentry",
                help="write small letters, digits, `-` and `_`, at most 100 of them, and not digits alone",
            )
        )
    if team is None:
        report.add(
            codes_set_up.PROJECT_WITHOUT_TEAM.at(
                service.place.key_at("errors"),
                f"the project `{slug}` has no team in Sentry",
                help=f"write `sentry: …` on the team `{service.team.name}`, or `team: …` here"
                if service.team is not None
                else "write `team: …` here",
            )
        )
    owner = Owner(project.name, project.environment, "")
    for name in errors.keys:
        full = key_name(name, owner)
        if len(full) > KEY_NAME_LIMIT:
            report.add(
                codes_set_up.KEY_NAME_TOO_LONG.at(
                    service.place.key_at("errors", "keys", name),
                    f"`{full}` has {len(full)} characters, and Sentry takes {KEY_NAME_LIMIT}",
                    help=f"shorten the key's name by {len(full) - KEY_NAME_LIMIT}",
                )
            )


def _settings(project: Project, errors: Errors, team: str) -> Plain:
    """The body of PUT ``projects/ORG/PROJECT/``; ``teams`` and ``filters`` beside it have paths of their own.

    ``resolveAge`` is in hours. How requests are made of it is in ``live_projects.py``.
    """
    teams = dict.fromkeys((team, *owner_teams(project, errors.ownership)))
    found: dict[str, Plain] = {"slug": errors.sentry_project}
    if errors.name is not None:
        found["name"] = errors.name
    if errors.platform is not None:
        found["platform"] = errors.platform
    found["teams"] = [reference("team", each) for each in teams]
    if errors.resolve_age is not None:
        found["resolveAge"] = errors.resolve_age // HOUR
    if errors.scrubbing is not None:
        found["dataScrubber"] = True
        found["dataScrubberDefaults"] = errors.scrubbing.defaults
        found["sensitiveFields"] = list(errors.scrubbing.fields)
        if errors.scrubbing.ips is not None:
            found["scrubIPAddresses"] = errors.scrubbing.ips
    if errors.fingerprints:
        found["fingerprintingRules"] = "\n".join(errors.fingerprints)
    if errors.grouping:
        found["groupingEnhancements"] = "\n".join(errors.grouping)
    if errors.filters is not None:
        found["filters"] = {
            identifier: _filter(identifier, on=name in errors.filters) for name, identifier in FILTERS.items()
        }
    return found


def _filter(identifier: str, *, on: bool) -> Plain:
    """Of old browsers it says which ones; of everything else whether."""
    if identifier != "legacy-browsers":
        return on
    return list(LEGACY_BROWSERS) if on else []


def _ownership(project: Project, errors: Errors) -> Plain:
    """The body of PUT ``projects/ORG/PROJECT/ownership/``."""
    ownership = errors.ownership
    assert ownership is not None  # noqa: S101 - asked before
    found: dict[str, Plain] = {
        "projectId": reference("project", errors.sentry_project),
        "raw": rules_text(project, ownership),
    }
    if ownership.auto_assign is not None:
        found["autoAssignment"] = AUTO_ASSIGNMENT[ownership.auto_assign]
    if ownership.fallthrough is not None:
        found["fallthrough"] = ownership.fallthrough
    return found


def _key(errors: Errors, name: str) -> Plain:
    """The body of POST ``projects/ORG/PROJECT/keys/``; ``window`` is in seconds. No limit is said as null."""
    limit = errors.keys[name].rate_limit
    return {
        "projectId": reference("project", errors.sentry_project),
        "name": name,
        "rateLimit": {"count": limit.count, "window": limit.within // SECOND} if limit is not None else None,
    }
