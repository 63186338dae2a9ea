"""The page that documents a code: Markdown for the reference, plain text for ``monmc explain``."""

from __future__ import annotations

import re
import textwrap

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

FOLDER = "docs/codes"
_FENCE = re.compile(r"(`{3,})\w*")
_HEADING = re.compile(r"#{1,6} +")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def path_of(number: str) -> str:
    """Where the page of a code is, from the root of the project: ``docs/codes/MON2104.md``."""
    return f"{FOLDER}/{number}.md"


def page(code: Code) -> str:
    """The page of ``code`` in Markdown."""
    parts = [f"# {code.number} {code.name}", f"**{code.severity.value}**: {code.what}", "## Why", code.why]
    if code.bad:
        parts += ["## Reported here", fenced(code.bad)]
    if code.good:
        parts += ["## Put right", fenced(code.good)]
    if code.untestable:
        parts += ["## No example", code.untestable]
    if code.severity is Severity.WARNING:
        reason = fenced(f'ignore: {{{code.number}: "why it is right here"}}')
        parts += ["## Silence it", "Where it is meant, say why, beside the object:", reason]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def fenced(text: str, language: str = "yaml") -> str:
    """``text`` as a Markdown code block, its fence longer than any row of backticks inside."""
    longest = max((len(row) for row in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = text.strip("\n")
    return f"{fence}{language}\n{body}\n{fence}"


def plain(page: str, width: int = 100) -> str:
    """A page without the signs of Markdown, paragraphs filled to ``width`` columns, examples indented."""
    rows: list[str] = []
    fence = ""
    for line in page.splitlines():
        opening = _FENCE.fullmatch(line)
        if fence:
            if line == fence:
                fence = ""
            else:
                rows.append(textwrap.indent(line, "    "))
        elif opening:
            fence = opening[1]
        elif heading := _HEADING.match(line):
            rows.append(line[heading.end() :])
        else:
            rows += textwrap.wrap(_BOLD.sub(r"\1", line), width, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(rows) + "\n"
