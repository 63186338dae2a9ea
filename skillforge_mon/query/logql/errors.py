"""What is raised when a text is not LogQL."""

from __future__ import annotations


class LogQLSyntaxError(Exception):
    """The text is not a query that Loki accepts.

    ``message`` says what is wrong and what was expected, in one sentence without a full stop. ``start`` and ``end``
    are code-point offsets in the query's text, the end exclusive; at the end of the text both are its length. ``help``
    is what to write instead, or empty.
    """

    def __init__(self, message: str, start: int, end: int, help: str = "") -> None:  # noqa: A002 - the field's word
        super().__init__(message, start, end, help)
        self.message = message
        self.start = start
        self.end = end
        self.help = help

    def __str__(self) -> str:
        return self.message
