"""What the exporters that monmc configures can be told.

Sources: burningalchemist/sql_exporter, config/*.go and documentation/sql_exporter.yml; prometheus-community's
json_exporter, config/config.go and examples/config.yml. Neither program could be run on what is written here.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

BACKEND: Final = "exporters"
SQL_FILE: Final = "sql_exporter.yml"
COLLECTOR_SUFFIX: Final = ".collector.yml"
ENVIRONMENT_FILE: Final = "environment.sh"
JSON_FILE: Final = "json_exporter.yml"

SQL_DSN_VARIABLE: Final = "SQLEXPORTER_TARGET_DSN"
SQL_COLLECTORS_VARIABLE: Final = "SQLEXPORTER_TARGET_COLLECTORS"
SQL_COLLECTORS_DELIMITER: Final = ";"
"""sql_exporter has no file for its data source. Where the configuration has no `target`, the target is what these two
variables say (config.go, ``processEnvConfig``: prefix SQLEXPORTER_, delimiter ``;``)."""

OUTPUTS: Final = (
    Output(
        "configuration of sql_exporter and json_exporter",
        ("exporters",),
        "exporters/*",
        ("tests/backends/exporters",),
        "monmc build",
        "neither exporter can be had here: an own schema from their sources stands for them",
    ),
)
"""What it writes."""
