"""MON3142: a scenario whose times do not go on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.scenario_examples import SCENARIO
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.load_shapes import parse_piece

CODE = Code(
    "MON3142",
    "scenario-out-of-order",
    Severity.ERROR,
    "The moments of a scenario under `tests` are out of order, or something stands behind a load that never ends.",
    "A scenario is read from top to bottom: what stands out of order is not meant so, or never comes.",
    bad=changed(("at: 20m", "at: 5m"), text=SCENARIO),
    good=SCENARIO,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Moments that go back, and loads behind one without `for`."""
    for name, scenario in project.spec.tests.items():
        place = project.place_of(f"tests.{name}")
        for index, (before, after) in enumerate(pairwise(scenario.expect), start=1):
            if after.at < before.at:
                yield CODE.at(
                    place.at("expect", index, "at") if place is not None else None,
                    f"{after.at} stands after {before.at}",
                    help="put the moments in the order of time",
                )
        for text, pieces in scenario.given.items():
            for index, piece in enumerate(pieces[:-1]):
                if parse_piece(piece).length is None:
                    yield CODE.at(
                        place.at("given", text, index) if place is not None else None,
                        f"`{piece}` never ends, so what stands after it never comes",
                        help=f"say for how long: `{piece} for 10m`",
                    )
