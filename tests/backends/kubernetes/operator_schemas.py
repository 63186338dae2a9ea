"""The custom resources of prometheus-operator 0.93 as far as we write them, closed: the CRDs themselves prune in silence.

From pkg/apis/monitoring/v1 and v1alpha1 of prometheus-operator/prometheus-operator: names of fields, patterns, enums.
"""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
DURATION: dict[str, Any] = {
    "type": "string",
    "pattern": "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$",
}
LABELS: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}
BOOLEAN: dict[str, Any] = {"type": "boolean"}


def many(of: Any) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": of}


def closed(required: str = "", **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": {name.removesuffix("_"): each for name, each in properties.items()},
    }


KEY = closed("name key", name=TEXT, key={"type": "string", "pattern": "^[-._a-zA-Z0-9]+$"})
RULE = {
    "oneOf": [
        closed(
            "alert expr",
            alert=TEXT, expr=TEXT, for_=DURATION, keep_firing_for=DURATION, labels=LABELS, annotations=LABELS,
        ),
        closed("record expr", record=TEXT, expr=TEXT, labels=LABELS),
    ]
}  # fmt: skip
GROUP = closed("name rules interval", name=TEXT, interval=DURATION, rules=many(RULE), limit={"type": "integer"})
RELABELING = closed(
    "action",
    sourceLabels=many({"type": "string", "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"}),
    separator=TEXT, targetLabel=TEXT, regex=TEXT, replacement={"type": "string"},
    action={"enum": ["replace", "keep", "drop", "labelmap"]},
)  # fmt: skip
PARAMS = {"type": "object", "additionalProperties": many(TEXT)}
SELECTOR = closed("matchLabels", matchLabels=LABELS)
AUTHORIZATION = closed("credentials", credentials=KEY)
ENDPOINT = {
    "port": TEXT, "path": TEXT, "scheme": {"enum": ["http", "https"]}, "interval": DURATION, "scrapeTimeout": DURATION,
    "params": PARAMS, "honorLabels": BOOLEAN, "authorization": AUTHORIZATION, "relabelings": many(RELABELING),
}  # fmt: skip
NAMESPACES = closed("matchNames", matchNames=many(TEXT))
LIMIT = {"type": "integer", "minimum": 1}
SCRAPE_CONFIG = closed(
    "jobName scrapeInterval",
    jobName=TEXT,
    staticConfigs=many(closed("targets", targets=many(TEXT), labels=LABELS)),
    kubernetesSDConfigs=many(
        closed(
            "role",
            role={"enum": ["Node", "Service", "Pod", "Endpoints", "EndpointSlice", "Ingress"]},
            namespaces=closed("names", names=many(TEXT)),
        )
    ),
    relabelings=many(RELABELING), metricsPath=TEXT, scheme={"enum": ["HTTP", "HTTPS"]},
    scrapeInterval=DURATION, scrapeTimeout=DURATION, params=PARAMS, honorLabels=BOOLEAN, authorization=AUTHORIZATION,
    sampleLimit=LIMIT,
)  # fmt: skip
MATCHER = closed(
    "name matchType value", name=TEXT, matchType={"enum": ["=", "!=", "=~", "!~"]}, value={"type": "string"}
)
PAIR = closed("key value", key=TEXT, value={"type": "string"})
_TIMES = {"receiver": TEXT, "groupBy": many(TEXT), "groupWait": DURATION, "groupInterval": DURATION}
ROUTE: dict[str, Any] = closed(
    "", **_TIMES, repeatInterval=DURATION, continue_=BOOLEAN, matchers=many(MATCHER), muteTimeIntervals=many(TEXT),
    activeTimeIntervals=many(TEXT), routes=many({"$ref": "#/$defs/route"}),
)  # fmt: skip
RECEIVER = closed(
    "name",
    name=TEXT,
    pagerdutyConfigs=many(closed(
        "routingKey", routingKey=KEY, url=TEXT, description=TEXT, severity=TEXT, class_=TEXT, component=TEXT,
        details=many(PAIR), pagerDutyLinkConfigs=many(closed("href alt", href=TEXT, alt=TEXT)), sendResolved=BOOLEAN,
    )),
    opsgenieConfigs=many(closed(
        "apiKey", apiKey=KEY, apiURL=TEXT, message=TEXT, description=TEXT, priority=TEXT, sendResolved=BOOLEAN,
        responders=many(closed(
            "name type", name=TEXT, type={"enum": ["team", "teams", "user", "escalation", "schedule"]}
        )),
    )),
    slackConfigs=many(closed(
        "apiURL channel", apiURL=KEY, channel=TEXT, color=TEXT, title=TEXT, text=TEXT, sendResolved=BOOLEAN
    )),
    webhookConfigs=many({"oneOf": [closed("url", url=TEXT), closed("urlSecret", urlSecret=KEY)]}),
    emailConfigs=many(closed(
        "to smarthost from requireTLS", to=TEXT, smarthost=TEXT, from_=TEXT, authUsername=TEXT, authPassword=KEY,
        requireTLS=BOOLEAN, headers=many(PAIR), text=TEXT, sendResolved=BOOLEAN,
    )),
    msteamsConfigs=many(closed("webhookUrl", webhookUrl=KEY, title=TEXT, text=TEXT)),
    msteamsv2Configs=many(closed("webhookURL", webhookURL=KEY, title=TEXT, text=TEXT)),
)  # fmt: skip
_CLOCK = {"type": "string", "pattern": "^((([01][0-9])|(2[0-3])):[0-5][0-9])$|(^24:00$)"}
_DAY = "(?:sun|mon|tues|wednes|thurs|fri|satur)day"
INTERVAL = closed(
    "",
    times=many(closed("startTime endTime", startTime=_CLOCK, endTime=_CLOCK)),
    weekdays=many({"type": "string", "pattern": f"^{_DAY}(:{_DAY})?$"}),
    daysOfMonth=many(closed("start end", start={"type": "integer"}, end={"type": "integer"})),
    months=many({"type": "string", "pattern": "^(1[0-2]|[1-9])$"}),
    years=many({"type": "string", "pattern": "^2[0-9]{3}$"}),
)
SPECS: dict[str, dict[str, Any]] = {
    "PrometheusRule": closed("groups", groups=many(GROUP)),
    "ServiceMonitor": closed(
        "selector endpoints", selector=SELECTOR, endpoints=many(closed("port interval", **ENDPOINT))
    ),
    "PodMonitor": closed(
        "selector podMetricsEndpoints",
        selector=SELECTOR,
        podMetricsEndpoints=many(closed("port interval", **ENDPOINT)),
        namespaceSelector=NAMESPACES,
        sampleLimit=LIMIT,
    ),
    "ScrapeConfig": SCRAPE_CONFIG,
    "Probe": closed(
        "jobName prober module targets interval",
        jobName=TEXT,
        prober=closed("url", url={"type": "string", "pattern": "^[^/]+:[0-9]+$"}),
        module=TEXT,
        targets=closed("staticConfig", staticConfig=closed("static", static=many(TEXT), labels=LABELS)),
        interval=DURATION,
        scrapeTimeout=DURATION,
        sampleLimit=LIMIT,
    ),
    "AlertmanagerConfig": closed(
        "route receivers",
        route={"$ref": "#/$defs/route"},
        receivers=many(RECEIVER),
        inhibitRules=many(
            closed(
                "sourceMatch targetMatch equal",
                sourceMatch=many(MATCHER), targetMatch=many(MATCHER), equal=many(TEXT),
            )
        ),
        muteTimeIntervals=many(closed("name timeIntervals", name=TEXT, timeIntervals=many(INTERVAL))),
    ) | {"$defs": {"route": ROUTE}},
}  # fmt: skip
"""Kind -> the schema of its ``spec``."""
APIS = {kind: "v1alpha1" if kind in {"ScrapeConfig", "AlertmanagerConfig"} else "v1" for kind in SPECS}
