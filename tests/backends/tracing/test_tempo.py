"""Tempo's configuration: what the vendor takes."""

from __future__ import annotations

import pytest
import yaml

from skillforge_mon.documents.document import Document, Grade
from skillforge_mon.documents.render import render
from tests.backends.tracing.compiled import documents
from tests.backends.tracing.tempo_schema import TempoConfiguration

HEAD = """\
version: 1
project: shop
targets: {tempo: {storage: STORAGE}}
services: {web: {}}
traces: {}
"""
STORAGES = {
    "a folder": "/data",
    "a bucket": "{bucket: traces}",
    "a bucket elsewhere": '{bucket: traces, endpoint: "minio:9000", insecure: true, access_key: "${secret:A}"}',
}


def file(text: str) -> Document:
    (document,) = documents(text, backends=("tempo",))
    return document


@pytest.mark.parametrize("retention", ["", "retention: {traces: 1y}\n"], ids=["usual", "1y"])
@pytest.mark.parametrize("storage", STORAGES.values(), ids=STORAGES)
def test_tempo_takes_every_store(storage: str, retention: str) -> None:
    document = file(HEAD.replace("STORAGE", storage) + retention)
    TempoConfiguration.model_validate(yaml.safe_load(render(document)))
    assert [verdict.grade for verdict in document.verdicts] == [Grade.EXACT]


def test_how_long_blocks_are_kept_is_said_in_hours() -> None:
    content = yaml.safe_load(render(file(HEAD.replace("STORAGE", "/data") + "retention: {traces: 14d12h}\n")))
    assert content["overrides"] == {"defaults": {"compaction": {"block_retention": "348h"}}}


@pytest.mark.parametrize(("storage", "said"), [("/data", False), (STORAGES["a bucket elsewhere"], True)])
def test_the_file_says_that_secrets_are_expanded_only_where_it_has_some(storage: str, said: bool) -> None:
    assert ("-config.expand-env=true" in file(HEAD.replace("STORAGE", storage)).header) == said


def test_tempo_2_is_refused() -> None:
    (verdict,) = file(HEAD.replace("{storage: STORAGE}", '{version: "2.9"}')).verdicts
    assert (verdict.grade, verdict.field) == (Grade.UNTRANSLATABLE, "version")
