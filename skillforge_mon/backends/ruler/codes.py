"""MON4360 to MON4362: rules that a ruler of Mimir or Cortex would not take, or would not get."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_HEAD = """\
version: 1
project: shop
targets:
  prometheus: {}
  ruler: {url: "https://mimir.example.com"LIMITS}
metrics:
  jobs_total: {type: counter, help: Jobs, labels: {queue: bounded}}
services:
  web: {}
recordings:
  rate: {record: queue:jobs:rate5m, expr: "sum by (queue) (rate(jobs_total[5m]))"}
  mean: {record: jobs:mean, expr: "avg(queue:jobs:rate5m)"}
  worst: {record: jobs:max, expr: "max(queue:jobs:rate5m)"}
"""

WITHOUT_PROMETHEUS = Code(
    "MON4360",
    "ruler-without-prometheus",
    Severity.ERROR,
    "A ruler is named, but no Prometheus: nobody says for which version rules are, and how often they are evaluated.",
    "A ruler evaluates the rules of Prometheus in its place; without that target it would get none.",
    bad='version: 1\nproject: shop\ntargets:\n  ruler: {url: "https://mimir.example.com"}\n',
    good=_HEAD.replace("LIMITS", ""),
)
GROUP_TOO_LONG = Code(
    "MON4361",
    "rule-group-cannot-be-split",
    Severity.ERROR,
    "More rules that read each other's series belong together than the ruler takes in one group.",
    "Rules of one group are evaluated one after the other. Apart, a rule would read what another recorded an evaluation "
    "earlier; and the ruler refuses the group.",
    bad=_HEAD.replace("LIMITS", ", limits: {rules_per_group: 2}"),
    good=_HEAD.replace("LIMITS", ", limits: {rules_per_group: 3}"),
)
TOO_MANY_GROUPS = Code(
    "MON4362",
    "too-many-rule-groups",
    Severity.ERROR,
    "The project has more rules than fit into the rule groups that the ruler takes of a tenant.",
    "The ruler would refuse the last groups, and their alerts would never fire. Groups that are evaluated equally often "
    "were merged as far as they can be.",
    bad=_HEAD.replace("LIMITS", ", limits: {groups: 1}").replace(
        'jobs:max, expr: "max(queue:jobs:rate5m)"', 'jobs:max, interval: 5m, expr: "max(queue:jobs:rate5m)"'
    ),
    good=_HEAD.replace("LIMITS", ", limits: {groups: 2}").replace(
        'jobs:max, expr: "max(queue:jobs:rate5m)"', 'jobs:max, interval: 5m, expr: "max(queue:jobs:rate5m)"'
    ),
)
