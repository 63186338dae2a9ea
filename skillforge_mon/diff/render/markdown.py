"""Changes as a comment on a pull request: a table of what changes, then the details folded, in what a comment holds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from skillforge_mon.diagnostics.page import fenced
from skillforge_mon.diagnostics.render.markdown import COMMENT_LIMIT
from skillforge_mon.diagnostics.render.visible import visible
from skillforge_mon.diff.change import Change, ChangeSet, counts_in_words
from skillforge_mon.diff.render.text import rows

_LONGEST_CELL = 200
_LONGEST_DETAILS = 6_000
_MOST_ROWS = 200
_ROOM_FOR_THE_REST = 300
_SPECIAL = re.compile(r"[\\`*_\[\]!|~<>&#@]")
_CALLING = re.compile(r"(\S*[@#]\S*)")


def render_markdown(sets: Sequence[ChangeSet]) -> str:
    """The comment, at most COMMENT_LIMIT characters long. What did not fit is counted at its end."""
    touched = "; ".join(each.files.words for each in sets if each.files.words)
    head = f"### monmc diff: {counts_in_words(sets)}\n"
    head += f"\n{touched}\n" if touched else ""
    signed = [(of, sign, change) for of in sets for _, pairs in rows(of) for sign, change in pairs]
    if not signed:
        return head
    parts = [head, "\n| | project | where | object | change |\n|---|---|---|---|---|\n"]
    free = COMMENT_LIMIT - _ROOM_FOR_THE_REST - sum(map(len, parts))
    shown = 0
    for of, sign, change in signed[:_MOST_ROWS]:
        row = _row(of, sign, change)
        if len(row) > free:
            break
        free -= len(row)
        shown += 1
        parts.append(row)
    unfolded = 0
    for _, sign, change in signed:
        entry = _entry(sign, change)
        if len(entry) > free:
            unfolded += bool(entry)
            continue
        free -= len(entry)
        parts.append(entry)
    parts += _what_is_missing(len(signed) - shown, unfolded)
    return "".join(parts)


def _what_is_missing(objects: int, details: int) -> Iterator[str]:
    missing = [
        f"{count} more {noun if count == 1 else f'{noun}s'} {where}"
        for count, noun, where in ((objects, "object", "in the table"), (details, "object", "with details"))
        if count
    ]
    if missing:
        yield f"\nThis comment is full: {', and '.join(missing)}. `monmc diff` shows everything.\n"


def _row(of: ChangeSet, sign: str, change: Change) -> str:
    project = f"{of.project}/{of.environment}"
    cells = (project, change.backend, f"{change.object_kind} {change.name}", change.headline)
    return f"| `{sign}` | {' | '.join(map(_cell, cells))} |\n"


def _cell(text: str) -> str:
    """User text of which nothing is read as markup. Words with ``@`` or ``#`` are code, so that GitHub calls nobody."""
    text = visible(text)
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - 1] + "…"
    return "".join(
        f"<code>{_escaped(part)}</code>" if index % 2 else _escaped(part)
        for index, part in enumerate(_CALLING.split(text))
    )


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)


def _entry(sign: str, change: Change) -> str:
    lines = []
    for field in change.details:
        if field.sentence != change.headline:
            lines.append(f"  {visible(field.sentence)}")
        lines += [visible(line).rstrip() for line in field.lines]
    if not lines:
        return ""
    text = "\n".join(lines)
    if len(text) > _LONGEST_DETAILS:
        text = text[:_LONGEST_DETAILS] + "\n  … (shortened)"
    summary = html.escape(visible(f"{sign} {change.object_kind} {change.name}"), quote=False)
    return f"\n<details><summary><code>{summary}</code></summary>\n\n{fenced(text, 'diff')}\n\n</details>\n"
