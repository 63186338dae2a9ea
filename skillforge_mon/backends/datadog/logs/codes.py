"""MON4565 and MON4566: names of indexes that Datadog would not take, or that two streams would share."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_LOGS = """\
version: 1
project: shop
targets: {datadog: {}}
services: {web: {}}
logs:
  web: {service: web, backends: [datadog], index: {name: lines}}
  jobs: {service: web, backends: [datadog], index: {name: job-lines}}
"""
INDEX_NAME_TAKEN = Code(
    "MON4565",
    "log-index-name-taken",
    Severity.ERROR,
    "Two streams of lines go to one index of Datadog.",
    "An index has one filter and one retention.",
    bad=_LOGS.replace("job-lines", "lines"),
    good=_LOGS,
)
INDEX_NAME_UNUSABLE = Code(
    "MON4566",
    "log-index-name-unusable",
    Severity.ERROR,
    "An index of Datadog cannot have the name that is made for a stream.",
    "It begins with a letter and has at most 63 characters, with the environment and the level. `index: {name: …}` "
    "says another; the name of an index that is there can never be changed.",
    bad=_LOGS.replace("job-lines", "j" * 60).replace("logs:", "retention: {logs: {default: 30d, warning: 90d}}\nlogs:"),
    good=_LOGS,
)
