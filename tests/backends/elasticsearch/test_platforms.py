"""The lines that the platforms give as samples, read by the pipelines that are written for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.backends.elasticsearch.interpreter import run

GENERATED = Path(__file__).resolve().parents[3] / "generated"


def test_the_sample_of_toolboxai_becomes_the_fields_that_its_spec_names() -> None:
    name = "logs-api-default"
    path = GENERATED / "toolboxai/default/elasticsearch/ingest_pipelines" / f"{name}.json"
    pipeline: Any = json.loads(path.read_text(encoding="utf-8"))
    line = (
        '{"timestamp": 1704067200.5, "level": "ERROR", "logger": "server.api", "module": "lessons", "function": '
        '"generate", "line": 42, "message": "OpenAI did not answer", "request_id": "req-1"}'
    )
    assert run(pipeline, {"message": line}, name) == (
        name,
        {
            "@timestamp": "2024-01-01T00:00:00.500Z",
            "service": {"name": "api"},
            "message": "OpenAI did not answer",
            "log": {"level": "error"},
            "logger": "server.api",
            "request_id": "req-1",
            "module": "lessons",
            "function": "generate",
            "attributes": {"line": 42},
        },
    )
