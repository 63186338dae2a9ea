"""What Kibana imports: data views, searches, charts and dashboards, one saved object a line.

For ``POST /api/saved_objects/_import?overwrite=true``, which every version has ([kbn] "Import saved objects"). Objects
have identifiers of ours, so that a second import changes them, and a link to a dashboard survives. Each says which
version of its type it has, and Kibana brings it up to its own; these are those of 8.8, the oldest that is written for.

All of them bear one tag, which says whose they are, and which people may filter by; ``saved_objects.tagged`` adds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from skillforge_mon.backends.elasticsearch import lens
from skillforge_mon.backends.elasticsearch.fields import LEVEL
from skillforge_mon.backends.elasticsearch.ownership import identifier
from skillforge_mon.backends.elasticsearch.saved_objects import KINDS, Saved, owner_tag, tagged
from skillforge_mon.backends.elasticsearch.searches import kql
from skillforge_mon.backends.elasticsearch.streams import (
    BACKEND,
    DataStream,
    data_streams,
    has_levels,
    streams_in_elasticsearch,
)
from skillforge_mon.documents.document import Document, Format, Grade, Part, Plain, Resource, Verdict
from skillforge_mon.lower.panels import dashboard_title
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Dashboard, Project, Row

CORE: Final = "8.8.0"
VERSIONS: Final = {"index-pattern": "8.0.0", "search": "8.0.0", "lens": "8.6.0", "dashboard": "8.7.0"}
"""Type -> the version of its shape. elastic/integrations, ``typeMigrationVersion`` of objects saved by 8.8."""

COLUMNS: Final = 48
"""Columns of a dashboard ([kbn] dashboards API, ``grid``)."""

_ENDPOINT: Final = re.compile(r"(?i)(^|[_.])(endpoint|route|path|handler|url|uri)($|[_.])")
_HOURS: Final = "emit(doc['@timestamp'].value.getHour())"


def kibana_document(project: Project) -> Iterator[Document]:
    """One file with all objects of the project; none without streams."""
    streams = streams_in_elasticsearch(project)
    if not streams:
        return
    dashboards = [each for each in project.dashboards.values() if BACKEND in each.backends]
    saved: list[Saved] = [owner_tag(project)]
    for stream in streams:
        saved += [_view(project, stream, data_streams(project, stream)), _search(project, stream)]
    verdicts = []
    for dashboard in dashboards:
        objects, verdict = _dashboard(project, dashboard)
        saved += objects
        verdicts.append(verdict)
    bodies = {each: tagged(project, each) for each in saved}
    lines = [json.dumps(body, ensure_ascii=False, separators=(",", ":")) for body in bodies.values()]
    ids = (*(stream.id for stream in streams), *(each.id for each in dashboards))
    path = f"elasticsearch/kibana/{project.name.lower()}.ndjson"
    text = "".join(f"{line}\n" for line in lines)
    target = project.targets.elasticsearch
    parts: tuple[Part, ...] = ()
    if target is not None and target.kibana_url is not None:
        parts = tuple(Part(Resource(BACKEND, KINDS[each.type].name, each.key), body) for each, body in bodies.items())
    yield Document(path, text, Format.TEXT, ids, tuple(verdicts), parts=parts)


def shown_streams(project: Project, row: Row) -> tuple[LogStream, ...]:
    """The streams that ``use: logs`` shows: those of the row's service, or all."""
    streams = streams_in_elasticsearch(project)
    return tuple(stream for stream in streams if row.service is None or stream.service is row.service)


def charts(stream: LogStream) -> list[tuple[lens.Chart, int, int]]:
    """The charts of a stream, each with its columns of 48 and its height, from left to right and top to bottom."""
    name = stream.name
    fields = [each for each in stream.spec.index_by if each != stream.spec.level]
    endpoint = next((each for each in fields if _ENDPOINT.search(each)), None)
    if has_levels(stream):
        errors = kql(LEVEL, "error")
        found = [
            (lens.over_time(f"{name}: lines by level", LEVEL), 32, 12),
            (lens.gauge(f"{name}: share of errors", errors), 16, 12),
            (lens.over_time(f"{name}: errors over time", endpoint, errors), 24, 12),
            (lens.share_over_time(f"{name}: share of errors over time", errors), 24, 12),
        ]
    else:
        found = [(lens.over_time(f"{name}: lines", None), 24, 12)]
    found.append((lens.by_hour(f"{name}: lines by hour of the day"), 24, 12))
    if endpoint is not None:
        found.append((lens.parts(f"{name}: lines by {endpoint}", endpoint), 24, 12))
    found += [(lens.bars(f"{name}: lines by {each}", each), 24, 12) for each in fields if each != endpoint]
    return found


def _view(project: Project, stream: LogStream, of: Sequence[DataStream]) -> Saved:
    """What Kibana sees of the stream's data streams, with the hour of the day as a field that it works out."""
    hour: Plain = {"type": "long", "script": {"source": _HOURS}}
    attributes: dict[str, Plain] = {
        "title": ",".join(each.name for each in of),
        "name": f"{project.name}: {stream.name}",
        "timeFieldName": "@timestamp",
        "runtimeFieldMap": _text({lens.HOUR: hour}),
        "fields": "[]",
        "fieldAttrs": "{}",
        "fieldFormatMap": "{}",
        "sourceFilters": "[]",
        "typeMeta": "{}",
    }
    return _saved(project, "index-pattern", stream.id, attributes)


def _search(project: Project, stream: LogStream) -> Saved:
    """The latest errors of the stream, or its latest lines where they have no level."""
    query = kql(LEVEL, "error") if has_levels(stream) else ""
    place = "kibanaSavedObjectMeta.searchSourceJSON.index"
    source: Plain = {"query": {"language": "kuery", "query": query}, "filter": [], "indexRefName": place}
    columns = [*([LEVEL] if has_levels(stream) else []), *stream.spec.index_by, "message"]
    attributes: dict[str, Plain] = {
        "title": _search_title(project, stream),
        "description": stream.spec.description or "",
        "columns": list(dict.fromkeys(each for each in columns if each != stream.spec.level)),
        "sort": [["@timestamp", "desc"]],
        "grid": {},
        "hideChart": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)},
    }
    reference = _reference("index-pattern", _view_id(project, stream), place)
    return _saved(project, "search", stream.id, attributes, [reference])


def _search_title(project: Project, stream: LogStream) -> str:
    return f"{project.name}: {stream.name}: {'latest errors' if has_levels(stream) else 'latest lines'}"


def _dashboard(project: Project, dashboard: Dashboard) -> tuple[list[Saved], Verdict]:
    found: list[Saved] = []
    panels: list[Plain] = []
    references: list[Plain] = []
    left_out: list[str] = []
    top = 0
    for number, row in enumerate(dashboard.rows):
        streams = shown_streams(project, row) if row.spec.use == "logs" else ()
        if row.spec.use != "logs" or row.panels or not streams:
            left_out.append(_why_left_out(number, row))
        for stream in streams:
            shown = [*_charts(project, dashboard, stream, number), (None, COLUMNS, 16)]
            across = height = 0
            for chart, width, size in shown:
                if across + width > COLUMNS:
                    top, across, height = top + height, 0, 0
                kind = "lens" if chart is not None else "search"
                key = chart.id if chart is not None else identifier(project, "search", stream.id)
                index = str(len(panels) + 1)
                panels.append(_panel(index, kind, (across, top, width, size)))
                references.append(_reference(kind, key, f"{index}:panel_{index}"))
                found += [chart] if chart is not None else []
                across, height = across + width, max(height, size)
            top += height
    if not panels:
        reason = "none of its rows shows log lines that Elasticsearch keeps"
        return [], Verdict(BACKEND, dashboard.id, Grade.UNTRANSLATABLE, reason, "write rows with `use: logs`")
    found.append(_whole(project, dashboard, panels, references))
    if left_out:
        return found, Verdict(BACKEND, dashboard.id, Grade.APPROXIMATE, "; ".join(left_out))
    return found, Verdict(BACKEND, dashboard.id, Grade.EXACT)


def _why_left_out(number: int, row: Row) -> str:
    if row.spec.use != "logs":
        return f"row {number + 1} is left out: Kibana shows rows of `use: logs` alone"
    if row.panels:
        return f"the panels of row {number + 1} are left out: Kibana shows rows of `use: logs` alone"
    return f"row {number + 1} is left out: Elasticsearch keeps no lines of its service"


def _charts(
    project: Project, dashboard: Dashboard, stream: LogStream, row: int
) -> Iterator[tuple[Saved | None, int, int]]:
    for chart, width, height in charts(stream):
        key = f"{dashboard.id}/{row}/{stream.name}/{chart.title}"
        reference = _reference(
            "index-pattern", _view_id(project, stream), f"indexpattern-datasource-layer-{lens.LAYER}"
        )
        yield _saved(project, "lens", key, lens.attributes(chart), [reference]), width, height


def _panel(index: str, kind: str, grid: tuple[int, int, int, int]) -> Plain:
    across, top, width, height = grid
    return {
        "version": CORE,
        "type": kind,
        "gridData": {"x": across, "y": top, "w": width, "h": height, "i": index},
        "panelIndex": index,
        "embeddableConfig": {"enhancements": {}},
        "panelRefName": f"panel_{index}",
    }


def _whole(project: Project, dashboard: Dashboard, panels: Sequence[Plain], references: Sequence[Plain]) -> Saved:
    spec = dashboard.spec
    source: Plain = {"query": {"language": "kuery", "query": ""}, "filter": []}
    attributes: dict[str, Plain] = {
        "title": dashboard_title(project, dashboard),
        "description": spec.description or "",
        "panelsJSON": _text(panels),
        "optionsJSON": _text({"useMargins": True, "syncColors": False, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": f"now-{_ago(int(spec.time_from) if spec.time_from is not None else 86_400_000)}",
        "timeTo": "now",
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)},
    }
    if spec.refresh is not None:
        attributes["refreshInterval"] = {"pause": spec.refresh == 0, "value": int(spec.refresh)}
    return _saved(project, "dashboard", dashboard.id, attributes, references)


def _ago(length: int) -> str:
    """A length of time in date maths, which has one unit: ``24h``, ``90m``, ``15s``."""
    for unit, size in (("h", 3_600_000), ("m", 60_000)):
        if length % size == 0:
            return f"{length // size}{unit}"
    return f"{-(-length // 1000)}s"


def _saved(
    project: Project, kind: str, key: str, attributes: Mapping[str, Plain], references: Sequence[Plain] = ()
) -> Saved:
    body: dict[str, Plain] = {
        "type": kind,
        "id": identifier(project, kind, key),
        "attributes": dict(attributes),
        "references": list(references),
        "coreMigrationVersion": CORE,
        "typeMigrationVersion": VERSIONS[kind],
    }
    return Saved(kind, key, body)


def _reference(kind: str, key: str, name: str) -> Plain:
    return {"type": kind, "id": key, "name": name}


def _view_id(project: Project, stream: LogStream) -> str:
    return identifier(project, "index-pattern", stream.id)


def _text(value: Plain) -> str:
    """What saved objects hold as text: JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
