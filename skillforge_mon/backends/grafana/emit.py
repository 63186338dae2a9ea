"""Grafana's files: dashboards, and the provisioning of data sources and folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.grafana.capabilities import OLDEST, version_of
from skillforge_mon.backends.grafana.dashboard import dashboard_json
from skillforge_mon.backends.grafana.folders import Folders
from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.grafana.sources import sources_document
from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Resource, Verdict
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.targets import GrafanaTarget

BACKEND = "grafana"


def emit(project: Project, lowering: Lowering, report: Report) -> Iterable[Document]:
    """The data sources always; the dashboards of this backend, and how they are read, where there are any."""
    target = project.targets.grafana
    if target is None:
        return
    layouts = [layout for layout in lowering.dashboards if BACKEND in layout.dashboard.backends]
    yield sources_document(project, target)
    if not layouts:
        return
    folders = Folders(project, [layout.dashboard for layout in layouts])
    yield folders.document(target)
    yield from _dashboards(project, target, layouts, folders)


def _dashboards(
    project: Project, target: GrafanaTarget, layouts: list[DashboardLayout], folders: Folders
) -> Iterator[Document]:
    taken: dict[str, str] = {}
    for layout in layouts:
        dashboard = layout.dashboard
        key = uid(project, dashboard.name)
        other = taken.setdefault(key, dashboard.name)
        if other != dashboard.name:
            raise DefectError(f"the dashboards {other} and {dashboard.name} have the same uid {key}")
        services = dict.fromkeys(row.service.id for row in dashboard.rows if row.service is not None)
        yield Document(
            path=folders.path(dashboard),
            content=dashboard_json(project, target, layout),
            format=Format.JSON,
            objects=(dashboard.id, *services),
            verdicts=(_verdict(dashboard.id, target.version),),
            resource=Resource(BACKEND, "dashboard", key),
        )


def _verdict(object_id: str, version: str) -> Verdict:
    if version_of(version) >= OLDEST:
        return Verdict(BACKEND, object_id, Grade.EXACT)
    oldest = ".".join(map(str, OLDEST))
    return Verdict(
        BACKEND,
        object_id,
        Grade.UNTRANSLATABLE,
        f"Grafana {version} does not read the panels that monmc writes; Grafana {oldest} is the first that does",
        f'upgrade, and set `targets.grafana.version` to "{oldest}" or later',
    )
