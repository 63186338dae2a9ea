"""MON124x: packs and exporters, as they are switched on."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_HEAD = """\
version: 1
project: shop
targets:
  prometheus: {}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
"""
_QUEUE = """\
packs:
  queue:
    description: A queue of jobs
    parameters:
      limit: {kind: number, default: 100, description: How many may wait}
    spec:
      metrics:
        jobs_waiting: {type: gauge, unit: jobs, help: Jobs that wait}
      alerts:
        "${pack:Service}Backlog":
          service: ${pack:service}
          severity: {warning: "> ${pack:limit}"}
          expr: max by (job) (jobs_waiting{${pack:selector}})
          for: 10m
          summary: "{{ value | humanize }} jobs wait"
          runbook: backlog
      runbooks:
        backlog: {resolve: [Add a worker.]}
"""
_WEB = 'services:\n  web: {team: shop, escalation: page, scrape: ["web:8000"], use: %s}\n'
_GOOD = _HEAD + _QUEUE + _WEB % "[{pack: queue, with: {limit: 50}}]"

UNKNOWN_PACK = Code(
    "MON1240",
    "unknown-pack",
    Severity.ERROR,
    "A service or an exporter uses a pack that neither comes with monmc nor stands under `packs`.",
    "What it was meant to bring, alerts above all, would not be there.",
    bad=_HEAD + _QUEUE + _WEB % "[queu]",
    good=_GOOD,
)
UNKNOWN_PARAMETER = Code(
    "MON1241",
    "unknown-parameter",
    Severity.ERROR,
    "`with` gives a parameter that the pack does not have.",
    "The value would be lost in silence, and the pack would go on with its default.",
    bad=_HEAD + _QUEUE + _WEB % "[{pack: queue, with: {limits: 50}}]",
    good=_GOOD,
)
MISSING_PARAMETER = Code(
    "MON1242",
    "missing-parameter",
    Severity.ERROR,
    "A parameter that the pack cannot do without is not given.",
    "The pack would bring nothing, and nobody would see that.",
    bad=_HEAD + _QUEUE.replace("kind: number, default: 100", "kind: number, required: true") + _WEB % "[queue]",
    good=_GOOD,
)
BAD_PARAMETER = Code(
    "MON1243",
    "bad-parameter",
    Severity.ERROR,
    "The value of a parameter is not of the kind that the pack asks for.",
    "It would become part of queries and thresholds that nobody wrote.",
    bad=_HEAD + _QUEUE + _WEB % "[{pack: queue, with: {limit: many}}]",
    good=_GOOD,
)
UNKNOWN_PLACEHOLDER = Code(
    "MON1244",
    "unknown-pack-placeholder",
    Severity.ERROR,
    "A pack has a placeholder `${pack:NAME}` for a parameter that it does not declare.",
    "It would stay as it is written, in a query or in a name.",
    bad=_HEAD + _QUEUE.replace("${pack:limit}", "${pack:limits}") + _WEB % "[queue]",
    good=_GOOD,
)
PACKS_CLASH = Code(
    "MON1245",
    "packs-clash",
    Severity.ERROR,
    "Two uses of packs say the same thing differently.",
    "Which of them holds would depend on their order.",
    bad=_HEAD
    + _QUEUE
    + """\
  jobs:
    description: The same metric, seen otherwise
    spec:
      metrics:
        jobs_waiting: {type: gauge, unit: tasks}
"""
    + _WEB % "[queue, jobs]",
    good=_GOOD,
)
NOTHING_BROUGHT = Code(
    "MON1246",
    "nothing-of-a-pack-to-delete",
    Severity.ERROR,
    "A null deletes an object that no pack brings.",
    "It is a slip of the finger: what was meant stays, and goes on paging.",
    bad=_GOOD + "alerts:\n  WebBacklogs: null\n",
    good=_GOOD,
)
USED_TWICE = Code(
    "MON1247",
    "pack-used-twice",
    Severity.ERROR,
    "A service uses a pack twice.",
    "Both uses bring objects of the same names.",
    bad=_HEAD + _QUEUE + _WEB % "[queue, {pack: queue, with: {limit: 50}}]",
    good=_GOOD,
)
UNKNOWN_EXPORTER = Code(
    "MON1248",
    "unknown-exporter",
    Severity.ERROR,
    "An exporter is of a kind that neither monmc nor a pack of the spec knows.",
    "Without a kind, nobody knows its metrics, and what to alert on.",
    bad=_HEAD + "services:\n  db: {team: shop, escalation: page}\n"
    'exporters:\n  postgresql: {service: db, targets: ["postgres-exporter:9187"]}\n',
    good=_HEAD + "services:\n  db: {team: shop, escalation: page}\n"
    'exporters:\n  postgres: {service: db, targets: ["postgres-exporter:9187"]}\n',
)
UNKNOWN_SECTION = Code(
    "MON1249",
    "not-a-section-of-packs",
    Severity.ERROR,
    "The fragment of a pack has a key that is no section of the language, or one that packs cannot have.",
    "It would be lost in silence.",
    bad=_HEAD + _QUEUE.replace("      alerts:", "      alert:") + _WEB % "[queue]",
    good=_GOOD,
)
EXPORTER_NOT_FOUND = Code(
    "MON1250",
    "exporter-without-series",
    Severity.ERROR,
    "An exporter has no targets, and its pack is not told which series are its own.",
    "Queries would read the series of everything that is scraped.",
    bad=_HEAD + "services:\n  db: {team: shop, escalation: page}\nexporters:\n  postgres: {service: db}\n",
    good=_HEAD + "services:\n  db: {team: shop, escalation: page}\n"
    "exporters:\n  postgres: {service: db, with: {selector: 'job=\"kubernetes-pods\"'}}\n",
)
EXPORTER_CONFIGURATION = Code(
    "MON1251",
    "exporter-without-configuration",
    Severity.ERROR,
    "An exporter of the kind `sql` or `json` does not say what it exports, or another kind does.",
    "Such an exporter exports only what its configuration says.",
    bad=_HEAD + "services:\n  db: {team: shop, escalation: page}\n"
    'exporters:\n  orders: {kind: sql, service: db, targets: ["sql-exporter:9399"]}\n',
    good=_HEAD
    + """\
services:
  db: {team: shop, escalation: page}
exporters:
  orders:
    kind: sql
    service: db
    targets: ["sql-exporter:9399"]
    sql:
      connection: "${secret:ORDERS_DSN}"
      collectors:
        orders:
          metrics:
            orders_open:
              type: gauge
              unit: orders
              help: Orders that wait
              query: TABLE open_orders_count
""",
)
