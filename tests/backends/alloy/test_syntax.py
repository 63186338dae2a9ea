"""What is written in Alloy's syntax reads back as what was meant, by a reader of its own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.alloy.syntax import (
    Attribute,
    Block,
    Reference,
    component_label,
    component_labels,
    write_alloy,
)
from tests.backends.alloy.reader import Found, Ref, read
from tests.backends.loki.compiled import HERE, emitted
from tests.specs.compiled import compiled

HEAD = "version: 1\nproject: shop\ntargets: {loki: {}, alloy: {}}\n"
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=12)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(0, 10**6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["a", "path_targets", "x1"]), VALUES))
def test_every_value_reads_back(values: dict[str, Any]) -> None:
    body = tuple(Attribute(name, value) for name, value in values.items())
    text = write_alloy([Block("loki.process", (*body, Block("stage.json", body)), "web")], "Written\nby monmc.")
    assert read(text) == [Found("loki.process", "web", values, [Found("stage.json", "", values)])]


def test_a_reference_is_no_text() -> None:
    block = Block("loki.process", (Attribute("forward_to", [Reference("loki.process.web.receiver")]),), "web")
    assert read(write_alloy([block])) == [
        Found("loki.process", "web", {"forward_to": [Ref(("loki", "process", "web", "receiver"))]})
    ]


@pytest.mark.parametrize(("words", "label"), [(("web-1",), "web_1"), (("1st", "é"), "_1st__"), (("a", "b.c"), "a_b_c")])
def test_a_label_is_an_identifier(words: tuple[str, ...], label: str) -> None:
    assert component_label(*words) == label


@given(st.lists(st.tuples(st.sampled_from(["a", "a-b", "a.b", "a_b", "a_b_2", "é"])), unique=True))
def test_no_two_components_have_one_label(names: list[tuple[str, ...]]) -> None:
    found = component_labels(names)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(names)
    assert all(found[words] == words[0] for words in names if words[0] in {"a", "a_b", "a_b_2"})


def test_streams_whose_names_differ_in_a_sign_are_read_apart() -> None:
    """Alloy refuses a file in which a component is declared twice."""
    text = (
        HEAD
        + """\
logs:
  web-a: {source: {journal: [x.service, y.service, x.service]}}
  web.a: {source: {files: /var/log/a.log}}
  web_a: {source: {journal: z.service}}
  web_a_x: {source: {journal: z.service}}
"""
    )
    blocks = read(str(emitted(text).content("alloy/config.alloy")))
    names = [(block.name, block.label) for block in blocks]
    assert names == [
        ("loki.source.journal", "web_a_x_2"),
        ("loki.source.journal", "web_a_y"),
        ("loki.process", "web_a_2"),
        ("local.file_match", "web_a_3"),
        ("loki.source.file", "web_a_3"),
        ("loki.process", "web_a_3"),
        ("loki.source.journal", "web_a"),
        ("loki.process", "web_a"),
        ("loki.source.journal", "web_a_x"),
        ("loki.process", "web_a_x"),
        ("loki.write", "loki"),
    ]
    assert blocks[0].attributes["forward_to"] == [Ref(("loki", "process", "web_a_2", "receiver"))]


@pytest.mark.parametrize("case", ["shop", "small"])
def test_the_files_of_the_cases_are_well_formed_and_every_reference_leads_somewhere(case: str) -> None:
    text = (HERE / "expected" / case / "alloy" / "config.alloy").read_text(encoding="utf-8")
    assert [block.name for block in read(text)][-1] == {"shop": "otelcol.exporter.otlphttp", "small": "loki.write"}[
        case
    ]


@pytest.mark.parametrize("name", ["jac.yaml", "toolboxai.yaml"])
def test_the_platforms_files_are_well_formed(name: str) -> None:
    texts = [each.content for each in compiled(name).documents if each.path == "alloy/config.alloy"]
    assert [read(str(text))[-1].name for text in texts] == ["loki.write"]


def test_a_request_id_is_beside_the_line_and_no_label() -> None:
    [text] = [each.content for each in compiled("toolboxai.yaml").documents if each.path == "alloy/config.alloy"]
    [process] = [block for block in read(str(text)) if (block.name, block.label) == ("loki.process", "api")]
    stages = {block.name: block.attributes for block in process.blocks}
    assert set(stages["stage.labels"]["values"]) == {"level", "endpoint", "agent_type", "logger"}
    assert "request_id" in stages["stage.structured_metadata"]["values"]
