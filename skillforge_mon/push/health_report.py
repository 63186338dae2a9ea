"""What ``monmc health`` found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from skillforge_mon.push.health import SystemHealth
from skillforge_mon.remote.api import Check

FORMAT_VERSION = 1
_RED, _GREEN, _DIM, _BOLD, _END = "\033[31m", "\033[32m", "\033[2m", "\033[1m", "\033[0m"
_WIDEST = 44


def health_text(systems: Sequence[SystemHealth], problems: Sequence[str], colour: bool) -> str:
    """A block per system: a line per check, what to do below one that fails; the last line counts.

    ``problems`` say which systems could not be asked at all.
    """
    lines: list[str] = []
    for system in systems:
        lines.append(f"{_BOLD}{system.title}{_END}" if colour else system.title)
        width = min(_WIDEST, max((len(check.subject) for check in system.checks), default=0))
        for check in system.checks:
            lines.extend(_lines(check, width, colour))
    failed = sum(not check.ok and not check.skipped for system in systems for check in system.checks)
    asked = sum(not check.skipped for system in systems for check in system.checks)
    lines.extend(f"not asked: {_one_line(problem)}" for problem in problems)
    verdict = f"{failed} of {asked} checks failed" if failed else f"{asked} checks, nothing wrong"
    return "".join(f"{line}\n" for line in (*lines, verdict))


def _lines(check: Check, width: int, colour: bool) -> list[str]:
    sign, paint = ("-", _DIM) if check.skipped else ("ok", _GREEN) if check.ok else ("FAIL", _RED)
    shown = f"{paint}{sign:4}{_END}" if colour else f"{sign:4}"
    lines = [f"  {shown}  {_one_line(check.subject):{width}}  {_one_line(check.detail)}".rstrip()]
    if check.help and not check.ok and not check.skipped:
        lines.append(f"        {'':{width}}  -> {_one_line(check.help)}")
    return lines


def _one_line(text: str) -> str:
    """A server's words on one line, without what could move the cursor."""
    return "".join(character if character.isprintable() else " " for character in text)


def health_json(systems: Sequence[SystemHealth], problems: Sequence[str], *, failed: bool) -> str:
    """``{format_version, ok, problems, systems: [{backend, title, ok, checks: [{subject, state, detail, help}]}]}``.

    ``state`` is ``ok``, ``failed`` or ``skipped``; ``problems`` say which systems could not be asked at all;
    ``failed`` that a spec was wrong, or named none.
    """
    document = {
        "format_version": FORMAT_VERSION,
        "ok": not failed and not problems and all(system.ok for system in systems),
        "problems": list(problems),
        "systems": [
            {
                "backend": system.backend,
                "title": system.title,
                "ok": system.ok,
                "checks": [
                    {
                        "subject": check.subject,
                        "state": "skipped" if check.skipped else "ok" if check.ok else "failed",
                        "detail": check.detail,
                        "help": check.help,
                    }
                    for check in system.checks
                ],
            }
            for system in systems
        ],
    }
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"
