"""MON4693: what chooses series for a store or of another server, and is no pattern or selector."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Place, Project
from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.parser import parse
from skillforge_mon.query.promql.regex import RegexError, matches_empty
from skillforge_mon.query.promql.tree import VectorSelector

_TARGET = HEAD + "targets:\n  prometheus: {remote_write: {url: 'https://store.example.com/write', only: 'CHOSEN'}}\n"
CODE = Code(
    "MON4693",
    "series-chosen-by-nothing",
    Severity.ERROR,
    "A regular expression of `only` (RE2), or a selector of `match`, is none.",
    "Prometheus refuses its whole file for the one; for the other, each scrape of the other server fails.",
    bad=_TARGET.replace("CHOSEN", "(slo:.+"),
    good=_TARGET.replace("CHOSEN", "slo:.+"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """`remote_write` and `federation` of `targets.prometheus`."""
    target, place = project.targets.prometheus, project.target_place("prometheus")
    if target is None or place is None:
        return
    for number, store in enumerate(target.remote_write):
        for index, pattern in enumerate(store.only):
            try:
                matches_empty(pattern)
            except RegexError as error:
                path = _path(place, "remote_write", number, "only", index)
                headline = f"`{pattern}` is no regular expression: {error}"
                yield CODE.at(place.at(*path), headline, help="RE2 knows no look-around")
    for number, servers in enumerate(target.federation):
        for index, selector in enumerate(servers.match):
            if wrong := _no_selector(selector):
                path = _path(place, "federation", number, "match", index)
                yield CODE.at(place.at(*path), f"`{selector}` is no selector of series{wrong}")


def _no_selector(text: str) -> str:
    """Why ``text`` is no selector; "" for one."""
    try:
        expr = parse(text)
    except PromQLSyntaxError as error:
        return f": {error.message}"
    plain = isinstance(expr, VectorSelector) and not expr.offset and expr.at is None
    return "" if plain else ', such as `up` or `{job="web"}`'


def _path(place: Place, key: str, number: int, field: str, index: int) -> tuple[str | int, ...]:
    """Where the item stands: what is not written as a list has no number in its path."""
    item: tuple[str | int, ...] = (key, number) if place.find(key, number) is not None else (key,)
    return (*item, field, index) if place.find(*item, field, index) is not None else (*item, field)
