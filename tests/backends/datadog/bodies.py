"""One body of each kind, and a change of each."""

from __future__ import annotations

from typing import Any

MONITOR: dict[str, Any] = {
    "name": "[shop/production] Backlog",
    "type": "query alert",
    "query": "avg(last_5m):sum:shop.queue{*} by {queue} > 100",
    "message": "{{#is_alert}}\nJobs wait @slack-acme-shop\n{{/is_alert}}",
    "tags": ["project:shop", "team:shop"],
    "priority": 2,
    "options": {"thresholds": {"critical": 100, "warning": 50}, "notify_audit": False, "renotify_interval": 60},
}
SLO: dict[str, Any] = {
    "name": "Availability",
    "description": "Requests that are answered.",
    "type": "metric",
    "query": {"numerator": "sum:http.good{*}.as_count()", "denominator": "sum:http.all{*}.as_count()"},
    "thresholds": [{"timeframe": "30d", "target": 99.9, "warning": 99.95}, {"timeframe": "7d", "target": 99.9}],
    "tags": ["team:shop", "project:shop"],
}
DASHBOARD: dict[str, Any] = {
    "title": "Queue",
    "description": "What waits.",
    "layout_type": "ordered",
    "reflow_type": "fixed",
    "notify_list": ["b@example.com", "a@example.com"],
    "template_variables": [{"name": "env", "prefix": "env", "defaults": ["production"]}],
    "widgets": [
        {
            "definition": {
                "type": "timeseries",
                "title": "Depth",
                "requests": [
                    {
                        "response_format": "timeseries",
                        "queries": [{"data_source": "metrics", "name": "a", "query": "sum:shop.queue{*}"}],
                        "formulas": [{"formula": "a"}],
                        "display_type": "line",
                    }
                ],
            },
            "layout": {"x": 0, "y": 0, "width": 6, "height": 3},
        },
        {
            "definition": {
                "type": "group",
                "title": "Notes",
                "layout_type": "ordered",
                "widgets": [
                    {
                        "definition": {"type": "note", "content": "Look here.", "font_size": "18"},
                        "layout": {"x": 0, "y": 0, "width": 4, "height": 2},
                    }
                ],
            },
            "layout": {"x": 0, "y": 3, "width": 12, "height": 4},
        },
    ],
}
API_TEST: dict[str, Any] = {
    "name": "Shop answers",
    "type": "api",
    "subtype": "http",
    "status": "live",
    "message": "The shop is down @slack-acme-shop",
    "tags": ["team:shop"],
    "locations": ["aws:eu-west-1"],
    "config": {
        "request": {"method": "GET", "url": "https://shop.example/live", "headers": {"x-probe": "monmc"}},
        "assertions": [{"type": "statusCode", "operator": "is", "target": 200}],
    },
    "options": {"tick_every": 60, "monitor_options": {"renotify_interval": 60}},
}
BROWSER_TEST: dict[str, Any] = {
    "name": "Buying",
    "type": "browser",
    "status": "live",
    "message": "Nobody can buy @slack-acme-shop",
    "tags": ["team:shop"],
    "locations": ["aws:eu-west-1"],
    "config": {"request": {"method": "GET", "url": "https://shop.example"}, "assertions": []},
    "options": {"tick_every": 900, "device_ids": ["chrome.laptop_large"]},
    "steps": [{"name": "Go", "type": "goToUrl", "params": {"value": "https://shop.example/cart"}}],
}
MOBILE_TEST: dict[str, Any] = {
    "name": "App starts",
    "type": "mobile",
    "status": "live",
    "message": "The app does not start @slack-acme-shop",
    "tags": ["team:shop"],
    "config": {"variables": []},
    "options": {
        "device_ids": ["synthetics:mobile:device:apple_iphone_14_plus_ios_16"],
        "tick_every": 4320,
        "mobileApplication": {
            "applicationId": "ab0e0aed-536d-411a-9a99-5428c27d8f8e",
            "referenceId": "6115922a-5f5d-455e-bc7e-7955a57f3815",
            "referenceType": "version",
        },
    },
    "steps": [
        {"name": "Tap", "type": "tap", "hasNewStepElement": True, "params": {"enabled": True}},
    ],
}
DOWNTIME: dict[str, Any] = {
    "data": {
        "type": "downtime",
        "attributes": {
            "message": "Deployment",
            "scope": "*",
            "monitor_identifier": {"monitor_tags": ["maintenance:shop/production/deploy"]},
            "schedule": {
                "timezone": "Europe/Paris",
                "recurrences": [
                    {"rrule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=SA", "duration": "2h", "start": "2025-01-11T02:00"}
                ],
            },
            "display_timezone": "Europe/Paris",
            "mute_first_recovery_notification": False,
            "notify_end_states": ["alert", "no data", "warn"],
            "notify_end_types": ["expired"],
        },
    }
}
PIPELINE: dict[str, Any] = {
    "name": "shop",
    "description": "Logs of the shop.",
    "tags": ["team:shop", "project:shop"],
    "is_enabled": True,
    "filter": {"query": "service:shop"},
    "processors": [
        {
            "type": "attribute-remapper",
            "name": "user",
            "is_enabled": True,
            "sources": ["user"],
            "source_type": "attribute",
            "target": "usr.id",
            "target_type": "attribute",
        },
        {
            "type": "pipeline",
            "name": "inner",
            "filter": {"query": "source:nginx"},
            "processors": [
                {"type": "grok-parser", "name": "line", "source": "message", "grok": {"match_rules": "r %{data}"}}
            ],
        },
    ],
}
INDEX: dict[str, Any] = {
    "name": "shop",
    "filter": {"query": "service:shop"},
    "num_retention_days": 7,
    "daily_limit": 1000000,
    "exclusion_filters": [
        {"name": "live", "is_enabled": True, "filter": {"query": "path:/live", "sample_rate": 1.0}},
    ],
    "tags": ["team:shop"],
}

BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "monitor": ("monitor", MONITOR),
    "slo": ("slo", SLO),
    "dashboard": ("dashboard", DASHBOARD),
    "api test": ("synthetics", API_TEST),
    "browser test": ("synthetics", BROWSER_TEST),
    "mobile test": ("synthetics", MOBILE_TEST),
    "downtime": ("downtime", DOWNTIME),
    "log pipeline": ("log_pipeline", PIPELINE),
    "log index": ("log_index", INDEX),
}
"""What it is -> its kind and its body."""
