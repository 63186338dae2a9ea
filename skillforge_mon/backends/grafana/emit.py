"""Grafana's documents: dashboards; data sources and folders, once for its provisioning and once for its API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.grafana.alerting import alerting_documents
from skillforge_mon.backends.grafana.capabilities import OLDEST, version_of
from skillforge_mon.backends.grafana.dashboard import dashboard_json
from skillforge_mon.backends.grafana.folders import Folders, folder_uid
from skillforge_mon.backends.grafana.identity import uid
from skillforge_mon.backends.grafana.sources import source_bodies, sources_document
from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Reference, Resource, Verdict
from skillforge_mon.lower.layout import DashboardLayout
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.panels import dashboard_folder
from skillforge_mon.model.project import Dashboard, Project
from skillforge_mon.spec.models.targets import GrafanaTarget

BACKEND = "grafana"


def emit(project: Project, lowering: Lowering, report: Report) -> Iterable[Document]:
    """The data sources always; dashboards and how they are read, and alerts with who is told, where there are any."""
    target = project.targets.grafana
    if target is None:
        return
    layouts = [layout for layout in lowering.dashboards if BACKEND in layout.dashboard.backends]
    yield sources_document(project, target)
    yield from source_bodies(project, target)
    folders = Folders(project, [layout.dashboard for layout in layouts])
    if layouts:
        yield folders.document(target)
        yield from folders.bodies()
        yield from _dashboards(project, target, layouts, folders)
    if target.alerting:
        yield from alerting_documents(project, lowering, target, report, folders.titles)


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
            resource=_resource(project, dashboard, key),
        )


def _resource(project: Project, dashboard: Dashboard, key: str) -> Resource:
    """The dashboard as a resource: its data sources are named by uids that are known, its folder is looked up."""
    spec = dashboard.spec
    folder = folder_uid(project, dashboard_folder(project, dashboard))
    return Resource(
        BACKEND,
        "dashboard",
        key,
        references=(Reference("folder", folder),) if folder else (),
        was=uid(project, spec.was) if spec.was is not None else "",
        adopt=(spec.adopt.grafana or "") if spec.adopt is not None else "",
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
