"""Texts of users within a page: nothing that they write changes the page around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from skillforge_mon.backends.runbooks.markdown import bullets, code, link, numbered, quoted
from skillforge_mon.backends.runbooks.titles import titled

PARSE = MarkdownIt("commonmark").parse

_LINES = st.sampled_from(
    [
        "", "", " ", "text", "  indented", "    code", "# heading", "#", "### heading ###", "  ## heading", "#hash",
        "===", "---", "-", "- item", "- # heading", "1. step", "10) step", "> quoted", "> # heading", "```", "```sh",
        "~~~~", "````", "<!-- open", "-->", "<script>", "</script>", "<?php", "<!DOCTYPE", "<![CDATA[", "<div>", "***",
        "| a |", "  ```", "  # heading", "* * *", "\\", "[a]: b", "\ttab",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(_LINES, max_size=8).map("\n".join), st.text(st.characters(codec="utf-8"), max_size=30))


def outline(text: str) -> list[tuple[str, str]]:
    """The headings of the page itself, outside of lists and quotations."""
    tokens: list[Token] = PARSE(text)
    return [
        (token.tag, tokens[at + 1].content)
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    ]


@given(TEXTS)
def test_a_text_adds_no_heading_and_swallows_none(text: str) -> None:
    assert outline(f"# Page\n\n{quoted(text)}\n\n## Next\n") == [("h1", "Page"), ("h2", "Next")]


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_items_stay_within_their_list(texts: list[str]) -> None:
    kept = [text for text in texts if text.strip()]
    for written, kind in ((bullets(texts), "bullet"), (numbered(texts), "ordered")):
        page = f"# Page\n\n{written}\n\n## Next\n"
        assert outline(page) == [("h1", "Page"), ("h2", "Next")]
        tokens = [token for token in PARSE(page) if token.level == 0]
        lists = [token for token in tokens if token.type == f"{kind}_list_open"]
        assert len(lists) == (1 if kept else 0)
        items = [token for token in PARSE(page) if token.type == "list_item_open" and token.level == 1]
        assert len(items) == len(kept)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
def test_inline_code_shows_what_it_was_given(text: str) -> None:
    inline = PARSE(f"x {code(text)}")[1].children
    assert inline is not None
    assert [(token.type, token.content) for token in inline[1:]] == [("code_inline", text)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "> plain"),
        ("one\n\n\ttwo", "> one\n>\n> \ttwo"),
        ("# Heading\ntext", "> **Heading**\n>\n> text"),
        ("Heading\n=======\ntext", "> Heading\n>\n> text"),
        ("> # Heading\n> text", "> > **Heading**\n> > text"),
        ("- # Heading", "> - **Heading**"),
        ("#", ">"),
        ("```sh\n# a comment\n```\n# Heading", "> ```sh\n> # a comment\n> ```\n> **Heading**"),
        ("    # indented code", ">     # indented code"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "> | a | b |\n> |---|---|\n> | 1 | 2 |"),
    ],
)
def test_only_headings_are_changed_and_never_code(text: str, written: str) -> None:
    assert quoted(text) == written


def test_items_of_several_lines_are_indented_as_far_as_their_mark() -> None:
    assert bullets(["one\ntwo\n\n- three", " "]) == "- one\n  two\n\n  - three"
    steps = [f"step {number}" for number in range(1, 10)] + ["ten\n\n```\ncode\n```"]
    assert numbered(steps).split("\n")[9:] == ["10. ten", "", "    ```", "    code", "    ```"]


@pytest.mark.parametrize(
    ("title", "url", "written"),
    [
        ("Logs", "https://logs.example", "[Logs](https://logs.example)"),
        ("Logs [all]", "https://logs.example/a (b)", r"[Logs \[all\]](<https://logs.example/a (b)>)"),
    ],
)
def test_links_survive_brackets(title: str, url: str, written: str) -> None:
    assert link(title, url) == written


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("high-error-rate", "High error rate"),
        ("HighErrorRate", "High error rate"),
        ("HTTPErrors", "HTTP errors"),
        ("disk_full.node2", "Disk full node 2"),
        ("a", "A"),
    ],
)
def test_a_name_becomes_a_title(name: str, title: str) -> None:
    assert titled(name) == title
