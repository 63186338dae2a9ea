"""What Elasticsearch and Kibana take, as data, each with the place that it was read in.

Sources: [spec] elastic/elasticsearch-specification, ``specification/indices``, ``ilm`` and ``ingest/_types``;
[ref] the Elasticsearch reference, the page is named; [kbn] the Kibana reference.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

Version = tuple[int, int]

OLDEST: Final[Version] = (8, 8)
"""The first version with the ``reroute`` processor. [ref] "What's new in 8.8\""""

DATA_STREAM_LIFECYCLE: Final[Version] = (8, 14)
"""The first version in which the lifecycle of data streams is no preview. [ref] "Data stream lifecycle\""""

PRIORITY: Final = 200
"""Of our index templates. Elasticsearch's own for ``logs-*-*`` has 100, and the highest that matches is used.
[ref] "Index templates", "Avoid index pattern collisions\""""

LONGEST_PART: Final = 100
"""Characters of the dataset and of the namespace in the name of a data stream. [ref] "Data stream fields\""""

LONGEST_NAME: Final = 255
"""Bytes of the name of a data stream, or of an index. [ref] "Create data stream", path parameters"""

BACKING_INDEX: Final = len(".ds--2026.11.21-000001")
"""What Elasticsearch adds to the name of a data stream to name the indexes behind it. [ref] "Data streams\""""

LONGEST_KEYWORD: Final = 1024
"""Characters of a value that is found by; longer ones are kept, and not found. What Elastic's own mappings have."""

SHARD_SIZE: Final = "50gb"
"""When an index is rolled over by its size. [ref] "Size your shards", "Aim for shards of up to 200M documents, or with
sizes between 10GB and 50GB\""""

ROLLOVER_SHARE: Final = 7
"""A rollover comes after a seventh of the retention, so that what is deleted at once is no more than that."""

LONGEST_ROLLOVER_DAYS: Final = 7

COMPARATORS: Final = (">", ">=", "<", "<=")
"""What a rule compares with. [kbn] "Elasticsearch query", "thresholdComparator": ``==`` is not among them."""

GROUPS: Final = 100
"""Values of fields that a rule counts for themselves. [kbn] "Elasticsearch query", ``termSize``"""

CHECK_SECONDS: Final = 60
"""How often a rule is checked: the shortest that Kibana recommends. [kbn] "Alerting settings",
``xpack.alerting.rules.minimumScheduleInterval.value``"""

OUTPUTS: Final = (
    Output(
        "index templates and lifecycles of data streams",
        ("logs", "retention"),
        "elasticsearch/index_templates/*.json",
        ("tests/backends/elasticsearch/test_templates.py", "tests/backends/elasticsearch/test_api.py"),
        lacking="no Elasticsearch can run here: closed schemas and a fake stand for it",
    ),
    Output(
        "ingest pipelines",
        ("logs",),
        "elasticsearch/ingest_pipelines/*.json",
        ("tests/backends/elasticsearch/test_pipelines.py", "tests/backends/elasticsearch/test_api.py"),
        lacking="an interpreter of the processors, and a fake, stand for Elasticsearch",
    ),
    Output(
        "Kibana: data views, searches and dashboards",
        ("logs", "dashboards"),
        "elasticsearch/kibana/*.ndjson",
        ("tests/backends/elasticsearch/test_kibana.py", "tests/backends/elasticsearch/test_live_saved.py"),
        lacking="no Kibana can run here: a fake of its import and export stands for it",
    ),
    Output(
        "Kibana: rules on log lines",
        ("alerts", "teams"),
        "elasticsearch/kibana/rules/*.json",
        ("tests/backends/elasticsearch/test_rules.py", "tests/backends/elasticsearch/test_live_rules.py"),
        lacking="a closed schema from Kibana's description, and a fake, stand for Kibana",
    ),
    Output(
        "Elastic APM: how long its data streams are kept",
        ("traces", "retention"),
        "elasticsearch/component_templates/*@custom.json",
        ("tests/backends/elasticsearch/test_apm.py", "tests/backends/elasticsearch/test_api.py"),
        lacking="no Elasticsearch can run here: closed schemas and a fake stand for it",
    ),
    Output(
        "Elastic APM: the environment of services with Elastic's agents",
        ("traces", "services"),
        "elasticsearch/apm/*.env",
        ("tests/backends/elasticsearch/test_apm.py",),
    ),
    Output(
        "Elastic APM: central configuration of agents",
        ("traces", "services"),
        "elasticsearch/kibana/apm/*.json",
        ("tests/backends/elasticsearch/test_apm.py",),
        lacking="written for `PUT`, and not pushed: it has no place that says whose it is",
    ),
)
"""What it writes."""


def parse_version(text: str) -> Version:
    """``(9, 1)`` of ``9.1`` or ``9.1.3``."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)
