"""Where people reach Kibana and Datadog."""

from __future__ import annotations

from skillforge_mon.backends.ways.way import known_address
from skillforge_mon.model.project import Project


def kibana_page(project: Project) -> str | None:
    """Kibana, in its space; None where the spec does not say, or an environment says it."""
    target = project.targets.elasticsearch
    base = known_address(target.kibana_url) if target is not None else None
    if target is None or base is None:
        return None
    return f"{base}/s/{target.space}" if target.space is not None else base


def datadog_page(project: Project) -> str | None:
    """Datadog's pages of the organisation's site; None without one.

    Datadog, "Getting started with Datadog sites": the first sites have ``app.`` before them, the later ones a name.
    """
    target = project.targets.datadog
    if target is None:
        return None
    return f"https://{target.site}" if target.site.count(".") > 1 else f"https://app.{target.site}"
