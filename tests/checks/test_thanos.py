"""What is said of a Prometheus that Thanos cannot stand beside."""

from __future__ import annotations

import pytest

from skillforge_mon.checks.thanos_unclear import check
from tests.projects import project

HEAD = "version: 1\nproject: shop\ntargets:\n  prometheus: "
NAMELESS = ["MON4580 Thanos beside a server without external labels"]
TOO_OLD = ["MON4586 Thanos 0.37.2 does not know `--endpoint.sd-config`"]
NOTHING_KEPT = ["MON4581 an agent keeps nothing that a sidecar could read"]


@pytest.mark.parametrize(
    ("target", "reported"),
    [
        ("{}", []),
        ("{thanos: {}}", NAMELESS),
        ('{thanos: "0.42.4"}', NAMELESS),
        ("{thanos: {}, replicas: 2}", []),
        ('{thanos: "0.37.2", replicas: 2}', TOO_OLD),
        ('{thanos: "1.0", replicas: 2}', []),
        ("{thanos: {}, external_labels: {cluster: eu}}", []),
        ("{thanos: {}, mode: agent, remote_write: 'http://receive/api/v1/receive'}", NOTHING_KEPT),
    ],
)
def test_thanos_needs_a_server_that_has_a_name_and_keeps_samples(target: str, reported: list[str]) -> None:
    assert [f"{each.code} {each.headline}" for each in check(project(f"{HEAD}{target}\n"))] == reported
