"""``targets.grafana.sources``: data sources beside those that follow from the other targets."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from skillforge_mon.spec.models.base import SpecModel, Text

MADE_ANYWAY = frozenset(("alertmanager", "jaeger", "loki", "prometheus", "tempo"))
"""Data sources that follow from the other targets: names that a further one cannot have."""


class GrafanaSource(SpecModel):
    """A further data source, for people who explore and for dashboards that are not of this spec."""

    type: Text = Field(description="Its type in Grafana, such as `cloudwatch`. That of a plugin has to be installed.")
    url: Text | None = Field(None, description="Where Grafana reaches it, for a type that asks for it here.")
    settings: dict[Text, Any] = Field(
        default_factory=dict, description="`jsonData`, as Grafana's page about the type has it."
    )
    secrets: dict[Text, Text] = Field(
        default_factory=dict, description="`secureJsonData`: secret references, by the names that the type has."
    )
