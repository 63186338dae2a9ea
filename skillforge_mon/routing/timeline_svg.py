"""A timeline as a picture: a row for what is seen, one for each message, bars from the earliest to the latest time."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from skillforge_mon.routing.timeline import Between, Timeline
from skillforge_mon.routing.timeline_text import between_text, detection, headline, how
from skillforge_mon.spec.quantities import Duration

WIDTH, LEFT, RIGHT, TOP, ROW = 1000, 300, 40, 64, 52
LONGEST_NAME = 38
LETTER = 6.2
"""Width of a letter of a note, about, in pixels."""
_STEPS = tuple(Duration.of(seconds=each) for each in (10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400))
MOST_TICKS = 9
STYLE = (
    "text{font:13px sans-serif;fill:#222}.head{font-weight:bold;font-size:16px}.small{font-size:11px;fill:#555}"
    ".tick{stroke:#ddd}.seen{fill:#888}.page{fill:#c62828}.tell{fill:#1565c0}.muted{fill:#fff;stroke:#888;"
    "stroke-dasharray:4 2}"
)


def timeline_svg(found: Timeline) -> str:
    """The whole file. The same timeline gives the same text; muted messages are drawn as empty bars."""
    last = max(item.told.latest for item in found.notifications)
    scale = (WIDTH - LEFT - RIGHT) / max(last, 1)
    height = TOP + ROW * (len(found.notifications) + 1) + 24
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="head" x="16" y="26">{escape(headline(found))}</text>',
        *_ticks(last, scale, height),
    ]
    first = min((item.fires for item in found.notifications), key=lambda each: each.earliest)
    lines += _row(0, "fires", detection(found), first, scale, "seen")
    for number, item in enumerate(found.notifications, 1):
        name = ", ".join(item.who.teams) or item.receiver
        kind = "muted" if item.muted is not None else "page" if item.who.pages else "tell"
        lines += _row(number, name, how(item), item.told, scale, kind)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _ticks(last: Duration, scale: float, height: int) -> Iterator[str]:
    step = next((each for each in _STEPS if last / each <= MOST_TICKS), _STEPS[-1])
    for at in range(0, last + 1, step):
        x = f"{LEFT + at * scale:.1f}"
        yield f'<line class="tick" x1="{x}" y1="{TOP - 12}" x2="{x}" y2="{height - 12}"/>'
        yield f'<text class="small" x="{x}" y="{TOP - 18}" text-anchor="middle">{Duration(at) if at else "0"}</text>'


def _row(number: int, name: str, note: str, when: Between, scale: float, kind: str) -> Iterator[str]:
    y = TOP + number * ROW
    x, width = LEFT + when.earliest * scale, max(6.0, (when.latest - when.earliest) * scale)
    shown = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    yield f'<text x="16" y="{y + 14}">{escape(shown)}</text>'
    yield f'<text class="small" x="16" y="{y + 30}">{between_text(when)}</text>'
    yield f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="18" rx="3"/>'
    # A note that would run over the right edge ends there instead.
    late = x + LETTER * len(note) > WIDTH - 16
    place = f'x="{WIDTH - 16}" text-anchor="end"' if late else f'x="{x:.1f}"'
    yield f'<text class="small" {place} y="{y + 32}">{escape(note)}</text>'
