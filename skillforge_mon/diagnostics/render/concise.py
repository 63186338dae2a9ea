"""One line for each problem, the form that editors and grep read: ``file:line:column: error[MON2104]: headline``."""

from __future__ import annotations

from skillforge_mon.diagnostics.render.paint import Paint
from skillforge_mon.diagnostics.render.run import Run
from skillforge_mon.diagnostics.render.text import headline
from skillforge_mon.diagnostics.render.visible import visible


def render(run: Run) -> str:
    """As many lines as there are diagnostics; a problem without a place stands at ``monmc``."""
    paint = Paint(run.colour)
    return "".join(
        f"{visible(str(diagnostic.span)) if diagnostic.span else 'monmc'}: {headline(diagnostic, paint)}\n"
        for diagnostic in run.diagnostics
    )
