"""Where dashboard files lie, and the file that tells Grafana to read them into which folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.grafana.identity import slug, uid
from skillforge_mon.backends.grafana.ownership import digest, uid_prefix
from skillforge_mon.backends.grafana.sources import provisioned
from skillforge_mon.documents.document import Document, Format, Plain, Resource
from skillforge_mon.lower.panels import dashboard_folder
from skillforge_mon.model.project import Dashboard, Project
from skillforge_mon.spec.models.targets import GrafanaTarget

PATH = "grafana/provisioning/dashboards/monmc.yaml"
FILES = "grafana/dashboards"
BODIES = "grafana/folders"
RELOAD_SECONDS = 30
ROOT = "general"
"""The title, in lower case, of what Grafana calls a folder and is none: no folder may have it, and its uid is empty
(``pkg/services/folder``)."""


def folder_uid(project: Project, title: str) -> str:
    """The uid of a folder of ours, which says whose it is; "" where there is no folder."""
    return "" if title.casefold() == ROOT else uid_prefix(project) + digest(title.casefold())


def folder_body(project: Project, title: str, name: str) -> Document:
    """The folder ``title`` for the API, in a file called ``name``."""
    key = folder_uid(project, title)
    body: Plain = {"uid": key, "title": title}
    return Document(f"{BODIES}/{name}.json", body, Format.JSON, resource=Resource("grafana", "folder", key))


def rule_folder(project: Project, target: GrafanaTarget) -> str:
    """The title of the folder that alert rules are in. They need one: at the root there can be none."""
    title = (target.folder or project.name).strip()
    return project.name if title.casefold() == ROOT else title


class Folders:
    """The folders of a project's dashboards.

    A provider reads everything below its path, so that the files of several folders lie in a sub-folder each; those of
    a single folder need none.
    """

    def __init__(self, project: Project, dashboards: Iterable[Dashboard]) -> None:
        self._project = project
        self.titles = tuple(dict.fromkeys(dashboard_folder(project, dashboard) for dashboard in dashboards))

    def path(self, dashboard: Dashboard) -> str:
        """The file of ``dashboard`` in the output tree."""
        below = self._below(dashboard_folder(self._project, dashboard))
        return f"{FILES}{below}/{dashboard.name}.json"

    def document(self, target: GrafanaTarget) -> Document:
        """The provisioning file: one provider per folder."""
        project = self._project
        several = len(self.titles) > 1
        names = self._names
        providers: list[Plain] = [
            {
                "name": uid(project, f"dashboards-{names[title]}" if several else "dashboards"),
                "orgId": target.org_id or 1,
                "type": "file",
                "folder": provisioned(title),
                # A file that is gone from the spec takes its dashboard with it, and nothing is edited by hand.
                "disableDeletion": False,
                "allowUiUpdates": False,
                "updateIntervalSeconds": RELOAD_SECONDS,
                "options": {
                    "path": provisioned(target.dashboards_path.rstrip("/") + self._below(title)),
                    "foldersFromFilesStructure": False,
                },
            }
            for title in self.titles
        ]
        return Document(PATH, {"apiVersion": 1, "providers": providers}, Format.YAML)

    def bodies(self) -> Iterator[Document]:
        """One for the API for each folder. Those who provide dashboards by files do not need them."""
        for title in self.titles:
            if folder_uid(self._project, title):
                yield folder_body(self._project, title, self._names[title])

    def _below(self, title: str) -> str:
        return f"/{self._names[title]}" if len(self.titles) > 1 else ""

    @property
    def _names(self) -> dict[str, str]:
        """The sub-folder of each folder; titles that look alike are told apart by a number."""
        names: dict[str, str] = {}
        for title in self.titles:
            base = name = slug(title) or "folder"
            number = 1
            while name in names.values():
                number += 1
                name = f"{base}-{number}"
            names[title] = name
        return names
