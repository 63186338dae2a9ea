"""Grafana's Explore, with a query to begin with.

Grafana, "Get started with Explore", "Generate Explore URLs from external tools": ``panes`` with ``schemaVersion=1``,
from 10.1 on; before, ``left``, which later versions still read.
"""

from __future__ import annotations

import json
from typing import Final

from skillforge_mon.backends.grafana.capabilities import version_of
from skillforge_mon.backends.grafana.sources import data_sources
from skillforge_mon.backends.ways.way import encoded, known_address
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project

PANES: Final = (10, 1)
_RANGE: Final[dict[str, Plain]] = {"from": "now-1h", "to": "now"}


def explore(project: Project, kind: str, query: dict[str, Plain]) -> str | None:
    """The address of ``query`` to the data source of ``kind``; None where either is not there, or not known."""
    target = project.targets.grafana
    base = known_address(target.url) if target is not None else None
    if target is None or base is None:
        return None
    source = data_sources(project, target).get(kind)
    if source is None:
        return None
    asked: Plain = {"refId": "A", "datasource": {"type": kind, "uid": source.uid}, **query}
    pane: Plain = {"datasource": source.uid, "queries": [asked], "range": _RANGE}
    organisation = f"&orgId={target.org_id}" if target.org_id is not None else ""
    if version_of(target.version) >= PANES:
        return f"{base}/explore?schemaVersion=1{organisation}&panes={_json({'monmc': pane})}"
    return f"{base}/explore?left={_json(pane)}{organisation}"


def _json(value: Plain) -> str:
    return encoded(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
