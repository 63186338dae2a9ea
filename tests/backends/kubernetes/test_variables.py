"""Texts reach a container as they are, whatever Kubernetes reads in them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.kubernetes.variables import literal


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """What a container sees of ``text`` (kubernetes, third_party/forked/golang/expansion/expand.go)."""
    found, at = "", 0
    while at < len(text):
        if text[at] != "$" or at + 1 == len(text):
            found, at = found + text[at], at + 1
        elif text[at + 1] == "$":
            found, at = found + "$", at + 2
        elif text[at + 1] == "(" and ")" in text[at + 2 :]:
            end = text.index(")", at + 2)
            name = text[at + 2 : end]
            found, at = found + variables.get(name, f"$({name})"), end + 1
        else:
            found, at = found + text[at : at + 2], at + 2
    return found


@given(st.text("$()ab", max_size=12))
def test_a_text_is_seen_as_it_is(text: str) -> None:
    assert expanded(literal(text), {"a": "A", "b": "B", "": "none"}) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("p$(a)", "p$$(a)"), ("p$$w", "p$$$w"), ("^(/|$)", "^(/|$)"), ("$$(a)", "$$$$(a)"), ("cost $5", "cost $5")],
)
def test_only_what_would_be_read_is_written_twice(text: str, written: str) -> None:
    assert literal(text) == written
