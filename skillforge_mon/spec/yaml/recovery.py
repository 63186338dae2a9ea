"""Reading on after a syntax error.

The broken part is taken out, so that the errors behind it show up in the same run.
"""

from __future__ import annotations

import re

from skillforge_mon.spec.yaml.source import SourceFile

_NOT_A_BREAK = re.compile(r"[^\r\n]")


def without_block(source: SourceFile, number: int) -> SourceFile | None:
    """``source`` with the block around line ``number`` blanked out; every other place stays the same.

    A block is an entry of a section, such as one alert; the whole section when the line is the section's own or the
    entry is already blank. None when there is nothing left to take out.
    """
    lines = source.lines
    index = min(number, len(lines)) - 1
    section_start, section_end = _block(lines, index, 0)
    inner = next((_indentation(line) for line in lines[section_start + 1 : section_end] if _has_text(line)), 0)
    blocks = [(section_start, section_end)]
    if index > section_start and inner > 0:
        start, end = _block(lines, index, inner)
        blocks.insert(0, (max(start, section_start + 1), min(end, section_end)))
    for start, end in blocks:
        if any(line.strip() for line in lines[start:end]):
            begin = source.line_starts[start]
            stop = source.line_starts[end] if end < len(lines) else len(source.text)
            blank = _NOT_A_BREAK.sub(" ", source.text[begin:stop])
            return SourceFile(source.name, source.text[:begin] + blank + source.text[stop:])
    return None


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _has_text(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _block(lines: list[str], index: int, indentation: int) -> tuple[int, int]:
    """The lines around ``index`` from one that is indented by at most ``indentation`` to the next such one."""
    start = index
    while start > 0 and not (_has_text(lines[start]) and _indentation(lines[start]) <= indentation):
        start -= 1
    end = index + 1
    while end < len(lines) and not (_has_text(lines[end]) and _indentation(lines[end]) <= indentation):
        end += 1
    return start, end
