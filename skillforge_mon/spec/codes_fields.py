"""MON11xx: keys and values of the language, as pydantic and the overlays find them."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_HEAD = "version: 1\nproject: shop\n"
_TARGETS = _HEAD + "targets:\n  prometheus: {}\n"

MISSING_KEY = Code(
    "MON1101",
    "missing-key",
    Severity.ERROR,
    "A key that every object of this kind must have is not there.",
    "Without it the object has no meaning, and guessing one would be worse than stopping.",
    bad=_HEAD + "slos:\n  checkout:\n    bad: errors_total\n    total: requests_total\n",
    good=_TARGETS
    + """\
metrics:
  errors_total: {type: counter, help: Failed requests}
  requests_total: {type: counter, help: Requests}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop}
runbooks:
  budget: {resolve: [Roll back the last release.]}
slos:
  checkout:
    service: web
    objective: 99.9%
    bad: errors_total
    total: requests_total
    escalation: page
    runbook: budget
""",
)
UNKNOWN_KEY = Code(
    "MON1102",
    "unknown-key",
    Severity.ERROR,
    "A key that the language does not have.",
    "A misspelt key would be lost in silence, and with it what it was meant to say.",
    bad=_HEAD + 'teams:\n  shop: {slak: "#shop"}\n',
    good=_HEAD + 'teams:\n  shop: {slack: "#shop"}\n',
)
WRONG_TYPE = Code(
    "MON1103",
    "wrong-type",
    Severity.ERROR,
    "A value of another type than the key takes, such as a number where text is needed.",
    "Values are never converted behind your back: what a converter guesses differs between tools.",
    bad=_HEAD + "runbooks:\n  restart: {title: 2024}\n",
    good=_HEAD + 'runbooks:\n  restart: {title: "2024"}\n',
)
NOT_A_CHOICE = Code(
    "MON1104",
    "not-a-choice",
    Severity.ERROR,
    "A value that is not one of those that the key takes.",
    "Backends only know these values; any other would be dropped or refused there.",
    bad=_HEAD + "metrics:\n  requests_total: {type: countr}\n",
    good=_HEAD + "metrics:\n  requests_total: {type: counter, help: Requests}\n",
)
BAD_QUANTITY = Code(
    "MON1105",
    "bad-quantity",
    Severity.ERROR,
    "A duration, ratio, size, threshold or time of day that cannot be read.",
    "Numbers without a unit, or with one that means something else, are the usual cause of alerts that never fire.",
    bad=_HEAD + "targets:\n  prometheus: {scrape_interval: 15}\n",
    good=_HEAD + "targets:\n  prometheus: {scrape_interval: 15s}\n",
)
BAD_NAME = Code(
    "MON1106",
    "bad-name",
    Severity.ERROR,
    "A name that cannot be used everywhere: it must begin with a letter and hold only letters, digits, `_`, `-` and `.`.",
    "Names become file names, label values and identifiers on every backend.",
    bad=_HEAD + "services:\n  ../web: {}\n",
    good=_HEAD + "services:\n  web: {}\n",
)
BAD_FORM = Code(
    "MON1107",
    "bad-form",
    Severity.ERROR,
    "A text that does not have the form that the key needs.",
    "The backends would refuse it, or worse, read it as something else.",
    bad=_HEAD + "teams:\n  shop: {slack: shop}\n",
    good=_HEAD + 'teams:\n  shop: {slack: "#shop"}\n',
)
EMPTY_VALUE = Code(
    "MON1108",
    "empty-value",
    Severity.ERROR,
    "An empty text or list where something must stand.",
    "An empty value says nothing; leave the key out or fill it in.",
    bad=_HEAD + "escalation:\n  page: []\n",
    good=_HEAD + 'teams:\n  shop: {slack: "#shop"}\nescalation:\n  page: [{notify: shop}]\n',
)
OUT_OF_RANGE = Code(
    "MON1109",
    "out-of-range",
    Severity.ERROR,
    "A number below or above what the key takes, or one that is not finite.",
    "The backends would refuse it.",
    bad=_HEAD
    + "dashboards:\n  home:\n    rows:\n      - panels:\n          - {title: Up, type: text, content: Hello, width: 99}\n",
    good=_HEAD
    + "targets:\n  grafana: {}\ndashboards:\n  home:\n    rows:\n      - panels:\n          - {title: Up, type: text, content: Hello, width: 12}\n",
)
BAD_VERSION = Code(
    "MON1110",
    "bad-version",
    Severity.ERROR,
    "A version that is not quoted text of the form `3.5`.",
    "YAML reads 3.10 as the number 3.1, which is another version.",
    bad=_HEAD + "targets:\n  prometheus: {version: 3.10}\n",
    good=_HEAD + 'targets:\n  prometheus: {version: "3.10"}\n',
)
BAD_LANGUAGE = Code(
    "MON1111",
    "bad-language-version",
    Severity.ERROR,
    "The `version` at the top of the spec is not one that this monmc knows.",
    "It says which language the spec is written in, so that a later monmc can still read it.",
    bad="version: 7\nproject: shop\n",
    good=_HEAD,
)
BAD_LABEL_VALUES = Code(
    "MON1112",
    "bad-label-declaration",
    Severity.ERROR,
    "A label of a metric that is neither `bounded`, `unbounded` nor a list of its values.",
    "How many values a label takes decides what it can be used for.",
    bad=_HEAD + "metrics:\n  requests_total: {type: counter, labels: {method: many}}\n",
    good=_HEAD + "metrics:\n  requests_total: {type: counter, help: Requests, labels: {method: bounded}}\n",
)
INVALID_VALUE = Code(
    "MON1113",
    "invalid-value",
    Severity.ERROR,
    "A value that the language refuses for another reason, which the message gives.",
    "It has no meaning.",
    untestable="it is the net below the other codes; every known mistake has a code of its own",
)
NOTHING_TO_DELETE = Code(
    "MON1115",
    "nothing-to-delete",
    Severity.ERROR,
    "An environment deletes, with null, something that the spec does not have.",
    "It is a slip of the finger: what was meant stays, and goes on paging.",
    untestable="it takes the option --env; `monmc check` tries every environment",
)
UNKNOWN_ENVIRONMENT = Code(
    "MON1114",
    "unknown-environment",
    Severity.ERROR,
    "An environment was asked for that the spec does not declare.",
    "Building for the wrong environment is worse than not building.",
    untestable="it takes the option --env",
)
