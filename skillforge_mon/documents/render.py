"""Documents as the bytes of their files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from skillforge_mon.documents.document import Document, Format
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.documents.yaml_writer import write_yaml


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document, the bytes of its file, and their SHA-256 in hexadecimal."""

    document: Document
    content: bytes
    sha256: str


def render_documents(documents: Iterable[Document]) -> tuple[Rendered, ...]:
    """Render every document once; the manifest and the tree both start from the result."""
    return tuple(
        Rendered(document, content, hashlib.sha256(content).hexdigest())
        for document in documents
        for content in (render(document),)
    )


def render(document: Document) -> bytes:
    """The bytes of the document's file: UTF-8, ``\\n`` at the end of every line, one newline at the end of the file.

    The header becomes comment lines in YAML. JSON has no comments and TEXT is written as it is, so neither shows it.
    Raises ValueError and TypeError for content that its format cannot say: a defect of the emitter.
    """
    match document.format:
        case Format.YAML:
            return write_yaml(document.content, document.header).encode()
        case Format.JSON:
            return write_json(document.content).encode()
        case Format.TEXT:
            if not isinstance(document.content, str):
                raise TypeError(f"{document.path} is a text whose content is a {type(document.content).__name__}")
            text = document.content.replace("\r\n", "\n").rstrip("\n")
            return f"{text}\n".encode() if text else b""
