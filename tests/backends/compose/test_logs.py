"""What reads logs sees the files, the socket and the journal that the streams of the project name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backends.deployment.emitted import built
from tests.backends.deployment.logged import SPEC

PATH = "compose/compose.yaml"


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("{files: [/var/log/shop/*.log, /var/log/audit.log]}", ["/var/log"]),
        ("{files: ['/srv/*/logs/web.log', /opt/shop/log/web.log]}", ["/opt/shop/log", "/srv", "/var/log"]),
        ("{docker: web}", ["/var/log", "/var/run/docker.sock"]),
        ("{journal: web.service}", ["/etc/machine-id", "/var/log"]),
        ("{files: /web.log}", ["/var/log"]),
    ],
)
@pytest.mark.parametrize("reader", ["alloy", "promtail"])
def test_a_reader_sees_what_it_reads(reader: str, source: str, paths: list[str], tmp_path: Path) -> None:
    text = SPEC.replace("READER", reader).replace("SOURCE", source)
    documents, _ = built(text + "  compose: {}\n", tmp_path)
    content: Any = documents[PATH].content
    found = content["services"][reader]
    assert found["user"] == "0:0"
    assert found["volumes"][1:-1] == [
        {"type": "bind", "source": path, "target": path, "read_only": True} for path in paths
    ]
