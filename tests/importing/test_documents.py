"""Files that hold several objects: documents, lists of OpenSLO, and lists of Kubernetes."""

from __future__ import annotations

import textwrap

import pytest

from tests.importing.examples import KUBERNETES, OPENSLO, PYRRA, SLOTH
from tests.importing.reading import imported, spec_of, told


def listed(text: str, indent: str = "") -> str:
    """The documents of ``text`` as the items of one list."""
    items = (textwrap.indent(document.strip("\n"), "  ") for document in text.split("---\n"))
    return textwrap.indent("".join(f"- {item[2:]}\n" for item in items), indent)


@pytest.mark.parametrize("text", [KUBERNETES, PYRRA, OPENSLO])
def test_a_list_means_what_its_documents_mean(text: str) -> None:
    assert spec_of(imported(listed(text))) == spec_of(imported(text))


@pytest.mark.parametrize("kind", ["List", "PrometheusServiceLevelList"])
def test_what_kubectl_writes_is_a_list(kind: str) -> None:
    text = f"apiVersion: v1\nkind: {kind}\nitems:\n{listed(KUBERNETES)}metadata: {{resourceVersion: ''}}\n"
    result = imported(f"{SLOTH}---\n{text}")
    assert spec_of(result)["slos"] == spec_of(imported(SLOTH + "---\n" + KUBERNETES))["slos"]
    assert result.documents == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# nothing yet\n---\n- apiVersion: openslo/v1\n  kind: SLO\n- 5\n", ("MON3540", 5, "this document is no map")),
        ("---\n[]\n", ("MON3540", 2, "this list holds no document")),
        ("apiVersion: v1\nkind: List\nitems: []\n", ("MON3540", 1, "this list holds no document")),
        ("---\nnothing\n", ("MON3540", 2, "this document is no map")),
    ],
)
def test_what_is_no_document_is_told_in_its_place(text: str, expected: tuple[str, int, str]) -> None:
    result = imported(text)
    assert expected in told(result)
    assert result.failed
