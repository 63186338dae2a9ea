"""Whether Datadog answers, takes the keys, and lets them read what push changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from skillforge_mon.backends.datadog.differences import BACKEND
from skillforge_mon.backends.datadog.kinds import ENDPOINTS
from skillforge_mon.model.project import Project
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import RemoteError, UnauthorisedError
from skillforge_mon.remote.service import Service

_USED: Final[Mapping[str, Callable[[Project], bool]]] = {
    "monitor": lambda project: any(BACKEND in alert.backends for alert in project.alerts.values()),
    "slo": lambda project: any(BACKEND in slo.backends for slo in project.slos.values()),
    "downtime": lambda project: bool(project.maintenance),
    "dashboard": lambda project: any(BACKEND in each.backends for each in project.dashboards.values()),
    "log_pipeline": lambda project: any(BACKEND in stream.backends for stream in project.logs.values()),
    "log_index": lambda project: any(BACKEND in stream.backends for stream in project.logs.values()),
    "scanner_group": lambda project: any(
        BACKEND in stream.backends and bool(stream.spec.mask) for stream in project.logs.values()
    ),
}
"""Kind -> whether the project has objects of it. Kinds that no section of the language makes are not asked for."""


def checks(service: Service, project: Project) -> Iterator[Check]:
    """The API key, then one reading request for each kind that the project uses, which needs the application key.

    Only permissions to read can be seen without changing anything; those to write are told where one is missing.
    """
    try:
        service.request("GET", "/api/v1/validate")
    except UnauthorisedError as error:
        help_ = "set `DD_API_KEY`, or `targets.datadog.api_key`, to an API key of the organisation, and check `site`"
        yield Check("API key", ok=False, detail=str(error), help=help_)
        return
    except RemoteError as error:
        yield Check("API key", ok=False, detail=str(error), help=f"is {service.base_url} the address of the API?")
        return
    yield Check("API key", ok=True, detail=f"accepted by {service.base_url}")
    for name, used in _USED.items():
        endpoint = ENDPOINTS[name]
        subject = f"{endpoint.kind.title}{'es' if endpoint.kind.title.endswith('x') else 's'}"
        if not used(project):
            yield Check(subject, ok=True, detail="the project has none in Datadog", skipped=True)
            continue
        read, write = endpoint.scopes
        scopes = f"`{read}`" if read == write else f"`{read}` and `{write}`"
        pages = endpoint.pages
        try:
            service.request("GET", endpoint.path, params={pages.size_parameter: 1} if pages is not None else {})
        except UnauthorisedError as error:
            help_ = f"`DD_APP_KEY` must be an application key of the organisation that may use {scopes}"
            yield Check(subject, ok=False, detail=str(error), help=help_)
        except RemoteError as error:
            yield Check(subject, ok=False, detail=str(error))
        else:
            yield Check(subject, ok=True, detail=f"can be read; push also needs `{write}`" if read != write else "")
