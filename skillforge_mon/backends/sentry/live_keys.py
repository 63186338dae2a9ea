"""Client keys of the projects that a spec sets up.

Sentry's own identifier of a key is the public half of its DSN, and a listing shows the whole of it. Neither is kept:
the identifier here is ``PROJECT/HASH``, and a body has the name and the limit and nothing else.
Sources: [server] getsentry/sentry, ``core.endpoints.project_keys`` and ``project_key_details``,
``api.serializers.models.project_key``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.sentry.live_projects import LiveProjects
from skillforge_mon.backends.sentry.lookups import Lookups
from skillforge_mon.backends.sentry.organization import Method, Organization
from skillforge_mon.backends.sentry.project_capabilities import KEY_KIND
from skillforge_mon.backends.sentry.project_markers import key_name, owner_of_key
from skillforge_mon.backends.sentry.setting_up import set_up_projects
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError
from skillforge_mon.remote.live import Live, Owner

_HASH_LENGTH: Final = 12


class LiveKeys:
    """The keys of one organisation's projects."""

    def __init__(self, project: Project, organization: Organization, lookups: Lookups, projects: LiveProjects) -> None:
        self._project = project
        self._organization = organization
        self._lookups = lookups
        self._projects = projects

    def list(self) -> Iterator[Live]:
        """One listing for each project whose keys the spec says."""
        services = set_up_projects(self._project)
        for slug in self._projects.slugs:
            errors = services[slug].spec.errors
            if errors is not None and errors.keys:
                number = self._lookups.projects()[slug]
                yield from (self._live(number, each) for each in self._of_project(number))

    def read(self, identifier: str) -> Live | None:
        """By ``PROJECT/HASH``."""
        found = self._found(identifier)
        return self._live(identifier.partition("/")[0], found) if found is not None else None

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """A key of a project that is ours. One that people have made under the same name is told of, not doubled."""
        del revision
        number = str(body["projectId"])
        if owner is not None:
            slug = owner.key.partition("/")[0]
            if not self._projects.is_ours(slug):
                raise RefusedError(f"the project `{slug}` in Sentry is not set up by this spec yet")
            for each in self._of_project(number):
                if each["name"] == body["name"]:
                    raise RefusedError(
                        f"the project `{slug}` in Sentry has a key `{body['name']}` that is not this spec's; to take "
                        f'it over, write `adopt: {{sentry: "{self._live(number, each).id}"}}` on the key, or give it '
                        "another name"
                    )
        return self._written("POST", number, self._organization.project_path(number, "keys"), body, owner)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """A write without ``browserSdkVersion`` would set that back. [server] ProjectKeyDetailsEndpoint.put"""
        del revision
        number = live.id.partition("/")[0]
        found = self._found(live.id)
        if found is None:
            raise ConflictError(f"the key `{live.name}` in Sentry has been deleted since it was read")
        if self._live(number, found).body != live.body:
            raise ConflictError(f"the key `{live.name}` in Sentry has been changed since it was read")
        path = self._organization.project_path(number, "keys", str(found["id"]))
        return self._written("PUT", number, path, body, owner, browserSdkVersion=found.get("browserSdkVersion"))

    def comparable(self, body: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Plain, Plain]:
        """The name is compared as the spec has it."""
        return _form(live), _form(body)

    def restorable(self, live: Live) -> Plain:
        """Its name and its limit."""
        return dict(live.body)

    def _of_project(self, number: str) -> Iterator[Mapping[str, Any]]:
        return self._organization.pages(self._organization.project_path(number, "keys"))

    def _found(self, identifier: str) -> Mapping[str, Any] | None:
        number, _, digest = identifier.partition("/")
        try:
            return next((each for each in self._of_project(number) if _digest(each) == digest), None)
        except NotFoundError:
            return None

    def _written(
        self, method: Method, number: str, path: str, body: Mapping[str, Any], owner: Owner | None, **others: Any
    ) -> Live:
        """Where the plan of the organisation has no limits, Sentry ignores them without a word.

        [server] the feature ``projects:rate-limits``
        """
        name = str(body["name"])
        sent = {"name": key_name(name, owner) if owner is not None else name}
        if method == "PUT" or body["rateLimit"] is not None:
            sent["rateLimit"] = body["rateLimit"]
        sent |= {key: value for key, value in others.items() if value is not None}
        answer = self._organization.send(method, path, sent).body
        live = self._live(number, answer)
        if _form(live.body)["rateLimit"] != _form(body)["rateLimit"]:
            raise RefusedError(
                f"Sentry has written the key `{name}` without its limit: the organisation's plan has none for keys; "
                "take `rate_limit` out of the spec, or change the plan"
            )
        return live

    def _live(self, number: str, body: Mapping[str, Any]) -> Live:
        slug = next((slug for slug, other in self._lookups.projects().items() if other == number), number)
        label = str(body["name"])
        owner = owner_of_key(label, slug)
        kept = {
            "projectId": number,
            "name": owner.key.partition("/")[2] if owner is not None else label,
            "rateLimit": body.get("rateLimit"),
        }
        return Live(KEY_KIND, f"{number}/{_digest(body)}", label, kept, owner)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(str(body["id"]).encode()).hexdigest()[:_HASH_LENGTH]


def _form(body: Mapping[str, Any]) -> dict[str, Any]:
    limit = body.get("rateLimit") or {}
    limited = limit.get("count") and limit.get("window")
    return {
        "name": body["name"],
        "rateLimit": {"count": int(limit["count"]), "window": int(limit["window"])} if limited else None,
    }
