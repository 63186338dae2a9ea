"""What a backend writes, as data: the table of docs/backends.md is made from it, and a test holds it to the truth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Output:
    """One kind of thing that a backend writes.

    ``what`` is what people call it; ``sections`` are the parts of the language that it comes from; ``files`` is where
    it is in the output tree, as a pattern; ``held_by`` are the tests in which its vendor's own program, schema or
    client judges it, or what stands for that; ``shown_by`` is a command that shows it. ``lacking`` says what of it
    cannot be said yet, "" for nothing.
    """

    what: str
    sections: tuple[str, ...]
    files: str
    held_by: tuple[str, ...]
    shown_by: str = "monmc build"
    lacking: str = ""
