"""What resolving every section needs: places, references, queries parsed once, messages, backends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from skillforge_mon.diagnostics.diagnostic import Fix, Report
from skillforge_mon.model import codes
from skillforge_mon.model.codes_logs import LOGQL_SYNTAX
from skillforge_mon.model.logs import LogQuery
from skillforge_mon.model.message import Message, parse_message
from skillforge_mon.model.project import Place, Query, Runbook, Team
from skillforge_mon.query.adaptive_window import with_adaptive_windows
from skillforge_mon.query.promql import PromQLSyntaxError
from skillforge_mon.query.promql.once import ParsedTexts
from skillforge_mon.spec.models.base import BACKENDS
from skillforge_mon.spec.models.spec import Spec
from skillforge_mon.spec.suggest import listed, nearest
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode

T = TypeVar("T")


class Resolver:
    """One run of resolving: the validated spec, the tree with its places, and the report."""

    def __init__(self, spec: Spec, root: MappingNode, report: Report) -> None:
        self.spec = spec
        self.root = root
        self.report = report
        self.texts = ParsedTexts()
        self.without_target: dict[str, list[Place]] = {}

    def place(self, section: str, name: str) -> Place:
        """Where the object ``section.name`` stands."""
        node = self.root.get(section)
        assert isinstance(node, MappingNode)  # noqa: S101 - validated
        return Place(node.entries[name])

    def names(self, section: str) -> Iterable[str]:
        """All names of the section, those of wrong objects too."""
        node = self.root.get(section)
        return node.entries if isinstance(node, MappingNode) else ()

    def reference(
        self,
        place: Place,
        path: tuple[str | int, ...],
        kind: str,
        name: str | None,
        section: str,
        known: Mapping[str, T],
    ) -> T | None:
        """The object ``name`` of ``section``, or None; an unknown one is reported at ``path`` below ``place``."""
        if name is None:
            return None
        if name in known:
            return known[name]
        names = list(self.names(section))
        if name not in names:
            meant = nearest(name, names)
            span = place.at(*path)
            self.report.add(
                codes.UNKNOWN_REFERENCE.at(
                    span,
                    f"there is no {kind} `{name}`",
                    label=f"not in `{section}`",
                    notes=(f"`{section}` has: {listed(names)}",) if names else (f"the spec has no `{section}`",),
                    help=f"did you mean `{meant}`?" if meant else f"declare it under `{section}`",
                    fix=Fix(span, meant, f"write `{meant}`", safe=False) if meant else None,
                )
            )
        return None

    def query(self, text: str | None, node: Node | None, *, of_panel: bool = False) -> Query | None:
        """``text`` parsed; a text that was parsed before is not parsed again. In a panel, Grafana may choose ranges."""
        if text is None:
            return None
        scalar = node if isinstance(node, ScalarNode) else None
        parsed = self.texts.of(with_adaptive_windows(text) if of_panel else text)
        query = Query(text, None if isinstance(parsed, PromQLSyntaxError) else parsed, scalar)
        if isinstance(parsed, PromQLSyntaxError):
            end = len(text.rstrip())
            helping = parsed.help
            if text.rstrip().endswith("%") and not helping:
                helping = "PromQL has no percent sign: write 0.05, or give the severity the threshold `> 5%`"
            span = query.span(min(parsed.start, end), min(parsed.end, end))
            self.report.add(codes.PROMQL_SYNTAX.at(span, parsed.message, help=helping))
        return query

    def log_query(self, text: str, node: Node | None, *, variables: bool) -> LogQuery:
        """``text`` parsed as LogQL; ``variables`` are those of Grafana, which only its panels know."""
        # Few specs have LogQL, and its trees take a while to import.
        from skillforge_mon.query.logql import LogQLSyntaxError, parse_logql

        query = LogQuery(text, None, node if isinstance(node, ScalarNode) else None)
        try:
            return replace(query, tree=parse_logql(text, variables=variables))
        except LogQLSyntaxError as error:
            end = len(text.rstrip())
            span = query.span(min(error.start, end), min(error.end, end))
            self.report.add(LOGQL_SYNTAX.at(span, error.message, help=error.help))
        return query

    def message(self, text: str | None, place: Place, field: str) -> Message:
        """``text`` taken apart; placeholders that nobody fills are reported."""
        message, problems = parse_message(text)
        node = place.find(field)
        for problem in problems:
            span = node.text_span(problem.start, problem.end) if isinstance(node, ScalarNode) else place.span
            fix = Fix(span, problem.meant, f"write `{problem.meant}`") if problem.meant else None
            self.report.add(codes.BAD_PLACEHOLDER.at(span, problem.text, help=problem.help, fix=fix))
        return message

    def backends(self, place: Place, named: list[str] | None, usual: Iterable[str]) -> tuple[str, ...]:
        """The backends of an object, in the order of the language; unknown ones are reported."""
        chosen: list[str] = []
        for index, name in enumerate(named if named is not None else usual):
            if name not in BACKENDS:
                self.report.add(
                    codes.UNKNOWN_BACKEND.at(
                        place.at("backends", index),
                        f"there is no backend `{name}`",
                        notes=(f"backends are: {', '.join(BACKENDS)}",),
                        help=f"did you mean `{meant}`?" if (meant := nearest(name, BACKENDS)) else "",
                    )
                )
            elif getattr(self.spec.targets, name) is None:
                if named is not None and self.targets_known(name):
                    self.without_target.setdefault(name, []).append(place)
            else:
                chosen.append(name)
        return tuple(name for name in BACKENDS if name in chosen)

    def taking(self, kind: str, able: tuple[str, ...], place: Place, named: list[str] | None) -> tuple[str, ...]:
        """The backends of an object of a kind that only some backends take, by default the first of them."""
        chosen = self.backends(place, named, able[:1])
        for index, name in enumerate(named or ()):
            if name in BACKENDS and name not in able:
                self.report.add(
                    codes.KIND_NOT_TAKEN.at(
                        place.at("backends", index),
                        f"{kind} are not compiled for `{name}`",
                        notes=(f"they are compiled for: {', '.join(able)}",),
                        help=f"take `{name}` out of `backends`",
                    )
                )
        return tuple(name for name in chosen if name in able)

    def targets_known(self, backend: str) -> bool:
        """False when the target is there but wrong: that has been reported, and says nothing about its users."""
        targets = self.root.get("targets")
        return not (isinstance(targets, MappingNode) and backend in targets.entries)

    def report_missing_targets(self) -> None:
        """Once for each backend that objects name and `targets` has not."""
        for backend, places in self.without_target.items():
            first = places[0]
            count = "one object names" if len(places) == 1 else f"{len(places)} objects name"
            self.report.add(
                codes.BACKEND_WITHOUT_TARGET.at(
                    first.at("backends"),
                    f"{count} `{backend}`, which `targets` does not have",
                    label="first here",
                    help=f"add `{backend}:` to `targets`, or take it out of `backends`",
                )
            )

    def teams_named(
        self, place: Place, path: tuple[str | int, ...], names: Iterable[str], teams: Mapping[str, Team]
    ) -> tuple[Team, ...]:
        """The teams ``names`` at ``path``; unknown ones are reported and left out."""
        found = (
            self.reference(place, (*path, position), "team", team, "teams", teams)
            for position, team in enumerate(names)
        )
        return tuple(team for team in found if team is not None)

    def runbook_named(self, name: str | None, place: Place, runbooks: Mapping[str, Runbook]) -> Runbook | None:
        """A runbook by its name, or a bare address."""
        if name is not None and "://" in name:
            return Runbook(name, None, None, name)
        return self.reference(place, ("runbook",), "runbook", name, "runbooks", runbooks)
