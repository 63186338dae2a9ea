"""The whole of a spec."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from skillforge_mon.spec.models.alerts import Alert
from skillforge_mon.spec.models.base import Ignores, MetricName, Name, SpecModel, Text
from skillforge_mon.spec.models.baselines import Baseline
from skillforge_mon.spec.models.dashboards import Dashboard
from skillforge_mon.spec.models.deploy import Deploy
from skillforge_mon.spec.models.exporters import Exporter
from skillforge_mon.spec.models.kpis import Kpi
from skillforge_mon.spec.models.logs import LogStream
from skillforge_mon.spec.models.metrics import Metric, Recording
from skillforge_mon.spec.models.on_demand import Objects, OnDemand
from skillforge_mon.spec.models.packs import Pack
from skillforge_mon.spec.models.people import Escalation, Team
from skillforge_mon.spec.models.probes import Probe
from skillforge_mon.spec.models.retention import Retention
from skillforge_mon.spec.models.secrets import Secret
from skillforge_mon.spec.models.services import Maintenance, Runbook, Service
from skillforge_mon.spec.models.slos import Slo
from skillforge_mon.spec.models.targets import Targets
from skillforge_mon.spec.models.tests import Scenario
from skillforge_mon.spec.models.traces import Traces

LANGUAGE_VERSION = 1


def _language_version(value: Any) -> Any:
    if value == LANGUAGE_VERSION and type(value) is int:
        return value
    raise PydanticCustomError("language_version", "this is not a version of the language", {"expected": "version: 1"})


class Spec(SpecModel):
    """One declarative description of a project's monitoring."""

    version: Annotated[int, BeforeValidator(_language_version), WithJsonSchema({"const": LANGUAGE_VERSION})] = Field(
        description="Version of the language: 1."
    )
    project: Name = Field(description="Name of the project.")
    description: Text | None = Field(None, description="What the project is.")
    use: list[Text] = Field(default_factory=list, description="Packaged metric catalogues: node, postgres, redis, …")
    ignore: Ignores = Field(
        default_factory=dict, description="Codes not to report anywhere in the project, each with the reason."
    )
    targets: Targets = Field(default_factory=Targets, description="The systems that it is compiled for.")
    deploy: Deploy = Field(default_factory=Deploy, description="How these systems are run.")
    retention: Retention = Field(default_factory=Retention, description="How long data is kept.")
    metrics: dict[MetricName, Metric] = Field(default_factory=dict, description="The metric catalogue.")
    recordings: Objects[Recording] = Field(default_factory=dict, description="Precomputed queries.")
    teams: Objects[Team] = Field(default_factory=dict, description="Who is told.")
    escalation: Objects[Escalation] = Field(default_factory=dict, description="Who is told first, and who next.")
    services: Objects[Service] = Field(default_factory=dict, description="What is watched.")
    exporters: Objects[Exporter] = Field(
        default_factory=dict, description="Exporters, each with its scrape job, metric catalogue and pack."
    )
    packs: Objects[Pack] = Field(default_factory=dict, description="Packs of your own, which services may use.")
    slos: Objects[Slo] = Field(default_factory=dict, description="What users are promised.")
    alerts: Objects[Alert] = Field(default_factory=dict, description="What somebody must hear of.")
    baselines: Objects[Baseline] = Field(default_factory=dict, description="How quick things usually are.")
    kpis: Objects[Kpi] = Field(default_factory=dict, description="Numbers with a target.")
    logs: Objects[LogStream] = Field(default_factory=dict, description="Streams of log lines.")
    probes: Objects[Probe] = Field(default_factory=dict, description="What is asked from outside.")
    traces: OnDemand[Traces] = Field(None, description="What becomes of traces; `{}` for the usual.")
    maintenance: Objects[Maintenance] = Field(default_factory=dict, description="When nobody is told.")
    dashboards: Objects[Dashboard] = Field(default_factory=dict, description="What people look at.")
    runbooks: Objects[Runbook] = Field(default_factory=dict, description="What to do.")
    tests: Objects[Scenario] = Field(default_factory=dict, description="Scenarios of your own, for `monmc test`.")
    secrets: Objects[Secret] = Field(
        default_factory=dict,
        description="Where the values of `${secret:NAME}` come from on push. Default: the variable of that name, or the file of that name in the folder that `MONMC_SECRETS_DIR` names.",
    )


COLLECTIONS: dict[str, type[SpecModel]] = {
    "metrics": Metric,
    "recordings": Recording,
    "teams": Team,
    "escalation": Escalation,
    "services": Service,
    "exporters": Exporter,
    "packs": Pack,
    "slos": Slo,
    "alerts": Alert,
    "baselines": Baseline,
    "kpis": Kpi,
    "logs": LogStream,
    "probes": Probe,
    "maintenance": Maintenance,
    "dashboards": Dashboard,
    "runbooks": Runbook,
    "tests": Scenario,
    "secrets": Secret,
}
"""Every section that is a map of objects by name. An object's id is ``section.name``."""

OVERLAY_SECTIONS = ("defaults", "environments")
"""Sections that are applied to the others before validation: they never reach the model."""
