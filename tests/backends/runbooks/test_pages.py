"""Which pages there are, and what is reported."""

from __future__ import annotations

from skillforge_mon.backends.runbooks.codes import RESERVED_NAME
from tests.backends.runbooks.compiled import compiled


def test_a_project_without_runbooks_gets_no_pages() -> None:
    assert compiled("version: 1\nproject: shop\n") == ((), ())


def test_a_runbook_that_is_kept_elsewhere_is_only_listed() -> None:
    documents, _ = compiled('version: 1\nproject: shop\nrunbooks: {wiki: {url: "https://wiki.example/"}}\n')
    assert [(document.path, document.content) for document in documents] == [
        ("runbooks/README.md", "# Runbooks of shop\n\n## Of no service\n\n- [Wiki](https://wiki.example/)")
    ]


def test_no_runbook_takes_the_place_of_the_index() -> None:
    documents, diagnostics = compiled(RESERVED_NAME.bad)
    assert [document.path for document in documents] == ["runbooks/README.md"]
    assert [(problem.code, str(problem.span), problem.headline, problem.help) for problem in diagnostics] == [
        ("MON4320", "spec.yaml:23:3", "`readme` is the page that lists all runbooks", "give the runbook another name")
    ]


def test_another_name_is_all_that_it_needs() -> None:
    documents, diagnostics = compiled(RESERVED_NAME.good)
    assert [document.path for document in documents] == ["runbooks/errors.md", "runbooks/README.md"]
    assert diagnostics == ()
