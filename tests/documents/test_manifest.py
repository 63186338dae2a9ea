from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.documents.document import Document, Format, Grade, Reference, Resource, Verdict
from skillforge_mon.documents.manifest import Manifest, Place, build_manifest, manifest_bytes, to_plain
from skillforge_mon.documents.manifest_reader import from_plain, read_manifest
from skillforge_mon.documents.render import render_documents

DOCUMENTS = [
    Document(
        "prometheus/rules/backend.yaml",
        {"groups": []},
        Format.YAML,
        ("slos.availability", "alerts.HighErrorRate"),
        (
            Verdict("prometheus", "alerts.HighErrorRate", Grade.EXACT),
            Verdict("prometheus", "slos.availability", Grade.EXACT),
        ),
    ),
    Document(
        "datadog/monitors/HighErrorRate.json",
        {"name": "HighErrorRate"},
        Format.JSON,
        ("alerts.HighErrorRate",),
        (
            Verdict("datadog", "alerts.HighErrorRate", Grade.EXACT, field="expr"),
            Verdict("datadog", "alerts.HighErrorRate", Grade.APPROXIMATE, "all points of 5 m", "a query", "for"),
        ),
        Resource("datadog", "monitor", "HighErrorRate", (Reference("slo", "availability"),)),
    ),
    Document("README.txt", "Generated.", Format.TEXT),
]
PLACES = {"slos.availability": Place("slos.yaml", 3), "alerts.HighErrorRate": Place("alerts.yaml", 9)}
EXPECTED = """\
{
  "format_version": 1,
  "project": "shop",
  "environment": "production",
  "monmc": "1.2.3",
  "inputs": "abc",
  "files": {
    "README.txt": {
      "sha256": "94cf5adb34fa8a61a440107ad3cd8bfb4ce697223dc74c7ea2e39b82e648861a",
      "size": 11,
      "format": "text",
      "objects": []
    },
    "datadog/monitors/HighErrorRate.json": {
      "sha256": "3546acfc722216a5f48bc426ac53e8b8046664e95413af77abbc9feb8fcf46bb",
      "size": 30,
      "format": "json",
      "backend": "datadog",
      "objects": [
        "alerts.HighErrorRate"
      ]
    },
    "prometheus/rules/backend.yaml": {
      "sha256": "761adf8d97e15214e4da44effe63bc331092f597e3089818d5825c87444b1f27",
      "size": 11,
      "format": "yaml",
      "backend": "prometheus",
      "objects": [
        "alerts.HighErrorRate",
        "slos.availability"
      ]
    }
  },
  "objects": {
    "alerts.HighErrorRate": {
      "file": "alerts.yaml",
      "line": 9
    },
    "slos.availability": {
      "file": "slos.yaml",
      "line": 3
    }
  },
  "verdicts": {
    "counts": {
      "datadog": {
        "exact": 0,
        "approximate": 1,
        "untranslatable": 0
      },
      "prometheus": {
        "exact": 2,
        "approximate": 0,
        "untranslatable": 0
      }
    },
    "exact": {
      "prometheus": [
        "alerts.HighErrorRate",
        "slos.availability"
      ]
    },
    "not_exact": [
      {
        "backend": "datadog",
        "object": "alerts.HighErrorRate",
        "grade": "approximate",
        "field": "for",
        "reason": "all points of 5 m",
        "instead": "a query"
      }
    ]
  },
  "resources": [
    {
      "backend": "datadog",
      "kind": "monitor",
      "key": "HighErrorRate",
      "path": "datadog/monitors/HighErrorRate.json",
      "references": [
        {
          "kind": "slo",
          "key": "availability"
        }
      ]
    }
  ]
}
"""


def _manifest(documents: list[Document]) -> Manifest:
    return build_manifest(
        render_documents(documents),
        project="shop",
        environment="production",
        monmc="1.2.3",
        inputs="abc",
        places=PLACES,
    )


def test_a_manifest_says_what_was_written_from_what_and_how_well() -> None:
    assert manifest_bytes(_manifest(DOCUMENTS)).decode() == EXPECTED


def test_a_manifest_does_not_depend_on_the_order_of_the_documents() -> None:
    for documents in itertools.permutations(DOCUMENTS):
        assert manifest_bytes(_manifest(list(documents))) == EXPECTED.encode()


def test_a_manifest_reads_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(manifest_bytes(_manifest(DOCUMENTS)))
    assert read_manifest(path) == _manifest(DOCUMENTS)


def test_no_manifest_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "manifest.json") is None


def _changed(**changes: Any) -> bytes:
    data = json.loads(manifest_bytes(_manifest(DOCUMENTS)))
    return json.dumps(data | changes).encode()


@pytest.mark.parametrize(
    ("content", "code", "headline", "note"),
    [
        (b"{", "MON5001", "is damaged", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"\xff", "MON5001", "is damaged", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"[" * 100_000, "MON5001", "is damaged", "it is nested too deeply"),
        (b"[]", "MON5002", "is not a manifest of monmc", None),
        (b'{"name": "app", "version": "1"}', "MON5002", "is not a manifest of monmc", None),
        (
            b'{"format_version": 2, "monmc": "9.0"}',
            "MON5003",
            "has format version 2, and this monmc knows up to 1",
            "written by monmc 9.0",
        ),
        (_changed(format_version=0), "MON5001", "is damaged", "manifest.format_version is not 1"),
        (_changed(format_version="1"), "MON5001", "is damaged", "manifest.format_version is not a whole number"),
        (_changed(files=[]), "MON5001", "is damaged", "manifest.files is not a map"),
        (_changed(files={"a": {}}), "MON5001", "is damaged", "files.a.sha256 is missing"),
        (_changed(files={"../a": {}}), "MON5001", "is damaged", "files: the path `../a` has the part `..`"),
        (_changed(resources=[{"backend": 1}]), "MON5001", "is damaged", "manifest.resources[0].backend is not a text"),
        (
            _changed(verdicts={"counts": {"datadog": {"perfect": 1}}, "not_exact": []}),
            "MON5001",
            "is damaged",
            "verdicts.counts.datadog is 'perfect', which this monmc does not know",
        ),
    ],
)
def test_a_manifest_of_no_use_is_reported(
    tmp_path: Path, content: bytes, code: str, headline: str, note: str | None
) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    problem = read_manifest(path)
    assert isinstance(problem, Diagnostic)
    assert (problem.code, problem.severity, problem.headline, problem.notes) == (
        code,
        Severity.ERROR,
        f"`{path}` {headline}",
        () if note is None else (note,),
    )


def test_a_folder_in_the_place_of_the_manifest_is_reported(tmp_path: Path) -> None:
    problem = read_manifest(tmp_path)
    assert isinstance(problem, Diagnostic)
    assert (problem.code, problem.headline) == ("MON5023", f"cannot read `{tmp_path}`: Is a directory")


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=5,
)


@given(data=st.data())
def test_no_damage_to_a_manifest_is_a_traceback(data: st.DataObject) -> None:
    plain: Any = json.loads(manifest_bytes(_manifest(DOCUMENTS)))
    inside = plain
    while True:
        keys = range(len(inside)) if isinstance(inside, list) else list(inside)
        key = data.draw(st.sampled_from(keys))
        if isinstance(inside[key], dict | list) and inside[key] and data.draw(st.booleans()):
            inside = inside[key]
            continue
        inside[key] = data.draw(_JSON)
        break
    try:
        read = from_plain(plain)
    except ValueError:
        return
    assert from_plain(to_plain(read)) == read
