"""MON4480 to MON4489, MON4582 to MON4585, MON4690 and MON4691: what cannot be run as `deploy` and `exporters` have it."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_HEAD = """\
version: 1
project: shop
targets:
  prometheus: {}
deploy:
  compose:
"""
_ASKED = "services:\n  web: {scrape: ['HOST']}\n"
_REDIS = _ASKED.replace("HOST", "redis-exporter:9121")
_DECLARED = """\
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  cache: {team: shop, escalation: page}
  orders: {team: shop, escalation: page}
exporters:
  redis:
    service: cache
    targets: ["cache:9121"]
    environment: {REDIS_ADDR: "redis://redis:6379"}
"""
_SECOND = """\
  orders:
    kind: redis
    host: cache
    targets: ["second:9121"]
    environment: {REDIS_ADDR: "redis://orders:6379"}
"""

UNKNOWN_SYSTEM = Code(
    "MON4480",
    "deploy-of-unknown-system",
    Severity.ERROR,
    "`deploy` sets something for a system that is not run.",
    "The setting would do nothing, and the system that is meant would run without it.",
    bad=_HEAD + "    images: {promtheus: 'registry.example.com/prometheus:v3.5.0'}\n",
    good=_HEAD + "    images: {prometheus: 'registry.example.com/prometheus:v3.5.0'}\n",
)
UNKNOWN_EXPORTER = Code(
    "MON4481",
    "exporter-without-image",
    Severity.ERROR,
    "An exporter has a name that says nothing of what it is, or it is of a kind that cannot be run in this way.",
    "There is no image to run.",
    bad=_HEAD + "    exporters: {hosts: {}}\n",
    good=_HEAD + "    exporters: {hosts: {kind: node}}\n" + _ASKED.replace("HOST", "hosts:9100"),
)
EXPORTER_WITHOUT_ADDRESS = Code(
    "MON4482",
    "exporter-without-address",
    Severity.WARNING,
    "An exporter is run that does not know what it is to watch.",
    "It would ask a database in its own container, where there is none, and every metric of it would be missing.",
    bad=_HEAD + "    exporters: {redis-exporter: {}}\n" + _REDIS,
    good=_HEAD + "    exporters: {redis-exporter: {environment: {REDIS_ADDR: 'redis://redis:6379'}}}\n" + _REDIS,
)
SECRET_WITHIN_VALUE = Code(
    "MON4483",
    "secret-within-a-variable",
    Severity.ERROR,
    "A reference to a secret is only a part of a variable's value.",
    "Nothing puts a value together where the program runs: it would see the reference itself.",
    bad=_HEAD
    + "    exporters: {redis-exporter: {environment: {REDIS_ADDR: 'redis://${secret:REDIS_HOST}:6379'}}}\n"
    + _REDIS,
    good=_HEAD + "    exporters: {redis-exporter: {environment: {REDIS_ADDR: '${secret:REDIS_ADDRESS}'}}}\n" + _REDIS,
)
_CLUSTER = """\
version: 1
project: shop
targets:
  prometheus: {kubernetes: {}}
deploy:
  kubernetes:
    exporters: {node-exporter: {}}
"""
ONE_ADDRESS_FOR_MANY = Code(
    "MON4484",
    "one-address-for-every-node",
    Severity.WARNING,
    "A service scrapes one address of an exporter that runs on every node of a cluster.",
    "The address leads to another node at each scrape: the series of one machine would be a mixture of all.",
    bad=_CLUSTER + "services:\n  nodes: {scrape: ['node-exporter:9100']}\n",
    good=_CLUSTER + "services:\n  nodes: {}\n",
)
_OPERATED = """\
version: 1
project: shop
targets:
  prometheus: {PROMETHEUS}
  alertmanager: {default_team: shop, slack_api_url: "${secret:SLACK_WEBHOOK}"}
teams: {shop: {slack: "#shop"}}
deploy:
  kubernetes:
    operator: {every_namespace: true}
"""
SETTINGS_OF_THE_OPERATOR = Code(
    "MON4485",
    "settings-of-the-prometheus-object",
    Severity.NOTE,
    "The target has settings that prometheus-operator keeps in its Prometheus object, which monmc does not write.",
    "They would be missing, and nobody would look for them.",
    bad=_OPERATED.replace("PROMETHEUS", "external_labels: {cluster: eu}"),
    good=_OPERATED.replace("PROMETHEUS", ""),
)
ONE_NAMESPACE = Code(
    "MON4486",
    "alerts-of-one-namespace",
    Severity.WARNING,
    "prometheus-operator lets only alerts of the AlertmanagerConfig's own namespace reach its routes.",
    "Alerts of all other namespaces, and those without the label `namespace`, would be told to nobody.",
    bad=_OPERATED.replace("PROMETHEUS", "").replace("true", "false"),
    good=_OPERATED.replace("PROMETHEUS", ""),
)
AGENT_WITHOUT_TARGET = Code(
    "MON4487",
    "agent-without-datadog",
    Severity.ERROR,
    "The Datadog Agent is to be run, and `targets` has no Datadog.",
    "Nobody says which site the Agent sends to, and how metrics are called there.",
    bad="version: 1\nproject: shop\ndeploy:\n  kubernetes: {datadog: {}}\n",
    good="version: 1\nproject: shop\ntargets:\n  datadog: {}\ndeploy:\n  kubernetes: {datadog: {}}\n",
)
_REACHED = """\
version: 1
project: shop
targets:
  prometheus: {alertmanagers: [ADDRESS]}
  alertmanager: {default_team: shop, slack_api_url: "${secret:SLACK_WEBHOOK}"}
teams: {shop: {slack: "#shop"}}
deploy:
  compose: {}
"""
REACHED_ELSEWHERE = Code(
    "MON4488",
    "reached-elsewhere",
    Severity.WARNING,
    "A system runs here under another name than the one by which the spec reaches it, or not all that it reaches run.",
    "Nobody would ask what runs, and what is asked may not be there.",
    bad=_REACHED.replace("ADDRESS", "'am.example.com:9093'"),
    good=_REACHED.replace("ADDRESS", "'alertmanager:9093'"),
)
TWO_KINDS = Code(
    "MON4582",
    "exporter-of-two-kinds",
    Severity.ERROR,
    "`deploy` says that an exporter is of another kind than `exporters` does.",
    "One program would be run, and the metrics and alerts of another expected of it.",
    bad=_HEAD + "    exporters: {cache: {kind: statsd}}\n" + _DECLARED,
    good=_HEAD + "    exporters: {cache: {environment: {REDIS_EXPORTER_DEBUG: 'true'}}}\n" + _DECLARED,
)
NOBODY_ASKS = Code(
    "MON4583",
    "exporter-nobody-asks",
    Severity.WARNING,
    "An exporter is run that nobody scrapes.",
    "What it tells would reach nobody. `exporters` declares an exporter with its scrape job and its metrics.",
    bad=_HEAD + "    exporters: {node-exporter: {}}\n",
    good=_HEAD.replace("  compose:\n", "  compose: {}\n") + _ASKED.replace("HOST", "node-exporter:9100"),
)
ONE_HOST_TWICE = Code(
    "MON4584",
    "one-host-for-two-exporters",
    Severity.ERROR,
    "Two of `exporters` are at one host, and what is said of the one does not hold for the other.",
    "One program is run for both, with one configuration: the other would have no metrics.",
    bad=_HEAD.replace("  compose:\n", "  compose: {}\n") + _DECLARED + _SECOND,
    good=_HEAD.replace("  compose:\n", "  compose: {}\n") + _DECLARED + _SECOND.replace("host: cache", "host: second"),
)
_LOGS = """\
version: 1
project: shop
targets:
  loki: {}
  alloy: {}
logs:
  web: {source: {kubernetes: {selector: {app: web}}}}
MACHINE
deploy:
  kubernetes: {}
"""
READ_ON_EVERY_NODE = Code(
    "MON4585",
    "pods-read-on-every-node",
    Severity.WARNING,
    "Alloy asks the cluster for the lines of pods, and runs on every node, since other lines are only there.",
    "Each of them reads the pods of all nodes: every line comes as many times as there are nodes.",
    bad=_LOGS.replace("MACHINE", "  audit: {source: {files: /var/log/audit.log}}"),
    good=_LOGS.replace("MACHINE\n", ""),
)
_NODE = _ASKED.replace("HOST", "node-exporter:9100")
PORT_TWICE = Code(
    "MON4690",
    "port-published-twice",
    Severity.ERROR,
    "Two systems would be published on the same port of the machine.",
    "docker gives the port to the first, and the other does not start.",
    bad=_HEAD + "    exporters: {node-exporter: {}}\n    ports: {prometheus: 9100, node-exporter: 9100}\n" + _NODE,
    good=_HEAD + "    exporters: {node-exporter: {}}\n    ports: {prometheus: 9090, node-exporter: 9100}\n" + _NODE,
)
_PODS = _OPERATED.replace("PROMETHEUS", "") + (
    "services:\n  web:\n    scrape: 'web:8000'\n    workload: {name: web, labels: {app: web}, metrics_port: httpNAMESPACE}\n"
)
PODS_OF_ONE_NAMESPACE = Code(
    "MON4691",
    "pods-of-one-namespace",
    Severity.WARNING,
    "A PodMonitor is to find the pods of a workload, and nobody says in which namespace they are.",
    "It finds those of its own namespace only, where applications seldom run: nothing would be scraped, and nothing said.",
    bad=_PODS.replace("NAMESPACE", ""),
    good=_PODS.replace("NAMESPACE", ", namespace: shop"),
)
