"""Probes for blackbox_exporter, as hypothesis makes them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

HEAD: dict[str, Any] = {
    "version": 1,
    "project": "shop",
    "teams": {"shop": {"webhook": "http://hooks:8080/"}},
    "escalation": {"page": [{"notify": "shop"}]},
    "runbooks": {"down": {"resolve": ["Look."]}},
    "services": {"web": {"team": "shop", "escalation": "page", "runbook": "down"}},
}
_TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12)
_PATTERNS = st.sampled_from(["^ok$", "[a-z]+", r"\d{3}", "(?i)welcome", "a|b", r"\.", "x*?", r"\p{L}+"])
_STATUS = st.one_of(
    st.integers(100, 599), st.sampled_from(["2xx", "5xx", "200-204", "100-599"]), st.sampled_from(["301", "404"])
)
_PATHS = st.sampled_from(["status", "checks.db.ok", "items[0].name", '["a.b"].c', "a-b", "in", "[1]"])
_VALUES = st.one_of(_TEXTS, st.booleans(), st.integers(-5, 5), st.sampled_from([0.5, -1.25]))
_TLS = st.fixed_dictionaries({}, optional={"insecure": st.booleans(), "enabled": st.booleans()})
_HTTP = st.fixed_dictionaries(
    {"url": st.sampled_from(["http://a/", "https://b.example/path?x=1", "http://[::1]:8080/"])},
    optional={
        "method": st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        "status": st.lists(_STATUS, min_size=1, max_size=3),
        "headers": st.dictionaries(st.sampled_from(["X-A", "Accept", "Host"]), _TEXTS, max_size=2),
        "body": _TEXTS,
        "contains": st.lists(_TEXTS, min_size=1, max_size=2),
        "matches": st.lists(_PATTERNS, min_size=1, max_size=2),
        "not_matches": _PATTERNS,
        "json": st.dictionaries(_PATHS, _VALUES, min_size=1, max_size=2),
        "follow_redirects": st.booleans(),
        "tls": _TLS,
        "http_version": st.sampled_from(["1.1", "2"]),
    },
)
_CREDENTIALS = st.sampled_from(
    [{}, {"bearer_token": "${secret:TOKEN}"}, {"basic": {"username": "me", "password": "${secret:PW}"}}]
)
_STEPS = st.lists(
    st.one_of(
        st.builds(lambda pattern: {"expect": pattern}, _PATTERNS),
        st.builds(lambda text: {"send": text}, _TEXTS),
        st.builds(lambda pattern, text: {"expect": pattern, "send": text}, _PATTERNS, _TEXTS),
        st.just({"starttls": True}),
    ),
    max_size=3,
)
_KINDS = st.one_of(
    st.builds(lambda http, who: {"http": http | who}, _HTTP, _CREDENTIALS),
    st.builds(lambda steps, tls: {"tcp": {"address": "a:25", "exchange": steps, "tls": tls}}, _STEPS, _TLS),
    st.builds(
        lambda kind, pattern: {"dns": {"name": "a.example", "server": "10.0.0.1", "type": kind, "matches": pattern}},
        st.sampled_from(["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"]),
        _PATTERNS,
    ),
    st.just({"icmp": "a.example"}),
    st.builds(lambda tls, name: {"grpc": {"address": "a:1", "tls": tls, "service": name}}, _TLS, _TEXTS),
)
_TIMES = st.sampled_from([{}, {"every": "10s"}, {"every": "7m", "timeout": "90s"}, {"timeout": "1500ms"}])


@st.composite
def specs(draw: st.DrawFn, version: str) -> str:
    """A spec with probes that an exporter of ``version`` can ask, at least nearly."""
    kinds = draw(st.lists(st.tuples(_KINDS, _TIMES), min_size=1, max_size=12))
    probes = {f"p{number}": {"service": "web", **kind, **times} for number, (kind, times) in enumerate(kinds)}
    targets = {"prometheus": {}, "blackbox": {"version": version, "ip": draw(st.sampled_from(["ip4", "ip6"]))}}
    return json.dumps({**HEAD, "targets": targets, "probes": probes}, ensure_ascii=False)
