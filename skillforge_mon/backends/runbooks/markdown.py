"""Texts of the spec within a page: they are Markdown already, and must not break the page around them.

Each stands in a container of its own, a quotation or a list item, because CommonMark (0.31.2, section 5) ends whatever
is still open together with its container.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_FENCE = re.compile(r" {0,3}(`{3,}(?!.*`)|~{3,})")
_HEADING = re.compile(
    r"(?P<before> {0,3}(?:(?:[-*+]|\d{1,9}[.)]|>)[ \t]+)*)#{1,6}(?:[ \t]+(?P<text>.*?))?(?:[ \t]+#+)?[ \t]*"
)
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_BREAK = re.compile(r"-?[-\s]*")


def one_line(text: str) -> str:
    """``text`` without line breaks, for headings and list items."""
    return " ".join(text.split())


def code(text: str) -> str:
    """``text`` as inline code, whatever backticks it has."""
    marks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{space}{text}{space}{marks}"


def link(title: str, url: str) -> str:
    """A link; an address that Markdown would cut short is put in angle brackets."""
    text = re.sub(r"([\[\]])", r"\\\1", one_line(title))
    return f"[{text}](<{url}>)" if re.search(r"[\s()]", url) else f"[{text}]({url})"


def bullets(items: Iterable[str]) -> str:
    """A list; blank items are left out."""
    return "\n".join(_item("- ", item) for item in items if item.strip())


def numbered(items: Iterable[str]) -> str:
    """A numbered list; blank items are left out."""
    steps = (item for item in items if item.strip())
    return "\n".join(_item(f"{number}. ", item) for number, item in enumerate(steps, 1))


def _item(mark: str, text: str) -> str:
    first, *rest = _flattened(text)
    first = first.lstrip()
    if _BREAK.fullmatch(first):
        first = f"\\{first}"
    return "\n".join([f"{mark}{first}", *(f"{' ' * len(mark)}{line}" if line.strip() else "" for line in rest)])


def quoted(text: str) -> str:
    """``text`` as a quotation: whatever it leaves open (a code fence, raw HTML) ends with it, not with the page."""
    return "\n".join(f"> {line}".rstrip() for line in _flattened(text))


def _flattened(text: str) -> list[str]:
    """The lines of ``text`` without an outline of their own: headings are bold text, code stays as it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    written: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        end = position + 1
        if (fence := _FENCE.match(line)) is not None:
            end = _end_of_fence(lines, position, fence[1])
            written += lines[position:end]
        elif (heading := _HEADING.fullmatch(line)) is not None:
            written.append(_bold(heading))
            if not heading["before"].strip() and end < len(lines) and lines[end].strip():
                written.append("")
        elif written and written[-1].strip() and _UNDERLINE.fullmatch(line):
            written.append("")
        else:
            written.append(line)
        position = end
    return written


def _bold(heading: re.Match[str]) -> str:
    text = (heading["text"] or "").strip()
    return f"{heading['before']}**{text}**" if text else heading["before"].rstrip()


def _end_of_fence(lines: list[str], start: int, fence: str) -> int:
    """The line after the fence that closes the one at ``start``, or after the last line when there is none."""
    closing = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*")
    return next((at + 1 for at in range(start + 1, len(lines)) if closing.fullmatch(lines[at])), len(lines))
