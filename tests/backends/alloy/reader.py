"""A reader of Alloy's configuration syntax, after its page in the documentation, that shares nothing with the writer.

It takes what the writer needs of the syntax: comments, blocks with labels, attributes, strings, numbers, truth values,
lists, objects, references and calls. Component names must be known, and every reference must lead to a component of the
file that exports what is named.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"""(?P<space>[ \t]+)|(?P<newline>\n)|(?P<comment>//[^\n]*)|(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<symbol>[{}\[\](),=.])""",
    re.VERBOSE,
)
EXPORTS = {
    "local.file_match": {"targets"},
    "local.file": {"content"},
    "loki.source.file": set(),
    "loki.source.kubernetes": set(),
    "loki.source.docker": set(),
    "loki.source.journal": set(),
    "loki.process": {"receiver"},
    "loki.write": {"receiver"},
    "discovery.kubernetes": {"targets"},
    "discovery.docker": {"targets"},
    "discovery.relabel": {"output", "rules"},
    "otelcol.receiver.otlp": set(),
    "otelcol.processor.batch": {"input"},
    "otelcol.exporter.otlphttp": {"input"},
    "otelcol.auth.basic": {"handler"},
}
"""Components that we write, and what each exports (the "Exported fields" of their pages)."""


@dataclass
class Found:
    """A block: its name, its label, its attributes, and the blocks in it."""

    name: str
    label: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    blocks: list[Found] = field(default_factory=list)


@dataclass(frozen=True)
class Ref:
    """A reference as its words."""

    words: tuple[str, ...]


def read(text: str) -> list[Found]:
    """The components of a file. The test fails where it is not well-formed, or a reference leads nowhere."""
    reader = _Reader(text)
    found = reader.body(top=True)
    assert reader.peek() == "", reader.rest()
    assert not found.attributes
    names = [(block.name, block.label) for block in found.blocks]
    assert len(set(names)) == len(names), names
    for block in found.blocks:
        assert block.name in EXPORTS, block.name
        assert block.label, block.name
        for ref in _references(block):
            *name, label, export = ref.words
            assert (".".join(name), label) in names, ref
            assert export in EXPORTS[".".join(name)], ref
    return found.blocks


def _references(block: Found) -> list[Ref]:
    def within(value: Any) -> list[Ref]:
        if isinstance(value, Ref):
            return [value]
        if isinstance(value, dict):
            return [ref for each in value.values() for ref in within(each)]
        return [ref for each in value for ref in within(each)] if isinstance(value, list) else []

    return within(block.attributes) + [ref for inner in block.blocks for ref in _references(inner)]


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            assert match is not None, text[position : position + 40]
            position = match.end()
            if match.lastgroup not in ("space", "comment"):
                self.tokens.append((match.lastgroup or "", match[0]))
        self.index = 0

    def peek(self) -> str:
        return self.tokens[self.index][1] if self.index < len(self.tokens) else ""

    def rest(self) -> str:
        return " ".join(text for _, text in self.tokens[self.index : self.index + 10])

    def take(self, wanted: str = "") -> str:
        kind, text = self.tokens[self.index]
        assert wanted in ("", text, kind), (wanted, self.rest())
        self.index += 1
        return text

    def newlines(self) -> None:
        while self.peek() == "\n":
            self.take()

    def body(self, *, top: bool = False) -> Found:
        """Statements, each on lines of its own, up to the brace that closes them."""
        found = Found("")
        self.newlines()
        while self.peek() not in ("}", ""):
            words = self.words()
            if self.peek() == "=":
                self.take()
                assert len(words) == 1, words
                assert words[0] not in found.attributes, words
                found.attributes[words[0]] = self.value()
            else:
                label = json.loads(self.take("string")) if self.peek().startswith('"') else ""
                self.take("{")
                inner = self.body()
                self.take("}")
                assert not label or re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", label), label
                found.blocks.append(Found(".".join(words), label, inner.attributes, inner.blocks))
            assert self.peek() in ("\n", "", "}"), self.rest()
            self.newlines()
        assert top or self.peek() == "}"
        return found

    def words(self) -> list[str]:
        words = [self.take("word")]
        while self.peek() == ".":
            self.take()
            words.append(self.take("word"))
        return words

    def value(self) -> Any:
        kind, text = self.tokens[self.index]
        if kind == "string":
            return json.loads(self.take())
        if kind == "number":
            return float(self.take())
        if kind == "word":
            words = self.words()
            return {"true": True, "false": False}.get(words[0], Ref(tuple(words)))
        return self.list() if text == "[" else self.object()

    def list(self) -> list[Any]:
        self.take("[")
        found = []
        while self.peek() != "]":
            found.append(self.value())
            if self.peek() != "]":
                self.take(",")
        self.take("]")
        return found

    def object(self) -> dict[str, Any]:
        """Pairs; a line that ends within must end with a comma."""
        self.take("{")
        found: dict[str, Any] = {}
        self.newlines()
        while self.peek() != "}":
            kind, text = self.tokens[self.index]
            self.take()
            self.take("=")
            found[json.loads(text) if kind == "string" else text] = self.value()
            self.take(",")
            self.newlines()
        self.take("}")
        return found
