from __future__ import annotations

import hashlib

import pytest

from skillforge_mon.documents.document import Document, Format, Plain
from skillforge_mon.documents.render import Rendered, render, render_documents


@pytest.mark.parametrize(
    ("content", "format_", "written"),
    [
        ({"a": "é"}, Format.YAML, "# From monmc.\na: é\n"),
        ({"a": "é"}, Format.JSON, '{\n  "a": "é"\n}\n'),
        ("é\n\tline", Format.TEXT, "é\n\tline\n"),
        ("line\r\nother\n\n\n", Format.TEXT, "line\nother\n"),
        ("", Format.TEXT, ""),
    ],
)
def test_each_format_has_its_bytes(content: Plain, format_: Format, written: str) -> None:
    assert render(Document("a", content, format_, header="From monmc.")) == written.encode()


def test_a_text_that_is_no_text_is_a_defect() -> None:
    with pytest.raises(TypeError, match=r"^a\.txt is a text whose content is a dict$"):
        render(Document("a.txt", {}, Format.TEXT))


def test_documents_are_rendered_with_the_hash_of_their_bytes() -> None:
    document = Document("a.txt", "a", Format.TEXT)
    assert render_documents([document]) == (Rendered(document, b"a\n", hashlib.sha256(b"a\n").hexdigest()),)
