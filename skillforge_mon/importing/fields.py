"""Reads the fields of a map and remembers which, so that what nobody asked for can be told in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.importing.codes import DIFFERENT, FIELD_LEFT_OUT, INVALID, LEFT_OUT
from skillforge_mon.importing.documents import SourceDocument
from skillforge_mon.spec.quantities import QuantityError, parse_ratio
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, is_null


@dataclass(slots=True, eq=False)
class Fields:
    """A map of a document. ``title`` is what it is called in messages: ``the SLO `x```.

    Every reader gives None for a field that is absent or null, and for one that is of the wrong type, which it reports.
    """

    node: MappingNode
    document: SourceDocument
    report: Report
    title: str
    _read: set[str] = field(default_factory=set)
    _inner: dict[int, Fields] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """The place of the first line of the map."""
        start = self.node.span
        return self.document.place(Span.at(start.file, start.line, start.column))

    def has(self, key: str) -> bool:
        """Whether the field is there and not null."""
        node = self.node.get(key)
        return node is not None and not is_null(node)

    def place(self, key: str) -> Span:
        """The place of the field's name; of the map when it has none."""
        return self.document.place(self.node.key_span(key)) if key in self.node.entries else self.span

    def text(self, key: str) -> str | None:
        """A text; empty ones count as absent."""
        node = self._get(key)
        if node is None:
            return None
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            self.invalid(key, "should be text")
            return None
        return node.value.strip() or None

    def needed(self, key: str) -> str | None:
        """A text that must be there."""
        if not self.has(key):
            self.missing(key)
            return None
        value = self.text(key)
        if value is None and isinstance(node := self.node.get(key), ScalarNode) and isinstance(node.value, str):
            self.invalid(key, "is empty")
        return value

    def flag(self, key: str) -> bool | None:
        """True or false."""
        node = self._get(key)
        if node is None:
            return None
        if not isinstance(node, ScalarNode) or not isinstance(node.value, bool):
            self.invalid(key, "should be true or false")
            return None
        return node.value

    def number(self, key: str, *, quoted: bool = False) -> Decimal | None:
        """A finite number, exactly as it is written; with ``quoted`` it may stand in quotes."""
        node = self._get(key)
        if node is None:
            return None
        right = isinstance(node, ScalarNode) and not isinstance(node.value, bool)
        if right and isinstance(node, ScalarNode) and (quoted or isinstance(node.value, int | float)):
            try:
                value = Decimal(node.text.strip().replace("_", ""))
            except ArithmeticError:
                value = Decimal("NaN")
            if value.is_finite() and (not value or abs(value.adjusted()) <= _MOST_DIGITS):
                return value
        self.invalid(key, "should be a number")
        return None

    def objective(self, key: str, *, percent: bool, quoted: bool = False) -> str | None:
        """A share in per cent (``99.9%``), from a number of per cent or, without ``percent``, from 0 to 1."""
        value = self.number(key, quoted=quoted)
        if value is None:
            return None
        share = value if percent else value * 100
        if not 0 < share <= 100:
            self.invalid(key, f"should be above 0 and at most {100 if percent else 1}")
            return None
        text = f"{share:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        try:
            parse_ratio(f"{text}%")
        except QuantityError:
            self.invalid(key, "should be a number with fewer digits")
            return None
        return f"{text}%"

    def map(self, key: str) -> Fields | None:
        """A map below this one."""
        node = self._get(key)
        if node is None:
            return None
        if not isinstance(node, MappingNode):
            self.invalid(key, "should be a map")
            return None
        return self._below(node)

    def maps(self, key: str) -> list[Fields]:
        """A list of maps."""
        found = []
        for item in self._list(key):
            if isinstance(item, MappingNode):
                found.append(self._below(item))
            else:
                self.invalid(key, "should be a list of maps")
        return found

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        found = []
        for item in self._list(key):
            if isinstance(item, ScalarNode) and isinstance(item.value, str):
                found.append(item.value)
            else:
                self.invalid(key, "should be a list of texts")
        return found

    def pairs(self, key: str) -> Iterator[tuple[str, str, Span]]:
        """The keys and values of a map of texts, such as labels, each with the place of its key."""
        node = self._get(key)
        if node is None:
            return
        if not isinstance(node, MappingNode):
            self.invalid(key, "should be a map")
            return
        for name, entry in node.entries.items():
            if isinstance(entry.node, ScalarNode):
                yield name, entry.node.text, self.document.place(entry.key_span)
            else:
                values = entry.node.items if isinstance(entry.node, SequenceNode) else []
                texts = [value.text for value in values if isinstance(value, ScalarNode)]
                if texts and len(texts) == len(values):
                    yield name, ",".join(texts), self.document.place(entry.key_span)
                else:
                    self.invalid(key, f"has a value that is no text under `{name}`")

    def skip(self, *keys: str) -> None:
        """These fields mean nothing outside their tool."""
        self._read.update(keys)

    def missing(self, key: str) -> None:
        """Report that the field must be there."""
        self.report.add(INVALID.at(self.span, f"{self.title} has no `{key}`"))

    def invalid(self, key: str, why: str) -> None:
        """Report a field that is not what its kind demands."""
        self.report.add(INVALID.at(self.place(key), f"`{key}` of {self.title} {why}"))

    def lost(self, key: str, why: str, help: str = "", *, place: Span | None = None) -> None:  # noqa: A002 - the field's word
        """Report a field that is not carried over."""
        headline = f"`{key}` of {self.title} is left out: {why}"
        self.report.add(FIELD_LEFT_OUT.at(place or self.place(key), headline, help=help))

    def different(self, key: str, how: str) -> None:
        """Report a field that is carried over a little differently."""
        self.report.add(DIFFERENT.at(self.place(key), f"{self.title}: {how}"))

    def left_out(self, key: str, why: str, help: str = "") -> None:  # noqa: A002 - the field's word
        """Report that the whole SLO is left out because of this field."""
        self.report.add(LEFT_OUT.at(self.place(key), f"{self.title} is left out: {why}", help=help))

    def silence(self) -> None:
        """The whole map is given up, and that has been said: none of its fields is to be told of as well."""
        self._read.update(self.node.entries)
        for inner in self._inner.values():
            inner.silence()

    def tell_unread(self) -> None:
        """Report every field that nobody has asked for, here and below."""
        for key in self.node.entries:
            if key not in self._read and self.has(key):
                self.lost(key, "monmc does not know this field")
        for inner in self._inner.values():
            inner.tell_unread()

    def _get(self, key: str) -> Node | None:
        self._read.add(key)
        return self.node.get(key) if self.has(key) else None

    def _list(self, key: str) -> list[Node]:
        node = self._get(key)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self.invalid(key, "should be a list")
            return []
        return node.items

    def _below(self, node: MappingNode) -> Fields:
        # An object may be read for several others that name it: what one has read, nobody has left out.
        if id(node) not in self._inner:
            self._inner[id(node)] = Fields(node, self.document, self.report, self.title)
        return self._inner[id(node)]


_MOST_DIGITS = 20
