"""A comment on a pull request: the counts, then every problem folded, the worst first, in what a comment may hold."""

from __future__ import annotations

import html
import re

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diagnostics.page import fenced
from skillforge_mon.diagnostics.render.paint import Paint
from skillforge_mon.diagnostics.render.run import Run
from skillforge_mon.diagnostics.render.text import body
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.diagnostics.summary import counts, counts_in_words

COMMENT_LIMIT = 65_536
"""Characters that a comment on GitHub may have."""
LONGEST_HEADLINE = 300
LONGEST_BODY = 4_000
WIDTH = 100
_ROOM_FOR_THE_REST = 200
_LINKS = re.compile(r"\S*[@#]\S*")


def render(run: Run) -> str:
    """The comment, at most COMMENT_LIMIT characters long; what did not fit is counted at its end."""
    ordered = run.worst_first()
    parts = [f"### monmc: {run.summary.line(run.diagnostics)}\n"]
    if ordered:
        rows = [f"| {severity.value}s | {count} |\n" for severity, count in counts(ordered).items()]
        parts.append("".join(["\n| severity | count |\n|---|---:|\n", *rows]))
    free = COMMENT_LIMIT - _ROOM_FOR_THE_REST - sum(map(len, parts))
    for shown, diagnostic in enumerate(ordered):
        entry = _entry(diagnostic, run)
        free -= len(entry)
        if free < 0:
            rest = counts_in_words(ordered[shown:])
            parts.append(f"\nThis comment is full: {rest} more. `monmc check` shows everything.\n")
            break
        parts.append(entry)
    return "".join(parts)


def _entry(diagnostic: Diagnostic, run: Run) -> str:
    place = f" <code>{_code(str(diagnostic.span))}</code>" if diagnostic.span else ""
    title = f"<b>{diagnostic.severity.value}</b> {_code(diagnostic.code)}{place}: {_headline(diagnostic.headline)}"
    rows = "\n".join(body(diagnostic, run.sources, WIDTH, Paint(False), more=False))
    if not rows:
        return f"\n<p>{title}</p>\n"
    if len(rows) > LONGEST_BODY:
        rows = rows[:LONGEST_BODY] + "\n… (shortened)"
    return f"\n<details><summary>{title}</summary>\n\n{fenced(rows, 'text')}\n\n</details>\n"


def _code(text: str) -> str:
    return html.escape(_shortened(visible(text)), quote=False)


def _headline(text: str) -> str:
    """The headline as HTML: what stands in backticks as code, everything else as it is, nothing of it read as markup.

    Words with ``@`` or ``#`` are code too, or GitHub would call people and link to issues.
    """
    parts = _shortened(visible(text)).split("`")
    if len(parts) % 2 == 0:
        return f"<code>{html.escape('`'.join(parts), quote=False)}</code>"
    written = []
    for index, part in enumerate(parts):
        safe = html.escape(part, quote=False)
        written.append(f"<code>{safe}</code>" if index % 2 else _LINKS.sub(r"<code>\g<0></code>", safe))
    return "".join(written)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_HEADLINE else text[: LONGEST_HEADLINE - 1] + "…"
