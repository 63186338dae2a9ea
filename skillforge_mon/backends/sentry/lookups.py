"""What documents name and only a server knows. Each listing is asked for once a run, when it is first needed.

A document says ``{"$ref": {"kind": "team", "key": "backend"}}`` where Sentry wants an identifier:

- ``project``          id of the project with the slug ``key``
- ``team``             id of the team with the slug ``key``
- ``owner``            ``team:ID`` of the team with the slug ``key``
- ``system_detector``  id of a detector that Sentry made itself; ``key`` is ``PROJECT/issue_stream``, ``PROJECT/error``
- ``integration``      id of an installed integration; ``key`` is ``PROVIDER/NAME``
- ``integration_row``  id of a row in an integration's table of services or teams; ``key`` is ``PROVIDER/NAME/ROW``
- ``jira_project``     id of a Jira project; ``key`` is ``SITE/PROJECT``
- ``jira_issue_type``  id of an issue type of that project; ``key`` is ``SITE/PROJECT/TYPE``

A reference to a ``detector`` is one to a resource of the same tree, under the alert's name.

Tables of integrations hold keys of other systems next to the names: only names and identifiers are kept of them.
Sources: [server] integrations.api.serializers.models.integration, integrations.pagerduty.integration,
integrations.opsgenie.integration, integrations.jira.integration (``get_create_issue_config``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from skillforge_mon.backends.sentry.organization import Organization
from skillforge_mon.documents.document import Reference
from skillforge_mon.documents.references import key_parts
from skillforge_mon.remote.errors import NotFoundError
from skillforge_mon.spec.suggest import listed

T = TypeVar("T")

PRODUCTS: Final = {
    "slack": "Slack",
    "pagerduty": "PagerDuty",
    "opsgenie": "Opsgenie",
    "msteams": "Microsoft Teams",
    "jira": "Jira",
}
"""Key of a provider -> what people call it. [server] ``IntegrationProvider.key``"""

_TABLES: Final = {"pagerduty": ("service_table", "service"), "opsgenie": ("team_table", "team")}
"""Provider -> where its rows are in ``configData``, and the key of a row's name."""


@dataclass(frozen=True, slots=True)
class Integration:
    """One that is installed. ``active`` is False where Sentry, or the organisation, has disabled it."""

    id: str
    provider: str
    name: str
    active: bool


@dataclass(slots=True)
class Lookups:
    """What is in one organisation. Safe to use from many threads."""

    organization: Organization
    _known: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def find(self, reference: Reference) -> str | None:
        """The identifier that ``reference`` stands for; None when there is none."""
        parts = key_parts(reference.key)
        match reference.kind:
            case "project":
                return self.projects().get(*parts)
            case "team":
                return self.teams().get(*parts)
            case "owner":
                team = self.teams().get(*parts)
                return f"team:{team}" if team is not None else None
            case "system_detector":
                return self._system_detectors(parts[1]).get(self.projects().get(parts[0], ""))
            case "integration":
                found = self.integration(*parts)
                return found.id if found is not None else None
            case "integration_row":
                found = self.integration(*parts[:2])
                return self._rows(found).get(parts[2]) if found is not None else None
            case "jira_project":
                found = self.integration("jira", parts[0])
                return self._jira_projects(found.id).get(parts[1]) if found is not None else None
            case "jira_issue_type":
                found = self.integration("jira", parts[0])
                project = self._jira_projects(found.id).get(parts[1]) if found is not None else None
                if found is None or project is None:
                    return None
                return self._jira_choices(found.id, "issuetype", project).get(parts[2])
        return None

    def absence(self, reference: Reference) -> tuple[str, str]:
        """Why ``find`` gives None, and what to install, make or write where, for a person."""
        slug, parts = self.organization.slug, key_parts(reference.key)
        match reference.kind:
            case "project":
                return (
                    f"Sentry has no project `{parts[0]}` in `{slug}`",
                    "make it there, or correct its slug in the spec",
                )
            case "team" | "owner":
                return f"Sentry has no team `{parts[0]}` in `{slug}`", "make it there, or correct the team's `sentry`"
            case "system_detector":
                return (
                    f"Sentry shows no `{parts[1]}` monitor of the project `{parts[0]}`",
                    "let the token see the project",
                )
            case "integration":
                return self._no_integration(*parts)
            case "integration_row":
                if self.integration(*parts[:2]) is None:
                    return self._no_integration(*parts[:2])
                product, thing = PRODUCTS[parts[0]], "service" if parts[0] == "pagerduty" else "team"
                return (
                    f"the {product} integration `{parts[1]}` in Sentry has no {thing} `{parts[2]}`",
                    f"add it in Sentry under Settings > Integrations > {product} > Configure",
                )
            case "jira_project" | "jira_issue_type":
                if self.integration("jira", parts[0]) is None:
                    return self._no_integration("jira", parts[0])
                what = "project" if len(parts) == 2 else f"issue type `{parts[2]}` in the project"
                return f"the Jira integration `{parts[0]}` in Sentry sees no {what} `{parts[1]}`", "make it in Jira"
        return f"Sentry has no {reference.kind} `{reference.key}`", "correct the spec"

    def projects(self) -> Mapping[str, str]:
        """Identifiers of all projects that the token sees, by slug."""
        return self._once(("projects",), lambda: self._by_slug("projects"))

    def forget_projects(self) -> None:
        """One was made: the next question about projects, or the monitors that they are born with, asks again."""
        with self._lock:
            self._known = {key: value for key, value in self._known.items() if key[0] not in {"projects", "detectors"}}

    def teams(self) -> Mapping[str, str]:
        """Identifiers of all teams, by slug."""
        return self._once(("teams",), lambda: self._by_slug("teams"))

    def integrations(self) -> tuple[Integration, ...]:
        """All that are installed. Their configurations are left out: each would ask the other system."""
        return self._once(("integrations",), self._installed)

    def integration(self, provider: str, name: str) -> Integration | None:
        """The integration of that provider and name, an active one if there are several."""
        found = [each for each in self.integrations() if (each.provider, each.name) == (provider, name)]
        return next((each for each in found if each.active), found[0] if found else None)

    def _installed(self) -> tuple[Integration, ...]:
        path = self.organization.path("integrations")
        return tuple(
            Integration(
                str(each["id"]),
                each["provider"]["key"],
                each["name"],
                each.get("status") == "active" == each.get("organizationIntegrationStatus", "active"),
            )
            for each in self.organization.pages(path, {"includeConfig": 0})
        )

    def _by_slug(self, what: str) -> dict[str, str]:
        return {each["slug"]: str(each["id"]) for each in self.organization.pages(self.organization.path(what))}

    def _system_detectors(self, kind: str) -> Mapping[str, str]:
        """Identifiers of the detectors of one type, by the identifier of their project; ``-1`` is all projects."""

        def listing() -> dict[str, str]:
            found = self.organization.listing(
                self.organization.path("detectors"), {"project": -1, "query": f"type:{kind}"}
            )
            return {str(each["projectId"]): str(each["id"]) for each in found}

        return self._once(("detectors", kind), listing)

    def _rows(self, integration: Integration) -> Mapping[str, str]:
        def listing() -> dict[str, str]:
            table, name = _TABLES[integration.provider]
            rows = (self._details(integration.id, {}).get("configData") or {}).get(table) or ()
            return {row[name]: str(row["id"]) for row in rows}

        return self._once(("rows", integration.id), listing)

    def _jira_projects(self, integration: str) -> Mapping[str, str]:
        """Identifiers of Jira's projects by key; a choice is called ``OPS - Operations``, formerly ``OPS``."""
        choices = self._jira_choices(integration, "project")
        return {name.partition(" - ")[0]: identifier for name, identifier in choices.items()}

    def _jira_choices(self, integration: str, name: str, project: str = "") -> Mapping[str, str]:
        """What may be chosen in the field ``name`` of the form for a new issue: identifiers by name."""

        def listing() -> dict[str, str]:
            details = self._details(integration, {"action": "create", **({"project": project} if project else {})})
            fields = details.get("createIssueConfig") or ()
            found: Mapping[str, Any] = next((each for each in fields if each["name"] == name), {})
            return {label: str(identifier) for identifier, label in found.get("choices") or ()}

        return self._once(("jira", integration, name, project), listing)

    def _details(self, integration: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self.organization.get(
                self.organization.path("integrations", integration), params
            )
        except NotFoundError:
            return {}
        return found

    def _no_integration(self, provider: str, name: str) -> tuple[str, str]:
        product = PRODUCTS[provider]
        others = dict.fromkeys(f"`{each.name}`" for each in self.integrations() if each.provider == provider)
        return (
            f"Sentry has no {product} integration `{name}` in `{self.organization.slug}`",
            f"install it in Sentry under Settings > Integrations > {product}"
            + (f", or write {listed(others)} in" if others else ", or correct")
            + f" `targets.sentry.integrations.{provider}`",
        )

    def _once(self, key: tuple[str, ...], made: Callable[[], T]) -> T:
        with self._lock:
            if key not in self._known:
                self._known[key] = made()
            found: T = self._known[key]
            return found
