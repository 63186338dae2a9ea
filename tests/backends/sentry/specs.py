"""Specs with alerts for Sentry, right and wrong ones, as hypothesis makes them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

_TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12)
_DURATIONS = st.sampled_from(["0s", "1s", "45s", "1m", "7m", "30m", "1h", "90m", "1d", "6d", "30d", "1y"])
_NUMBERS = {">": ["0", "1", "100", "0.05", "2.5"], "<": ["-30", "0", "5"], "=": ["0"]}


def _thresholds(direction: str) -> st.SearchStrategy[str]:
    """Thresholds on one side, mostly: ``> 100``, ``>= 2.5s``; or equalities."""
    operators = ["==", "!="] if direction == "=" else [direction, f"{direction}="]
    units = st.sampled_from(["", "", "", "%", "%", "s", "MiB"])
    return st.builds("{} {}{}".format, st.sampled_from(operators), st.sampled_from(_NUMBERS[direction]), units)


_CHANNELS = st.fixed_dictionaries(
    {"email": st.just("crew@example.com")},
    optional={
        "sentry": st.just("crew"),
        "slack": st.lists(st.sampled_from(["#a", "#b", "@ann"]), max_size=2),
        "pagerduty": st.sampled_from(
            [{"routing_key": "${secret:KEY}"}, {"routing_key": "${secret:KEY}", "service": "Crew / one"}]
        ),
        "opsgenie": st.sampled_from([{"api_key": "${secret:KEY}"}, {"api_key": "${secret:KEY}", "team": "Crew"}]),
        "msteams": st.just("${secret:TEAMS}"),
        "jira": st.just({"api_url": "https://jira.example", "project": "OPS", "api_token": "${secret:JIRA}"}),
        "webhook": st.just("http://hooks:8080/"),
    },
)
_RATES = st.fixed_dictionaries({"more_than": st.integers(0, 10**6)}, optional={"within": _DURATIONS})
_ISSUES = st.fixed_dictionaries(
    {},
    optional={
        "when": st.lists(st.sampled_from(["first_seen", "regression", "reappeared", "resolved"]), max_size=3),
        "level": st.sampled_from(["fatal", "error", "warning", "info", "debug"]),
        "events": _RATES,
        "users": _RATES,
        "tags": st.dictionaries(st.sampled_from(["release", "region", "tier"]), _TEXTS, max_size=2),
        "category": st.sampled_from(["error", "feedback", "outage", "metric", "db", "http", "frontend", "mobile"]),
        "frequency": _DURATIONS,
    },
)


def _metrics(direction: str) -> st.SearchStrategy[dict[str, Any]]:
    ends = {">": "< 0", "<": "> 100", "=": "> 1"}[direction]
    return st.fixed_dictionaries(
        {"aggregate": st.sampled_from(["count()", "p95(span.duration)", "failure_rate()"])},
        optional={
            "dataset": st.sampled_from(["events", "spans"]),
            "query": _TEXTS,
            "window": _DURATIONS,
            "compare": _DURATIONS,
            "resolve": st.one_of(st.just(ends), _thresholds(direction)),
        },
    )


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A spec that is right as far as the language goes; what Sentry makes of it is another matter."""
    integrations = draw(
        st.fixed_dictionaries({}, optional=dict.fromkeys(("slack", "pagerduty", "opsgenie", "msteams", "jira"), _TEXTS))
    )
    names = draw(st.lists(st.sampled_from(["Errors", "Slow", "Busy.issue", "X" * 120]), min_size=1, unique=True))
    spec = {
        "version": 1,
        "project": "shop",
        "targets": {
            "sentry": {
                "organization": "acme",
                "mode": draw(st.sampled_from(["workflows", "legacy"])),
                "integrations": integrations,
            }
        },
        "teams": {"one": {"sentry": "one"} | draw(_CHANNELS), "two": draw(_CHANNELS)},
        "escalation": {
            "single": [{"notify": "one"}],
            "double": {"levels": [{"notify": ["one", "two"], "timeout": "5m"}, {"notify": "two"}], "repeat": "4h"},
        },
        "services": {"web": {"team": "one", "errors": {"sentry_project": "web"}}, "bare": {}},
        "alerts": {name: draw(_alerts()) for name in names},
        "maintenance": {"deploy": {"services": ["web"], "every": "day", "from": "02:00", "for": "1h"}},
    }
    return json.dumps(spec, ensure_ascii=False)


@st.composite
def _alerts(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly alerts that say what they need to; one in eight is left as it may be."""
    direction = draw(st.sampled_from([">", ">", ">", "<", "<", "="]))
    kind = draw(st.sampled_from(["issue", "metric"] * 4 + ["both", "neither"]))
    severities = draw(st.lists(st.sampled_from(["critical", "warning", "info"]), min_size=1, max_size=2, unique=True))
    with_thresholds = kind == "metric" or len(severities) > 1
    sentry: dict[str, Any] = {}
    if kind in {"issue", "both"}:
        sentry["issue"] = draw(_ISSUES)
    if kind in {"metric", "both"}:
        sentry["metric"] = draw(_metrics(direction))
    alert = {
        "service": draw(st.sampled_from(["web", "web", "web", "bare"])),
        "severity": {name: draw(_thresholds(direction)) if with_thresholds else {} for name in severities},
        "sentry": sentry | draw(st.fixed_dictionaries({}, optional={"project": st.just("api")})),
    }
    optional = {
        "escalation": st.sampled_from(["single", "double"]),
        "for": _DURATIONS,
        "summary": st.sampled_from(["It fails", "{{ service }} is at {{ value | percent }}", "{{ threshold }}"]),
        "labels": st.just({"tier": "1"}),
        "enabled": st.sampled_from([True, True, False]),
    }
    return alert | draw(st.fixed_dictionaries({}, optional=optional))


_PATTERNS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12)
_OWNERS = st.lists(st.sampled_from(["one", "two", "ann@example.com"]), min_size=1, max_size=3)
_OWNERSHIP_RULES = st.one_of(
    *(st.fixed_dictionaries({kind: _PATTERNS, "owners": _OWNERS}) for kind in ("path", "module", "url")),
    st.fixed_dictionaries({"tag": st.dictionaries(st.just("area"), _PATTERNS, min_size=1), "owners": _OWNERS}),
)
_LIMITS = st.fixed_dictionaries({"count": st.integers(1, 10**6), "within": st.sampled_from(["1s", "1m", "1d"])})
_SHARES = st.sampled_from(["0%", "12.5%", "100%"])
_SET_UPS = st.fixed_dictionaries(
    {"sentry_project": st.just("web")},
    optional={
        "platform": st.sampled_from(["javascript-react", "python-fastapi", "other"]),
        "name": st.sampled_from(["Web", "W" * 200]),
        "team": st.just("crew"),
        "keys": st.dictionaries(
            st.sampled_from(["browser", "server.a", "k-1"]), st.fixed_dictionaries({}, optional={"rate_limit": _LIMITS})
        ),
        "ownership": st.fixed_dictionaries(
            {"rules": st.lists(_OWNERSHIP_RULES, min_size=1, max_size=3)},
            optional={
                "auto_assign": st.sampled_from(["owner", "suspect-commit", "nobody"]),
                "fallthrough": st.booleans(),
            },
        ),
        "filters": st.lists(
            st.sampled_from(["browser-extensions", "legacy-browsers", "localhost", "web-crawlers", "health-checks"])
        ),
        "scrubbing": st.fixed_dictionaries(
            {}, optional={"fields": st.lists(_TEXTS, max_size=3), "ips": st.booleans(), "defaults": st.booleans()}
        ),
        "resolve_age": st.sampled_from(["1h", "14d"]),
        "fingerprints": st.lists(st.sampled_from(["a:b -> c", '!x:"y z" -> {{ default }}, w'])),
        "grouping": st.lists(st.sampled_from(["stack.module:vendor.* -app", "path:*/lib/* -group"])),
        "sampling": st.fixed_dictionaries({}, optional=dict.fromkeys(("errors", "traces", "profiles"), _SHARES)),
    },
)


@st.composite
def set_ups(draw: st.DrawFn) -> str:
    """A spec with one service, whose errors are set up in any way that the language and its checks let through."""
    spec = {
        "version": 1,
        "project": "shop",
        "targets": {"sentry": {"organization": "acme", "mode": draw(st.sampled_from(["workflows", "legacy"]))}},
        "teams": {"one": {"sentry": "one"}, "two": {"email": ["Ann@example.com", "bob@example.com"]}},
        "services": {"web": {"team": "one", "errors": draw(_SET_UPS)}},
    }
    return json.dumps(spec, ensure_ascii=False)
