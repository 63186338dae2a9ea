"""The contract of a backend, and the registry that names them all.

A backend is a folder with ``emit.py`` (``emit(project, lowering, report)`` returns its documents, and does nothing
else) and ``capabilities.py``. It is imported only when a project names it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from skillforge_mon.backends.translated import TranslateQuery
    from skillforge_mon.diagnostics.diagnostic import Report
    from skillforge_mon.documents.document import Document
    from skillforge_mon.lower.lowering import Lowering
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.api import Connect, ConnectFiles, ConnectMuter


class Emit(Protocol):
    """What ``emit.py`` of every backend offers."""

    def __call__(self, project: Project, lowering: Lowering, report: Report) -> Iterable[Document]:
        """The files of this backend. Pure: the same project gives the same documents."""
        ...


class Deploy(Protocol):
    """What ``emit.py`` of a backend in ``DEPLOYERS`` offers."""

    def __call__(self, project: Project, documents: Sequence[Document], report: Report) -> Iterable[Document]:
        """The files that run what ``documents`` configure: those of all other backends of the project. Pure."""
        ...


REGISTRY: dict[str, str] = {
    "prometheus": "skillforge_mon.backends.prometheus",
    "blackbox": "skillforge_mon.backends.blackbox",
    "alertmanager": "skillforge_mon.backends.alertmanager",
    "grafana": "skillforge_mon.backends.grafana",
    "datadog": "skillforge_mon.backends.datadog",
    "sentry": "skillforge_mon.backends.sentry",
    "pagerduty": "skillforge_mon.backends.pagerduty",
    "ruler": "skillforge_mon.backends.ruler",
    "exporters": "skillforge_mon.backends.exporters",
    "loki": "skillforge_mon.backends.loki",
    "alloy": "skillforge_mon.backends.alloy",
    "promtail": "skillforge_mon.backends.promtail",
    "jaeger": "skillforge_mon.backends.jaeger",
    "tempo": "skillforge_mon.backends.tempo",
    "collector": "skillforge_mon.backends.collector",
    "otel": "skillforge_mon.backends.otel",
    "elasticsearch": "skillforge_mon.backends.elasticsearch",
    "runbooks": "skillforge_mon.backends.runbooks",
    "compose": "skillforge_mon.backends.compose",
    "kubernetes": "skillforge_mon.backends.kubernetes",
}
"""Backend -> package. Each has a section of the same name under ``targets``, except ``runbooks``, which every project
gets, ``exporters`` and ``otel``, which come with sections of their own, and ``DEPLOYERS``, whose sections stand under
``deploy``. A new backend is one line here and one folder."""

ALWAYS = ("runbooks",)
_TITLES = {
    "pagerduty": "PagerDuty",
    "blackbox": "blackbox_exporter",
    "otel": "OpenTelemetry",
    "collector": "OpenTelemetry Collector",
}


def asked_for(project: Project) -> tuple[str, ...]:
    """The backends that say what the systems of ``project`` do; those that run them come after."""
    configured = any(each.sql is not None or each.json_ is not None for each in project.spec.exporters.values())
    traced = project.traces is not None
    own = (*(("exporters",) if configured else ()), *(("otel",) if traced else ()))
    others = {*project.backends, *ALWAYS, *own}
    return tuple(name for name in REGISTRY if name in others and name not in DEPLOYERS)


DEPLOYERS: tuple[str, ...] = ("compose", "kubernetes")
"""Backends that run what the others configure. Their ``emit.py`` has ``deploy``, and comes after all of those."""


APIS: tuple[str, ...] = ("grafana", "datadog", "alertmanager", "sentry", "pagerduty", "ruler", "elasticsearch")
"""Backends with ``api.py``: objects of theirs live on a server."""

FILE_SERVERS: tuple[str, ...] = ("prometheus", "alertmanager")
"""Backends with ``loaded.py``: a server of theirs reads the files that a build wrote."""


def title(name: str) -> str:
    """What people call the backend ``name``."""
    return _TITLES.get(name, name.capitalize())


def connector(name: str) -> Connect:
    """The ``connect`` of the backend ``name``, which is one of ``APIS``."""
    return cast("Connect", importlib.import_module(f"{REGISTRY[name]}.api").connect)


def file_connector(name: str) -> ConnectFiles:
    """The ``connect_files`` of the backend ``name``, which is one of ``FILE_SERVERS``."""
    return cast("ConnectFiles", importlib.import_module(f"{REGISTRY[name]}.loaded").connect_files)


TRANSLATORS: tuple[str, ...] = ("datadog",)
"""Backends with ``translation.py``: they have a query language of their own."""


def translator(name: str) -> TranslateQuery:
    """The ``translate_query`` of the backend ``name``, which is one of ``TRANSLATORS``."""
    return cast("TranslateQuery", importlib.import_module(f"{REGISTRY[name]}.translation").translate_query)


MUTERS: dict[str, str] = {
    "alertmanager": "skillforge_mon.backends.alertmanager.silences_running",
    "datadog": "skillforge_mon.backends.datadog.running_downtimes",
}
"""Backends on which alerts can be muted by hand, each with the module that has its ``connect_muter``."""


def muter_connector(name: str) -> ConnectMuter:
    """The ``connect_muter`` of the backend ``name``, which is one of ``MUTERS``."""
    return cast("ConnectMuter", importlib.import_module(MUTERS[name]).connect_muter)


def emitter(name: str) -> Emit:
    """The ``emit`` of the backend ``name``."""
    return cast("Emit", importlib.import_module(f"{REGISTRY[name]}.emit").emit)


def deployer(name: str) -> Deploy:
    """The ``deploy`` of the backend ``name``, which is one of ``DEPLOYERS``."""
    return cast("Deploy", importlib.import_module(f"{REGISTRY[name]}.emit").deploy)
