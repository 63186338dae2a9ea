"""``sentry/sdk/SERVICE.env``: what the SDK within a service is to be told, as variables of its environment.

Sampling is the SDK's: a project of Sentry has no rate of its own, but for organisations in manual mode of dynamic
sampling (getsentry/sentry, ``core.endpoints.project_details``, ``validate_targetSampleRate``), and that is about what
is kept of what was sent. Names: develop.sentry.dev/sdk/foundations/client/configuration.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from skillforge_mon.documents.document import Document, Format
from skillforge_mon.model.probe_hosts import url_host
from skillforge_mon.model.project import Project, Service
from skillforge_mon.model.secrets import references_in
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

_HEADER = """\
# Settings of Sentry's SDK in {service}, written by monmc. Change the spec instead.
# Every SDK that runs as a process reads SENTRY_DSN, SENTRY_ENVIRONMENT and SENTRY_RELEASE by itself. Whether yours
# reads the rates as well is said in its documentation; where it does not, and in browsers, pass them to its `init`.
# SENTRY_DSN is a secret of the deployment and stands in no file of monmc's. Read it in Sentry:
# {keys}
"""


def sdk_documents(project: Project) -> Iterator[Document]:
    """One for each service that says what it sends."""
    for service in project.services.values():
        errors = service.spec.errors
        if errors is None or (errors.sampling is None and errors.release is None and errors.environment is None):
            continue
        yield Document(f"sentry/sdk/{service.name}.env", _text(project, service), Format.TEXT, (service.id,))


def _text(project: Project, service: Service) -> str:
    target, errors = project.targets.sentry, service.spec.errors
    assert target is not None  # noqa: S101 - without either nothing is written
    assert errors is not None  # noqa: S101
    header = _HEADER.format(
        service=service.name,
        keys=f"{_pages(target.url)}/settings/{target.organization}/projects/{errors.sentry_project}/keys/",
    )
    of_build = project.environment if project.environment != DEFAULT_ENVIRONMENT else None
    sampling = errors.sampling
    variables = {
        "SENTRY_ENVIRONMENT": errors.environment or target.environment or of_build,
        "SENTRY_RELEASE": _variable(errors.release) if errors.release is not None else None,
        "SENTRY_SAMPLE_RATE": _rate(sampling.errors) if sampling is not None else None,
        "SENTRY_TRACES_SAMPLE_RATE": _rate(sampling.traces) if sampling is not None else None,
        "SENTRY_PROFILES_SAMPLE_RATE": _rate(sampling.profiles) if sampling is not None else None,
    }
    return header + "".join(f"{name}={value}\n" for name, value in variables.items() if value is not None)


def _pages(url: str) -> str:
    """Where people read: an address of the cloud's API is one of a region, and its pages are at sentry.io."""
    return "https://sentry.io" if url_host(url).endswith("sentry.io") else url.rstrip("/")


def _rate(share: Decimal | None) -> str | None:
    """``0.1``; Sentry's own examples write ``1.0`` for everything."""
    if share is None:
        return None
    return f"{share:f}" if share % 1 else f"{share:.1f}"


def _variable(text: str) -> str:
    """``${GIT_COMMIT}`` for ``${env:GIT_COMMIT}``: whatever reads the file fills it in, as Docker Compose does."""
    for each in references_in(text):
        text = text.replace(str(each), f"${{{each.name}}}")
    return text
