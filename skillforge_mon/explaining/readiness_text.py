"""A review as text, as data, as Markdown and as a badge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from skillforge_mon.explaining.readiness import QUESTIONS, ProjectReview, Review, State, score_of

_SIGNS: Final = {State.MET: "yes", State.MISSING: "NO", State.EXEMPT: "-"}
_GOOD, _FAIR = 90, 70
_COLOURS: Final = ((_GOOD, "#2e7d32"), (_FAIR, "#f9a825"), (0, "#c62828"))
"""From which score on a badge has which colour."""
_LETTER = 6.5
"""Width of a letter of a badge, about, in pixels."""


def review_text(found: ProjectReview) -> str:
    """A table of all services and questions, then what each lacks."""
    head = ["service", *(question.name for question in QUESTIONS), "score"]
    rows = [head, *([review.service, *_signs(review), f"{review.score} %"] for review in found.services)]
    lines = [f"{found.project}: {found.score} %; {found.kept.detail}", "", *_table(rows)]
    for review in found.services:
        lacking = [(name, answer) for name, answer in review.answers.items() if answer.state is State.MISSING]
        if lacking:
            lines += ["", review.service]
            lines += [f"  {name}: {answer.detail}: {answer.help}" for name, answer in lacking]
    return "".join(f"{line}\n" for line in lines)


def review_json(found: ProjectReview) -> str:
    """All answers with their reasons."""
    document = {
        "format_version": 1,
        "project": found.project,
        "score": found.score,
        "kept": {"state": str(found.kept.state), "detail": found.kept.detail, "help": found.kept.help},
        "questions": {question.name: question.asks for question in QUESTIONS},
        "services": {
            review.service: {
                "score": review.score,
                "met": review.met,
                "asked": review.asked,
                "answers": {
                    name: {"state": str(answer.state), "detail": answer.detail, "help": answer.help}
                    for name, answer in review.answers.items()
                },
            }
            for review in found.services
        },
    }
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"


def review_markdown(found: ProjectReview) -> str:
    """The table, for a pull request."""
    head = ["service", *(question.name for question in QUESTIONS), "score"]
    rows = [head, ["---"] * len(head)]
    rows += [[_cell(review.service), *_signs(review), f"{review.score} %"] for review in found.services]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"**{_cell(found.project)}: {found.score} %** ready for production; {found.kept.detail}\n\n{table}"


def review_badge(found: Iterable[ProjectReview]) -> str:
    """``readiness 87 %`` as a small SVG picture."""
    score = score_of(found)
    colour = next(colour for least, colour in _COLOURS if score >= least)
    name, value = "readiness", f"{score} %"
    left, right = len(name) * _LETTER + 14, len(value) * _LETTER + 14
    width = left + right
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="20" role="img" '
        f'aria-label="{escape(f"{name}: {value}")}">\n'
        f'<rect width="{width:.0f}" height="20" rx="3" fill="#555"/>\n'
        f'<rect x="{left:.0f}" width="{right:.0f}" height="20" rx="3" fill="{colour}"/>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">\n'
        f'<text x="{left / 2:.0f}" y="14">{name}</text>\n<text x="{left + right / 2:.0f}" y="14">{value}</text>\n'
        "</g>\n</svg>\n"
    )


def _signs(review: Review) -> list[str]:
    return [_SIGNS[review.answers[question.name].state] for question in QUESTIONS]


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
