"""A file of output taken apart into what people know: alerts, SLOs, panels, receivers, routes, scrape jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

WHOLE = ""
"""The variant of a part that has only one."""
_SECTIONS = ("alerts", "slos")
_SECTIONS_OF_KINDS = {"dashboard": ("dashboards",), "page": ("runbooks",), "scrape targets": ("services",)}
"""Of which section the object is that a file of this kind is about; of any other kind it is an alert or an SLO."""


@dataclass(frozen=True, slots=True)
class PartKey:
    """Which part it is. ``object_id`` is the spec object that it is made from, "" where there are several."""

    backend: str
    kind: str
    name: str
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One variant of a part (an alert at a severity and level) and the file that it stands in."""

    key: PartKey
    variant: str
    data: Any
    file: str


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What the manifest or the emitter says about a file: its backend, its spec objects, and its resource, if any."""

    path: str
    backend: str
    objects: tuple[str, ...]
    resource_kind: str = ""
    resource_key: str = ""


def pieces(file: FileIdentity, data: Any) -> Iterator[Piece]:
    """Everything in ``file`` whose plain data (or, for a text, text) is ``data``."""
    if isinstance(data, Mapping):
        if file.backend == "prometheus" and _are_rules(data):
            yield from _rules(file, data)
            return
        if file.backend == "prometheus" and "scrape_configs" in data:
            yield from _named(file, data, {"scrape_configs": ("scrape job", "job_name")})
            return
        if file.backend == "alertmanager" and isinstance(data.get("route"), Mapping):
            yield from _alertmanager(file, data)
            return
        if _are_maps(data.get("panels")):
            yield _of_file(file, "dashboard", _dashboard(data))
            return
        if file.resource_kind == "dashboard" and _are_maps(data.get("widgets")):
            yield _of_file(file, "dashboard", _dashboard_of_widgets(data))
            return
    if isinstance(data, str):
        yield _of_file(file, "page" if file.path.endswith(".md") else "file", {"text": data})
    elif file.path.startswith("prometheus/targets/"):
        yield _of_file(file, "scrape targets", data)
    else:
        yield _of_file(file, file.resource_kind or "file", data)


def _of_file(file: FileIdentity, kind: str, data: Any) -> Piece:
    """The one part that a file is: called after its spec object, else after its resource or the file itself."""
    stem = file.path.rpartition("/")[2].rpartition(".")[0]
    own = [each for each in file.objects if each.partition(".")[0] in _SECTIONS_OF_KINDS.get(kind, _SECTIONS)]
    if kind == "page":  # the index of all runbooks names them as well
        own = [each for each in own if each.partition(".")[2] == stem]
    found = own[0] if len(own) == 1 else ""
    section, _, object_name = found.partition(".")
    if kind in _SECTIONS_OF_KINDS:
        name = object_name or stem
    else:
        name = file.resource_key.removeprefix(f"{section}.") or file.path
    object_id = found if found and name.startswith(object_name) else ""
    return Piece(PartKey(file.backend, kind, name, object_id), WHOLE, data, file.path)


def _rules(file: FileIdentity, data: Mapping[str, Any]) -> Iterator[Piece]:
    """Each rule with the settings of its group, and what else the file says."""
    rest = {key: value for key, value in data.items() if key != "groups"}
    if rest:
        yield Piece(PartKey(file.backend, "file", file.path), WHOLE, rest, file.path)
    for group in data["groups"]:
        settings = {f"group {key}": value for key, value in group.items() if key != "rules"}
        if not group["rules"]:
            yield Piece(PartKey(file.backend, "group", str(group.get("name"))), WHOLE, settings, file.path)
        for rule in group["rules"]:
            labels = rule.get("labels")
            labels = labels if isinstance(labels, Mapping) else {}
            what = str(rule.get("alert") or rule.get("record") or "")
            variant = _severity_and_level(labels) if "alert" in rule else WHOLE
            slo = labels.get("slo") or labels.get("sloth_slo")
            if slo is not None:
                key = PartKey(file.backend, "slo", str(slo), f"slos.{slo}")
                burns = what.endswith("BudgetBurn")
                variant = variant if burns else what if "slo" in labels else f"{what} (as Sloth)"
            elif "alert" in rule:
                key = PartKey(file.backend, "alert", what, f"alerts.{what}")
            else:
                key = PartKey(file.backend, "recording", what)
            yield Piece(key, variant, {**rule, **settings}, file.path)


def _are_rules(data: Mapping[str, Any]) -> bool:
    """True for the shape of a rule file: groups with rules, all of them maps."""
    groups = data.get("groups")
    return _are_maps(groups) and all(_are_maps(group.get("rules")) for group in groups)


def _are_maps(value: Any) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)


def _severity_and_level(labels: Mapping[str, Any]) -> str:
    level = f"level {labels['level']}" if "level" in labels else ""
    return " ".join(filter(None, (str(labels.get("severity", "")), level)))


def _named(file: FileIdentity, data: Mapping[str, Any], lists: Mapping[str, tuple[str, str]]) -> Iterator[Piece]:
    """The members of some lists (list -> their kind, what they are called by) as parts of their own, and the rest."""
    rest = dict(data)
    for field, (kind, name) in lists.items():
        members = rest.get(field)
        if _are_maps(members) and all(name in member for member in members):
            del rest[field]
            for member in members:
                yield Piece(PartKey(file.backend, kind, str(member[name])), WHOLE, member, file.path)
    yield Piece(PartKey(file.backend, "settings", file.path.rpartition("/")[2]), WHOLE, rest, file.path)


def _alertmanager(file: FileIdentity, data: Mapping[str, Any]) -> Iterator[Piece]:
    root = data["route"]
    rest = dict(data)
    routes = root.get("routes", [])
    if _are_maps(routes):
        rest["route"] = {key: value for key, value in root.items() if key != "routes"}
        for route in routes:
            name = str(route.get("receiver") or route.get("matchers"))
            yield Piece(PartKey(file.backend, "route", name), WHOLE, route, file.path)
    yield from _named(file, rest, {"receivers": ("receiver", "name"), "time_intervals": ("muted times", "name")})


def _dashboard(data: Mapping[str, Any]) -> dict[str, Any]:
    """A dashboard with its panels by title, and rows and sizes instead of coordinates, which shift with neighbours."""
    panels: dict[str, Any] = {}
    row = ""
    for panel in _all_panels(data["panels"]):
        title = str(panel.get("title", ""))
        if panel.get("type") == "row":
            row = title
        name = _unlike(f'row "{title}"' if panel.get("type") == "row" else f'"{title}"', panels)
        place = panel.get("gridPos")
        size = {"width": place.get("w"), "height": place.get("h")} if isinstance(place, Mapping) else {}
        kept = {key: value for key, value in panel.items() if key not in {"id", "gridPos", "panels"}}
        panels[name] = {**kept, **size, **({"row": row} if panel.get("type") != "row" and row else {})}
    return {**{key: value for key, value in data.items() if key != "panels"}, "panels": panels}


def _dashboard_of_widgets(data: Mapping[str, Any]) -> dict[str, Any]:
    """A dashboard of Datadog in the same form: its groups are rows, its widgets panels."""
    panels: dict[str, Any] = {}
    for widget, row in _all_widgets(data["widgets"], ""):
        definition = {key: value for key, value in widget["definition"].items() if key != "widgets"}
        title = str(definition.get("title", ""))
        is_row = definition.get("type") == "group"
        name = _unlike(f'row "{title}"' if is_row else f'"{title}"', panels)
        place = widget.get("layout")
        size = {key: place.get(key) for key in ("width", "height")} if isinstance(place, Mapping) and not is_row else {}
        panels[name] = {**definition, **size, **({"row": row} if row else {})}
    return {**{key: value for key, value in data.items() if key != "widgets"}, "panels": panels}


def _all_widgets(widgets: Sequence[Mapping[str, Any]], row: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    for widget in widgets:
        definition = widget.get("definition")
        if isinstance(definition, Mapping):
            yield widget, row
            inner = definition.get("widgets")
            if _are_maps(inner):
                yield from _all_widgets(inner, str(definition.get("title", "")))


def _unlike(name: str, others: Mapping[str, Any]) -> str:
    """``name``, with a number where another one is called so."""
    found, number = name, 1
    while found in others:
        number += 1
        found = f"{name} ({number})"
    return found


def _all_panels(panels: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for panel in panels:
        yield panel
        inner = panel.get("panels")
        if _are_maps(inner):
            yield from _all_panels(inner)
