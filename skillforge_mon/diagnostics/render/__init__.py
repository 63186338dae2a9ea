"""Diagnostics in, one text out: for people, for editors, for CI systems and for other programs.

One module per format, loaded when it is asked for; each has ``render(run: Run) -> str``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diagnostics.render.run import Run
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary

FORMATS: dict[str, str] = {
    "text": "skillforge_mon.diagnostics.render.text",
    "concise": "skillforge_mon.diagnostics.render.concise",
    "json": "skillforge_mon.diagnostics.render.json",
    "sarif": "skillforge_mon.diagnostics.render.sarif",
    "github": "skillforge_mon.diagnostics.render.github",
    "markdown": "skillforge_mon.diagnostics.render.markdown",
}
"""Every format and the module that writes it."""


def render(
    diagnostics: Iterable[Diagnostic],
    sources: Sources,
    format: str,  # noqa: A002 - the word of the command line
    summary: Summary,
    colour: bool = False,
    width: int | None = None,
    codes: Mapping[str, Code] | None = None,
) -> str:
    """The diagnostics in the named format, sorted, with a line break at the end.

    ``colour`` and ``width`` (in terminal cells) matter to ``text`` and ``concise`` only. ``codes`` documents the codes
    by number; None means the catalogue of monmc, which is loaded only by formats that print documentation. Raises
    ValueError for a format that is not in FORMATS.
    """
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}: there are {', '.join(FORMATS)}")
    ordered = tuple(sorted(diagnostics, key=Diagnostic.sort_key))
    written: str = import_module(FORMATS[format]).render(Run(ordered, sources, summary, colour, width, codes))
    return written
