"""``monmc translate``: one expression in another system's language."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from skillforge_mon.backends.backend import TRANSLATORS
from skillforge_mon.backends.translated import Translated
from skillforge_mon.cli.options import (
    Colour,
    ColourOption,
    EnvironmentOption,
    OutputFormat,
    print_diagnostics,
    write_text,
)
from skillforge_mon.diagnostics.summary import Summary
from skillforge_mon.documents.document import Grade
from skillforge_mon.spec.quantities import QuantityError
from skillforge_mon.spec.suggest import suggestion
from skillforge_mon.translation import translate_text


class TranslationFormat(StrEnum):
    """How a translation is printed."""

    text = "text"
    json = "json"


def command(
    query: Annotated[str, typer.Argument(metavar="PROMQL", help="The expression; `-` reads it from standard input.")],
    backend: Annotated[str, typer.Option("--to", metavar="BACKEND", help="The system that is to understand it.")],
    hold: Annotated[str, typer.Option("--for", metavar="DURATION", help="How long it must be true, as in 5m.")] = "0s",
    spec: Annotated[
        Path | None, typer.Option("--spec", metavar="SPEC", help="The project whose metrics and names are meant.")
    ] = None,
    environment: EnvironmentOption = None,
    output_format: Annotated[TranslationFormat, typer.Option("--format", help="How it is printed.")] = (
        TranslationFormat.text
    ),
    colour: ColourOption = Colour.auto,
) -> int:
    """Say one PromQL expression in another system's language: the query, how exact it is, and what differs."""
    if backend not in TRANSLATORS:
        known = ", ".join(TRANSLATORS)
        meant = suggestion(backend, TRANSLATORS)
        raise typer.BadParameter(f"nothing is translated to `{backend}`; {meant or f'there is: {known}'}")
    text = sys.stdin.read() if query == "-" else query
    try:
        found = translate_text(text, backend, hold=hold, spec=spec, environment=environment)
    except QuantityError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from None
    if found.translated is None:
        summary = Summary(len(found.sources.texts))
        print_diagnostics(found.diagnostics, found.sources, summary, OutputFormat.text, colour, sys.stderr)
        return 1
    write = _json if output_format is TranslationFormat.json else _text
    write_text(sys.stdout, write(found.translated))
    return 1 if found.translated.grade is Grade.UNTRANSLATABLE else 0


def _text(translated: Translated) -> str:
    lines = [translated.text] if translated.text else []
    lines.append(f"{translated.grade}")
    lines.extend(f"  - {reason}" for reason in translated.reasons)
    if translated.instead:
        lines.append(f"  = help: {translated.instead}")
    return "".join(f"{line}\n" for line in lines)


def _json(translated: Translated) -> str:
    document = {
        "format_version": 1,
        "query": translated.text or None,
        "grade": str(translated.grade),
        "reasons": list(translated.reasons),
        "instead": translated.instead,
    }
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"
