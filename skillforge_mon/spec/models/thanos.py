"""``targets.prometheus.thanos``: Thanos over the samples of several Prometheus servers."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from skillforge_mon.spec.models.base import PositiveDurationField, SpecModel, Text, VersionField


class Thanos(SpecModel):
    """Thanos: a sidecar beside each Prometheus, and a querier over all of them. A bare value is the version."""

    shorthand: ClassVar[str] = "version"
    version: VersionField = Field("0.42.4", description="The version that is run.")
    url: Text = Field("http://thanos-query:10902", description="The querier, as Grafana reaches it.")
    object_store: Text | None = Field(
        None,
        description="A secret reference: the whole file with the configuration of the object store. With it, blocks are "
        "uploaded, and a store gateway and a compactor are run.",
        pattern=r"^\$\{secret:[^}]+\}$",
    )
    retention: PositiveDurationField | None = Field(
        None, description="How long blocks are kept in the object store; default: for ever."
    )
