"""Texts that are parsed once, however often a project says them."""

from __future__ import annotations

from skillforge_mon.query.promql.errors import PromQLSyntaxError
from skillforge_mon.query.promql.parser import parse
from skillforge_mon.query.promql.tree import Expr


class ParsedTexts:
    """Remembers the tree of every text, or why it has none."""

    def __init__(self) -> None:
        self._found: dict[str, Expr | PromQLSyntaxError] = {}

    def of(self, text: str) -> Expr | PromQLSyntaxError:
        """The tree of ``text``, or the error that parsing it ends with: told, not raised."""
        found = self._found.get(text)
        if found is None:
            try:
                found = parse(text)
            except PromQLSyntaxError as error:
                found = error
            self._found[text] = found
        return found
