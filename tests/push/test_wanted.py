"""Which documents, and which parts of them, are objects of a server."""

from __future__ import annotations

from skillforge_mon.documents.document import Document, Format, Part, Reference, Resource
from skillforge_mon.documents.references import reference
from skillforge_mon.push.fingerprint import revision
from skillforge_mon.push.steps import Wanted
from skillforge_mon.push.wanted import wanted_of


def test_each_part_of_a_file_is_an_object_of_its_own() -> None:
    search, board = {"title": "Latest errors"}, {"shows": reference("search", "logs.web")}
    parts = (
        Part(Resource("kibana", "search", "logs.web"), search),
        Part(Resource("kibana", "board", "boards.1"), board),
        Part(Resource("other", "search", "logs.web"), search),
    )
    text = Document("kibana/shop.ndjson", "…", Format.TEXT, ("logs.web",), parts=parts)
    assert wanted_of([text], "kibana") == (
        Wanted("kibana", "search", "logs.web", "Latest errors", search, revision(search)),
        Wanted("kibana", "board", "boards.1", "1", board, revision(board), (Reference("search", "logs.web"),)),
    )
