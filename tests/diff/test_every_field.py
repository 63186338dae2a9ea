"""No change is lost: whatever is changed in a spec and changes the output is told, in both comparisons."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from skillforge_mon.compiler import Compilation, compile_project, plan, write
from skillforge_mon.diff.projects import compare_projects, former_ids
from skillforge_mon.diff.trees import compare_tree
from skillforge_mon.documents.render import render_documents
from tests.diff.shop import SHOP
from tests.projects import resolved
from tests.strategies import specs

Where = tuple[str | int, ...]
SPEC: dict[str, Any] = yaml.safe_load(SHOP)
ANOTHER = {"shop": "managers", "page": "ticket", "ticket": "page", "saturday": "sunday", "web": "worker"}
"""Names that have to be names of the spec."""


def leaves(node: Any, path: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Every value of the spec with its path."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, member in members:
        yield (*path, key), member
        yield from leaves(member, (*path, key))


def variations(value: Any) -> Iterator[Any]:
    """Other values that a field like this one could have."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield ANOTHER.get(value, f"{value} too")
        for old, new in (("5m", "6m"), ("30", "40"), ("1", "2"), ("2", "3"), ("10m", "20m"), ("9", "8"), ("50", "10")):
            if old in value:
                yield value.replace(old, new)
    elif isinstance(value, list) and len(value) > 1:
        yield value[::-1]
        yield value[1:]


def single_changes() -> Iterator[tuple[Where, Any]]:
    """Every leaf of the spec gone, and in every other form that it can have."""
    for path, value in leaves(SPEC):
        for other in (None, *variations(value)):
            yield path, other


def with_change(path: Where, value: Any) -> dict[str, Any]:
    spec = copy.deepcopy(SPEC)
    node: Any = spec
    for key in path[:-1]:
        node = node[key]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return spec


def compiled(folder: Path, spec: dict[str, Any]) -> Compilation:
    file = folder / "shop.yaml"
    file.write_text(json.dumps(spec), encoding="utf-8")
    return compile_project(file)


def outputs(compilation: Compilation) -> dict[str, bytes]:
    return {item.document.path: item.content for item in render_documents(compilation.documents)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Compilation]:
    """The spec, and a folder in which it is built."""
    folder = tmp_path_factory.mktemp("shop")
    compilation = compiled(folder, SPEC)
    assert not write(compilation, folder / "generated").failed
    return folder, compilation


def test_every_change_that_changes_the_output_is_told(shop: tuple[Path, Compilation]) -> None:
    folder, before = shop
    assert before.project is not None
    untold, told_in_silence, only_layout, count = [], [], [], 0
    for path, value in single_changes():
        after = compiled(folder, with_change(path, value))
        if after.failed or after.name != before.name or after.project is None:
            continue
        differs = outputs(before) != outputs(after)
        count += differs
        semantic = compare_projects(before.project, after.project, "before")
        structural = compare_tree(
            plan(after, folder / "generated"), after.documents, former_ids(after.project), "generated"
        )
        name = f"{'.'.join(map(str, path))} = {value}"
        if differs and (semantic.empty or (structural.empty and not structural.files.layout)):
            untold.append(name)
        if not differs and not structural.empty:
            told_in_silence.append(name)
        if structural.files.layout and structural.empty:
            only_layout.append(name)
        assert structural.drift == ()
    assert untold == []
    assert told_in_silence == []
    assert only_layout == []
    assert count > 150


@settings(max_examples=40)
@given(specs())
def test_a_spec_does_not_differ_from_itself(spec: dict[str, Any]) -> None:
    text = json.dumps(spec)
    before, after = resolved(text)[0], resolved(text)[0]
    assert before is not None
    assert after is not None
    assert compare_projects(before, after, "itself").changes == ()


@settings(max_examples=40)
@given(specs())
def test_nothing_differs_after_a_build(tmp_path_factory: pytest.TempPathFactory, spec: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("build")
    compilation = compiled(folder, spec)
    if compilation.failed or compilation.project is None:
        return
    assert not write(compilation, folder).failed
    found = compare_tree(plan(compilation, folder), compilation.documents, {}, "files")
    assert (found.changes, found.drift, found.files.words) == ((), (), "")
