r"""Rules of Datadog's grok parser: how a line that is no JSON becomes attributes.

[docs] logs/log_configuration/parsing: ``%{matcher:name}`` within a regular expression that must match the whole line;
``regex("…")`` is a matcher, in whose quotes ``\`` and ``"`` stand behind a ``\``; ``data::keyvalue`` reads pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.regex_dialects import UnsayableRegexError, in_dialect
from skillforge_mon.model.logs import LogStream

MOST_SAMPLES: Final = 5
LONGEST_SAMPLE: Final = 5000
"""What a processor keeps. [docs] parsing, "Up to five samples can be saved with the processor\""""
PAIRS: Final = 'line %{regex(".*")::keyvalue("=","/:")}'
"""The usual ``%{data::keyvalue(…)}`` would look like a reference of ours (``%{kind:key}``)."""
PAIRS_DIFFER: Final = "a value in logfmt without quotes ends at a sign other than letters, digits and `_.-@/:`"
_NAMED: Final = re.compile(r"\(\?<([A-Za-z0-9_]+)>")
_QUANTIFIER: Final = re.compile(r"[*+?]|\{[0-9]")


def parser(stream: LogStream) -> Plain | None:
    """The processor that reads a line; None where Datadog reads it by itself (JSON), or nothing is to be read.

    Raises Untranslatable.
    """
    spec = stream.spec
    if spec.format == "logfmt":
        rules = PAIRS
    elif spec.format == "regex" and spec.pattern is not None:
        # What a matcher finds is a text, and seconds are computed with.
        seconds = spec.time.field if spec.time is not None and spec.time.format == "unix" else None
        rules = f"line {rule(spec.pattern, seconds)}"
    else:
        return None
    return {
        "type": "grok-parser",
        "name": f"Read lines of {stream.name}",
        "is_enabled": True,
        "source": "message",
        "samples": [sample[:LONGEST_SAMPLE] for sample in spec.samples[:MOST_SAMPLES]],
        "grok": {"support_rules": "", "match_rules": rules},
    }


def rule(pattern: str, number: str | None = None) -> str:
    r"""``%{regex("\\w+"):level} …`` for ``(?P<level>\w+) …``; the group ``number`` is one. Raises Untranslatable."""
    try:
        text = in_dialect(pattern, "java", "")
    except UnsayableRegexError as error:
        raise Untranslatable(str(error), "write the expression without it") from None
    if "\n" in text:
        raise Untranslatable(
            "a rule of Datadog's is one line, and the pattern is several", r"write `\n` for a line break"
        )
    # Outside matchers `%{` would begin one.
    text = _whole(text).replace("%{", "[%]{")
    parts = []
    at = 0
    while (found := _NAMED.search(text, at)) is not None:
        end = _closing(text, found.start())
        inner = text[found.end() : end]
        within = _NAMED.search(inner)
        if within is not None:
            raise Untranslatable(
                f"the group `{within[1]}` is within another, and Datadog's rules name no part of a part",
                "name one of the two",
            )
        escaped = inner.replace("\\", "\\\\").replace('"', '\\"')
        matcher = f'%{{regex("{escaped}"):{found[1]}{":number" if found[1] == number else ""}}}'
        parts.append(text[at : found.start()])
        at = end + 1
        parts.append(f"(?:{matcher})" if _QUANTIFIER.match(text, at) else matcher)
    return "".join((*parts, text[at:]))


def _whole(text: str) -> str:
    """``text`` for a matcher that is bound to both ends of the line, as it is bound in the spec or is not."""
    if any(char == "|" and depth == 0 for _, char, depth in _signs(text)):
        return f".*?(?:{text}).*"
    start = text.removeprefix(r"\A") if text.startswith(r"\A") else f".*?{text}"
    return start.removesuffix(r"\z") if start.endswith(r"\z") else f"{start}.*"


def _closing(text: str, start: int) -> int:
    """Where the group that opens at ``start`` ends."""
    return next(at for at, char, depth in _signs(text[start:]) if char == ")" and depth == 0) + start


def _signs(text: str) -> Iterator[tuple[int, str, int]]:
    """The signs outside escapes and brackets: where each is, and in how many groups; that of a bracket, after it."""
    depth = 0
    in_class = False
    escaped = False
    for at, char in enumerate(text):
        if escaped or char == "\\":
            escaped = not escaped
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        else:
            depth += (char == "(") - (char == ")")
            yield at, char, depth
