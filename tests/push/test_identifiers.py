"""Identifiers of what comes into the world with an object of the tree."""

from __future__ import annotations

from typing import Any, cast

from skillforge_mon.documents.document import Reference
from skillforge_mon.documents.references import reference
from skillforge_mon.push.identifiers import Identifiers
from skillforge_mon.remote.api import Api

PROJECT = Reference("project", "projects.web")


class Server:
    """What it finds is in ``there``; monitors of a project come with it."""

    title = "Server"

    def __init__(self) -> None:
        self.there: dict[Reference, str] = {}
        self.asked: list[str] = []

    def lookup(self, wanted: Reference) -> str | None:
        self.asked.append(wanted.kind)
        return self.there.get(wanted)

    def comes_with(self, wanted: Reference) -> Reference | None:
        return PROJECT if wanted.kind == "monitor" else None


def identifiers(server: Server, *own: Reference) -> Identifiers:
    return Identifiers(cast("Api", server), own)


BODY: Any = [reference("monitor", "web"), reference("team", "shop")]


def test_what_comes_with_an_object_of_the_tree_is_not_missing_and_is_asked_for_again() -> None:
    server = Server()
    found = identifiers(server, PROJECT)
    assert found.missing(BODY) == (Reference("team", "shop"),)
    assert found.unknown(BODY) == (Reference("monitor", "web"), Reference("team", "shop"))
    server.there = {Reference("monitor", "web"): "7", Reference("team", "shop"): "8"}
    assert found.unknown(BODY) == (Reference("team", "shop"),)
    assert server.asked == ["monitor", "team", "monitor", "monitor"]


def test_what_would_come_with_an_object_that_is_not_in_the_tree_is_missing() -> None:
    server = Server()
    assert identifiers(server).missing(BODY) == (Reference("monitor", "web"), Reference("team", "shop"))
