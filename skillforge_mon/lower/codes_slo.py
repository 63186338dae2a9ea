"""MON31xx, the part that comes out when SLOs are expanded: buckets, burn rates, windows, selectors."""

from __future__ import annotations

from skillforge_mon.checks.slo_example import AVAILABILITY, HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

BUCKET_MISSING = Code(
    "MON3102",
    "threshold-not-a-bucket",
    Severity.ERROR,
    "The threshold of a latency SLO, or the `le` of a bucket that an SLO counts, is not a bucket of its histogram, or the metric is not a histogram.",
    "A histogram counts only how many observations were within each bucket; between two buckets nothing is known.",
    bad=HEAD
    + "  speed:\n    service: web\n    objective: 95%\n    latency: {metric: request_duration_seconds, below: 400ms}\n",
    good=HEAD
    + "  speed:\n    service: web\n    objective: 95%\n    latency: {metric: request_duration_seconds, below: 500ms}\n",
)
BURN_IMPOSSIBLE = Code(
    "MON3103",
    "burn-rate-never-reached",
    Severity.WARNING,
    "The budget is so large that even a total outage cannot burn it as fast as a pair of windows asks for.",
    "That pair can never fire. monmc leaves it out, and the slower pairs are late for an outage.",
    bad=HEAD + AVAILABILITY.replace("99.9%", "90%"),
    good=HEAD
    + AVAILABILITY.replace("99.9%", "90%")
    + "    burn:\n      - {short: 5m, long: 1h, budget: 1%, severity: critical}\n"
    + "      - {short: 6h, long: 3d, budget: 10%, severity: warning}\n",
)
WINDOW_TOO_SHORT = Code(
    "MON3106",
    "window-too-short",
    Severity.WARNING,
    "A window of an SLO is shorter than what can be measured: four scrapes or two evaluations, or a day for the usual pairs of windows.",
    "A rate over too few samples jumps, and has no value at all as soon as a scrape is missed.",
    bad=HEAD + AVAILABILITY + "    burn: [{short: 30s, long: 10m, budget: 2%, severity: critical}]\n",
    good=HEAD + AVAILABILITY + "    burn: [{short: 2m, long: 10m, budget: 2%, severity: critical}]\n",
)
NOT_A_SELECTOR = Code(
    "MON3109",
    "slo-without-selector",
    Severity.ERROR,
    "An expression stands where an SLO needs the plain selector of a counter or histogram.",
    "The same events are counted over many windows, so monmc must put the rate and the window around the counter itself.",
    bad=HEAD + AVAILABILITY.replace("total: requests_total", "total: sum(rate(requests_total[5m]))"),
    good=HEAD + AVAILABILITY,
)
