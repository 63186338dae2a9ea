"""The rows of a dashboard as groups of widgets; what Datadog cannot say is collected with its place in the spec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from skillforge_mon.backends.datadog.dashboards.asked import probe_panels
from skillforge_mon.backends.datadog.dashboards.chosen_ranges import refuse_other_ranges
from skillforge_mon.backends.datadog.dashboards.drawing import Drawn, drawn
from skillforge_mon.backends.datadog.dashboards.grid import extents
from skillforge_mon.backends.datadog.dashboards.handwritten import written_by_hand
from skillforge_mon.backends.datadog.dashboards.objectives import slo_widgets
from skillforge_mon.backends.datadog.dashboards.placed import Widget, group, in_places
from skillforge_mon.backends.datadog.dashboards.reader import PanelReader
from skillforge_mon.backends.datadog.dashboards.variables import shown_text, variable_tags
from skillforge_mon.backends.datadog.dashboards.widgets import (
    SCALAR,
    histogram_widget,
    logs_widget,
    metric_widget,
    monitors_widget,
    note_widget,
)
from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.datadog.markers import MANAGED
from skillforge_mon.backends.datadog.names import Names
from skillforge_mon.backends.datadog.query.printer import print_node
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.lower.layout import DashboardLayout, ShownPanel, ShownRow, Wish, place
from skillforge_mon.model.project import Panel, Project, Row, Slo
from skillforge_mon.query.adaptive_window import ADAPTIVE_WINDOW
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.suggest import listed

WAY_OUT = (
    "write the query in Datadog's words, `datadog: {query: …}` in the panel, or say why it is left out there: "
    "`datadog: {omit: …}`"
)
_Made: TypeAlias = tuple[ShownPanel, dict[str, Plain]]
_OF_OTHERS = ("datadog: {", "alert")
"""Signs that advice is meant for monitors or SLOs."""

_OF_MONITORS = {
    f"[{ADAPTIVE_WINDOW}]": "[…]",
    "Datadog's monitors aggregate": "Datadog aggregates",
    "Datadog's monitors have": "Datadog has",
    "a monitor could watch": "a panel could show",
}


class Rows:
    """The rows of one dashboard in the making. ``payloads`` are the SLOs that are in Datadog, by their names."""

    def __init__(
        self,
        project: Project,
        layout: DashboardLayout,
        names: Names,
        payloads: Mapping[str, Mapping[str, Any]],
        differences: Differences,
    ) -> None:
        self.untranslatable: list[Verdict] = []
        self.shown_slos: dict[str, None] = {}
        self._project = project
        self._layout = layout
        self._dashboard = layout.dashboard
        self._payloads = payloads
        self._differs = differences
        self._reader = PanelReader(project, names, variable_tags(layout.dashboard), differences)

    def widgets(self) -> list[Plain]:
        """All rows from top to bottom, those with a heading as groups."""
        found: list[Plain] = []
        top = 0
        for index, (row, shown) in enumerate(zip(self._dashboard.rows, self._layout.rows, strict=True)):
            inside = self._row(index, row, shown)
            self._of_headings(shown)
            if not inside:
                continue
            if shown.grid is None:
                placed, top = in_places(inside, top)
                found += placed
            else:
                placed_group, top = group(shown_text(shown.title, self._dashboard), inside, top)
                found.append(placed_group)
        return found

    def _of_headings(self, shown: ShownRow) -> None:
        title = f"the row `{shown.title}`" if shown.title else "a row"
        if shown.collapsed:
            self._differs(f"{title} is open there: Datadog does not keep groups closed")
        if shown.repeat:
            self._differs(
                f"{title} is there once, for all that is chosen of `{shown.repeat}`: Datadog repeats no groups"
            )

    def _row(self, index: int, row: Row, shown: ShownRow) -> list[Widget]:
        ready = len(shown.panels) - len(row.panels)
        objectives = self._objectives(index, row) if row.spec.use == "slo" else []
        found: list[_Made] = []
        if row.spec.use == "probes":
            found = list(self._probes(index, row, shown.panels[:ready]))
        elif row.spec.use != "slo":
            found = list(self._ready_made(index, row, shown.panels[:ready]))
        for position, (panel, drawing) in enumerate(zip(row.panels, shown.panels[ready:], strict=True)):
            definition = self._panel((index, position), panel, drawing)
            if definition is not None:
                found.append((drawing, definition))
        wishes = [Wish(panel.type, panel.width, panel.height) for panel, _ in found]
        sizes = extents(place(wishes, 0)[0])
        return [*objectives, *(Widget(made, size) for (_, made), size in zip(found, sizes, strict=True))]

    def _objectives(self, index: int, row: Row) -> list[Widget]:
        meant = [slo for slo in self._project.slos.values() if row.service is None or slo.service is row.service]
        there = [slo for slo in meant if slo.name in self._payloads]
        missing = [slo for slo in meant if slo not in there and "prometheus" in slo.backends]
        if not meant and "grafana" in self._dashboard.backends:
            return []  # that there are none has been reported, for all backends
        if not there:
            reason = "`use: slo` shows SLOs that Datadog has, and none of them is there"
            self._stop(("rows", index, "use"), reason, "send one there: `backends: [prometheus, datadog]` in the SLO")
            return []
        if missing:
            self._differs(f"`use: slo` leaves out {_named(missing)}, which Datadog does not have")
        self._differs("`use: slo` shows budgets as Datadog reckons them, over its own windows")
        self.shown_slos |= dict.fromkeys(slo.id for slo in there)
        return slo_widgets(there, self._payloads)

    def _probes(self, index: int, row: Row, panels: Sequence[ShownPanel]) -> Iterable[_Made]:
        """What Datadog asks, as its own tests measure it; else what the Agent sends of what Prometheus asks."""
        probes = self._project.probes.values()
        meant = [probe for probe in probes if row.service is None or probe.service is row.service]
        there = [probe for probe in meant if BACKEND in probe.backends and probe.kind]
        if not there and panels:
            return self._ready_made(index, row, panels)
        if not there:
            if "grafana" not in self._dashboard.backends:
                reason = "`use: probes` shows what Datadog asks, and it asks nothing"
                self._stop(("rows", index, "use"), reason, "send one there: `backends: [datadog]` in the probe")
            return []
        away = [probe for probe in meant if probe not in there]
        if away:
            names = listed([f"`{probe.name}`" for probe in away])
            self._differs(f"`use: probes` leaves out {names}, which Datadog does not ask")
        if any(probe.kind == "http" for probe in there):
            self._differs("`use: probes` has no status codes: no metric of Datadog's tests has them")
        return [
            (panel, metric_widget(panel, panel.title, made, self._differs))
            for panel, made in probe_panels(self._project, there)
        ]

    def _ready_made(self, index: int, row: Row, panels: Sequence[ShownPanel]) -> Iterable[_Made]:
        """The panels of a set; what cannot be said of it is left out, as long as something is left."""
        found: list[_Made] = []
        lost: list[Untranslatable] = []
        for panel in panels:
            try:
                found.append((panel, self._widget(panel, None)))
            except Untranslatable as stop:
                lost.append(stop)
                self._differs(f"`use: {row.spec.use}` leaves out `{panel.title}`: {_readable(stop.reason)}")
        if lost and not found:
            instead = "write the panels yourself, under `panels`, in place of the ready-made set"
            self._stop(("rows", index, "use"), f"`use: {row.spec.use}`: {_readable(lost[0].reason)}", instead)
        return found

    def _panel(self, where: tuple[int, int], panel: Panel, shown: ShownPanel) -> dict[str, Plain] | None:
        """The definition of a panel of the user's; None for one that is left out, or cannot be said."""
        words = panel.spec.datadog
        if words is not None and words.omit is not None:
            self._differs(f"the panel `{panel.spec.title}` is left out: {words.omit}")
            return None
        if any(query.expr is None for query in shown.queries) and shown.type != "logs":
            return None  # it does not parse, which has been reported
        if shown.repeat:
            self._differs(
                f"the panel `{panel.spec.title}` is there once, for all that is chosen of `{shown.repeat}`: Datadog "
                "repeats no widgets"
            )
        by_hand = written_by_hand(words, scalar=shown.type in SCALAR) if words is not None else None
        try:
            return self._widget(shown, by_hand)
        except Untranslatable as stop:
            advice = any(sign in stop.instead for sign in _OF_OTHERS)
            path = ("rows", where[0], "panels", where[1], "query" if shown.queries else "title")
            reason = f"the panel `{panel.spec.title}`: {_readable(stop.reason)}"
            self._stop(path, reason, WAY_OUT if advice else f"{stop.instead}; or {WAY_OUT}")
            return None

    def _widget(self, panel: ShownPanel, by_hand: Drawn | None) -> dict[str, Plain]:
        """The definition of ``panel``. Raises Untranslatable."""
        differs = self._differs
        title = shown_text(panel.title, self._dashboard)
        match panel.type:
            case "text":
                return note_widget(title, shown_text(panel.content, self._dashboard))
            case "alertlist":
                return monitors_widget(panel, title, self._tags_of_alerts(panel))
            case "logs":
                if by_hand is None:
                    raise Untranslatable("Datadog does not read LogQL")
                return logs_widget(panel, title, by_hand.queries[0].text)
        if by_hand is not None:
            return metric_widget(panel, title, by_hand, differs)
        exprs = [query.expr for query in panel.queries if query.expr is not None]
        if panel.type == "heatmap" and len(exprs) == 1:
            histogram = self._reader.histogram(exprs[0])
            if histogram is not None:
                differs("heatmaps show single values of distributions, where Prometheus has counts by bucket")
                return histogram_widget(panel, title, print_node(histogram))
        made = drawn(self._reader, exprs, differs, scalar=panel.type in SCALAR)
        refuse_other_ranges([query.text for query in panel.queries], made.over, scalar=panel.type in SCALAR)
        return metric_widget(panel, title, made, differs)

    def _tags_of_alerts(self, panel: ShownPanel) -> list[str]:
        """The tags of the project's monitors, or of one service's. Tells which alerts have none there."""
        alerts = [
            alert
            for alert in self._project.alerts.values()
            if not panel.alerts_of or (alert.service is not None and alert.service.name == panel.alerts_of)
        ]
        away = [alert.name for alert in alerts if BACKEND not in alert.backends]
        if away:
            of = f" of `{panel.alerts_of}`" if panel.alerts_of else ""
            self._differs(
                f"the list of alerts shows Datadog's monitors: {len(alerts) - len(away)} of {len(alerts)} alerts{of} "
                "are there"
            )
        environment = self._project.environment
        named = () if environment == DEFAULT_ENVIRONMENT else (f"env:{environment}",)
        of_service = (f"service:{panel.alerts_of}",) if panel.alerts_of else ()
        texts = (MANAGED, f"project:{self._project.name}", *named, *of_service)
        return list(map(tag_text, texts))

    def _stop(self, path: tuple[str | int, ...], reason: str, instead: str) -> None:
        field = ".".join(map(str, path))
        self.untranslatable.append(Verdict(BACKEND, self._dashboard.id, Grade.UNTRANSLATABLE, reason, instead, field))


def _readable(reason: str) -> str:
    """``reason`` as it is said of a panel, without the stand-in for the range that fits the screen."""
    for of_monitors, of_panels in _OF_MONITORS.items():
        reason = reason.replace(of_monitors, of_panels)
    return reason


def _named(slos: Sequence[Slo]) -> str:
    return listed([f"`{slo.name}`" for slo in slos])
