"""What the YAML parser complains about, in words of the people who write specs.

libyaml stops at the first character that it cannot explain, which is often far from the mistake. The functions here
look at the text around that place for the mistakes that people make, and point at those.
"""

from __future__ import annotations

import re

from yaml.error import MarkedYAMLError, YAMLError

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Span
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.nodes import ScalarNode
from skillforge_mon.spec.yaml.quoting import colon_in_text, reserved_character, template_on_line
from skillforge_mon.spec.yaml.source import SourceFile

_INDENTED_WITH_TAB = re.compile(r" *\t\s*[^\s]")
_FIRST_COLON = re.compile(r"""\s*(?:- +)*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"#\[{][^#]*?)\s*(?P<colon>:)\s""")
_BRACKETS = {"sequence": "]", "mapping": "}"}
_MOST_LINES_NAMED = 5
_LONGEST_KEY = 1024
"""The YAML specification (section 7.4.2) allows no longer key on one line."""


def explain(error: YAMLError, source: SourceFile, last_scalar: ScalarNode | None) -> Diagnostic:
    """The diagnostic for ``error``, which was raised while ``source`` was read.

    ``last_scalar`` is the last scalar that could be read before.
    """
    if not isinstance(error, MarkedYAMLError):
        return codes.SYNTAX.at(Span.at(source.name), "the file cannot be read as YAML", notes=(_own_words(str(error)),))
    where = error.problem_mark or error.context_mark
    offset = min(where.index if where else 0, len(source.text))
    began = error.context_mark.index if error.context_mark else offset
    problem = error.problem or ""
    context = error.context or ""
    return (
        _tab(source, offset, problem)
        or _template(source, offset, began)
        or _inside_quotes(source, offset, began, problem, context)
        or _quote_closed_early(source, offset, last_scalar)
        or _colon(source, offset, problem, last_scalar)
        or _reserved(source, offset, began, problem, context)
        or _brackets(source, offset, began, problem, context)
        or _value_missing(source, offset, problem)
        or _block_text(source, offset, began, context)
        or _structure(source, offset, began, problem, context)
        or codes.SYNTAX.at(
            _here(source, offset), "the text cannot be read as YAML from here", notes=(_own_words(problem),)
        )
    )


def _own_words(problem: str) -> str:
    return f"the YAML parser says: {problem.splitlines()[0] if problem else 'nothing more'}"


def _here(source: SourceFile, offset: int) -> Span:
    """The character at ``offset``; the last one with something in it when ``offset`` is at the end of the text."""
    if not source.text[offset:].strip():
        offset = max(0, len(source.text.rstrip()) - 1)
    return source.span(offset, offset + 1)


def _tab(source: SourceFile, offset: int, problem: str) -> Diagnostic | None:
    number, _ = source.position(offset)
    line = source.line(number)
    indentation = len(line) - len(line.lstrip(" \t"))
    tab = line.find("\t", 0, indentation)
    if tab < 0 and "tab character" not in problem and source.text[offset : offset + 1] != "\t":
        return None
    start = source.line_starts[number - 1]
    if tab < 0:
        return codes.TAB_INDENTATION.at(
            source.span(offset, offset + 1), "a tab stands where YAML allows only spaces", help="write spaces instead"
        )
    others = [
        other
        for other, text in enumerate(source.lines, start=1)
        if other != number and "\t" in text and _INDENTED_WITH_TAB.match(text)
    ]
    return codes.TAB_INDENTATION.at(
        source.span(start + tab, start + indentation),
        "this line is indented with a tab",
        label="only spaces are allowed here",
        notes=(_other_lines(others),) if others else (),
        help="indent with spaces; most editors can convert the whole file",
    )


def _other_lines(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_MOST_LINES_NAMED])
    more = len(numbers) - _MOST_LINES_NAMED
    if len(numbers) == 1:
        return f"so is line {shown}"
    return f"so are the lines {shown}" + (f" and {more} more" if more > 0 else "")


def _template(source: SourceFile, offset: int, began: int) -> Diagnostic | None:
    for place in (offset, began):
        found = template_on_line(source, source.position(place)[0])
        if found is not None:
            return found
    return None


def _inside_quotes(source: SourceFile, offset: int, began: int, problem: str, context: str) -> Diagnostic | None:
    if "quoted scalar" not in context:
        return None
    if "escape" in problem or "hexdec" in problem:
        start = source.text.rfind("\\", began, offset + 1)
        start = offset if start < 0 else start
        return codes.BAD_ESCAPE.at(
            source.span(start, start + 2),
            f"`{source.text[start : start + 2]}` is not an escape that YAML knows",
            help="use single quotes, in which a backslash is just a backslash, or double it",
        )
    quote = source.text[began : began + 1]
    return _unclosed(source, began, None, quote)


def _unclosed(source: SourceFile, start: int, end: int | None, quote: str) -> Diagnostic:
    kind = "double" if quote == '"' else "single"
    secondary = () if end is None else (Label(source.span(end - 1, end), "closed only here"),)
    return codes.UNCLOSED_QUOTE.at(
        source.span(start, start + 1),
        f"the {kind} quote opened here is not closed" + (" on its line" if end else ""),
        label="opened here",
        secondary=secondary,
        help=f"close the text with {quote}",
    )


def _quote_closed_early(source: SourceFile, offset: int, last: ScalarNode | None) -> Diagnostic | None:
    """Text behind a closing quote: the quote was meant to be a letter, or it closes one that was left open above."""
    if last is None or last.style not in ("'", '"') or not last.end <= offset:
        return None
    between = source.text[last.end : offset]
    if (
        between.strip()
        or "\n" in between
        or "\r" in between
        or source.text[offset : offset + 1] in ("", "\n", "\r", ":")
    ):
        return None
    if source.position(last.start)[0] != source.position(last.end)[0]:
        return _unclosed(source, last.start, last.end, last.style)
    doubled = "double it (`''`) to have one in the text" if last.style == "'" else 'write \\" to have one in the text'
    return codes.TEXT_AFTER_QUOTE.at(
        source.span(offset, offset + 1),
        "there is more text behind the closing quote",
        label="nothing may follow the quote",
        secondary=(Label(source.span(last.start, last.end), "the quoted text"),),
        help=f"if the quote belongs to the text, {doubled}; else quote the whole value",
    )


def _colon(source: SourceFile, offset: int, problem: str, last: ScalarNode | None) -> Diagnostic | None:
    if "mapping values are not allowed" not in problem:
        return None
    number, column = source.position(offset)
    if column > _LONGEST_KEY:
        return codes.SYNTAX.at(
            source.span(offset, offset + 1), f"a key may have at most {_LONGEST_KEY} characters", help="shorten it"
        )
    start = source.line_starts[number - 1]
    first = _FIRST_COLON.match(source.line(number) + "\n")
    if first is not None and start + first.start("colon") < offset:
        return colon_in_text(source, start + first.start("colon"), offset)
    if last is not None and last.style == "":
        above, above_column = source.position(last.start)
        if above < number and not source.line(above)[: above_column - 1].strip():
            return _no_colon(source, last.start)
    return _misfit(source, offset, "is indented deeper than the line above, which already has a value")


def _no_colon(source: SourceFile, start: int) -> Diagnostic:
    number, _ = source.position(start)
    return codes.SYNTAX.at(
        source.span(start, source.line_starts[number - 1] + len(source.line(number).rstrip())),
        "this line is neither `key: value` nor a list item",
        help="is a colon missing?",
    )


def _misfit(source: SourceFile, offset: int, how: str) -> Diagnostic:
    number, _ = source.position(offset)
    line = source.line(number)
    indentation = len(line) - len(line.lstrip(" "))
    start = source.line_starts[number - 1]
    spaces = f"{indentation} space" + ("" if indentation == 1 else "s")
    return codes.BAD_INDENTATION.at(
        source.span(start + indentation, start + len(line.rstrip())),
        f"this line {how}",
        label=f"indented by {spaces}",
        help="lines that belong together begin in the same column; what belongs to a key begins further right",
    )


def _reserved(source: SourceFile, offset: int, began: int, problem: str, context: str) -> Diagnostic | None:
    place = offset if "next token" in context or not context else began
    character = source.text[place : place + 1]
    if "cannot start any token" in problem or "directive" in context:
        return reserved_character(source, place) if character in ("%", "@", "`", "|", ">") else None
    if "mapping keys are not allowed" in problem:
        return reserved_character(source, offset)
    if "scanning an alias" in context or "scanning an anchor" in context:
        return reserved_character(source, place) if character in ("*", "&") else None
    if "tag" in context or "tag handle" in problem:
        tag = re.compile(r"\S+").match(source.text, began)
        written = tag[0] if tag else "!"
        return codes.UNKNOWN_TAG.at(
            source.span(began, began + len(written)),
            f"the tag `{written}` is unknown",
            help="write the value without a tag; if the `!` belongs to the text, quote it",
        )
    if "incompatible YAML" in problem:
        return codes.SYNTAX.at(
            _here(source, offset), "this version of YAML is unknown", help="remove the line; specs are YAML 1.2"
        )
    return None


def _brackets(source: SourceFile, offset: int, began: int, problem: str, context: str) -> Diagnostic | None:
    found = re.search(r"flow (sequence|mapping)", context)
    if found:
        closing = _BRACKETS[found[1]]
        opening = source.span(began, began + 1)
        same_line = source.position(began)[0] == source.position(offset)[0]
        if same_line and source.text[offset : offset + 1] == ":":
            return _colon_in_brackets(source, offset)
        if same_line and source.text[offset:].strip():
            return codes.UNBALANCED_BRACKET.at(
                _here(source, offset),
                f"a comma or `{closing}` is missing before this",
                secondary=(Label(opening, "opened here"),),
                help="quote a text that has commas, brackets or braces in it",
            )
        return codes.UNBALANCED_BRACKET.at(
            opening,
            f"the `{source.text[began : began + 1]}` opened here is not closed",
            label="opened here",
            secondary=(Label(_here(source, offset), "read as far as here"),),
            help=f"close it with `{closing}`",
        )
    character = source.text[offset : offset + 1]
    if character in ("]", "}", ",") and character:
        closes = (
            "a comma stands where a value was expected" if character == "," else f"this `{character}` closes nothing"
        )
        return codes.UNBALANCED_BRACKET.at(
            source.span(offset, offset + 1), closes, help="remove it, or quote the text that it belongs to"
        )
    return None


def _value_missing(source: SourceFile, offset: int, problem: str) -> Diagnostic | None:
    if "found unexpected ':'" in problem:
        return _colon_in_brackets(source, offset)
    if "node content" not in problem:
        return None
    if source.text[offset : offset + 1] == ":":
        return _no_key(source, offset)
    return codes.SYNTAX.at(_here(source, offset), "a value was expected here", help="quote it if this is meant as text")


def _colon_in_brackets(source: SourceFile, offset: int) -> Diagnostic:
    return codes.COLON_IN_TEXT.at(
        source.span(offset, offset + 1),
        "a text with a colon in it must be quoted inside of brackets",
        label="this colon",
        help="put the whole text in quotes",
    )


def _no_key(source: SourceFile, offset: int) -> Diagnostic:
    return codes.KEY_NOT_TEXT.at(
        source.span(offset, offset + 1),
        "a key is missing before the colon",
        help="write the name of the key before it, or quote a text that begins with a colon",
    )


def _block_text(source: SourceFile, offset: int, began: int, context: str) -> Diagnostic | None:
    if "block scalar" not in context:
        return None
    indicator = source.text[began : began + 1]
    return codes.SYNTAX.at(
        _here(source, offset),
        f"the text of a `{indicator}` block must begin on the next line",
        secondary=(Label(source.span(began, began + 1), "the block begins here"),),
        help=f"move the text down and indent it, or quote a text that begins with `{indicator}`",
    )


def _structure(source: SourceFile, offset: int, began: int, problem: str, context: str) -> Diagnostic | None:
    """A line that is neither an entry nor an item of what is open at its place."""
    if "simple key" in context and "':'" in problem:
        return _no_colon(source, began)
    if "block sequence entries are not allowed" in problem:
        return codes.SYNTAX.at(
            source.span(offset, offset + 1),
            "a list cannot begin on the line of its key",
            help="put each item on a line of its own, or write `[one, two]`",
        )
    if "<document start>" in problem:
        return codes.SEVERAL_DOCUMENTS.at(
            _here(source, offset),
            "a second document begins here",
            help="remove the `...` above, or put the second document into a file of its own",
        )
    if not ("block mapping" in context or "block collection" in context):
        return None
    number, column = source.position(offset)
    line = source.line(number)
    if source.text[offset : offset + 1] == ":":
        return _no_key(source, offset)
    if line[: column - 1].strip():
        return codes.SYNTAX.at(
            _here(source, offset), "this does not belong here", help="quote the text that it is part of"
        )
    if source.position(began)[1] != column:
        return _misfit(source, offset, "fits the indentation of no line above")
    if "collection" in context:
        headline = "a list item was expected here, not a key"
    else:
        headline = "a key was expected here, not " + ("a list item" if line[column - 1 :].startswith("-") else "this")
    return codes.SYNTAX.at(
        source.span(offset, source.line_starts[number - 1] + len(line.rstrip())),
        headline,
        secondary=(Label(source.span(began, began + 1), "what is open began here"),),
        help="keys and list items cannot be mixed in one column",
    )
