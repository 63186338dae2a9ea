"""What the endpoints of a project take, closed against unknown keys, camel case as on the wire.

Sources: [server] getsentry/sentry, ``core.endpoints.team_projects``, ``core.endpoints.project_details``,
``api.serializers.rest_framework.project_key``, ``issues.endpoints.project_ownership``, ``ingest.inbound_filters``.
"""

from __future__ import annotations

from tests.fakes.sentry_shapes import FLAG, TEXT, Shape, closed, listed, one_of

SLUG: Shape = {"type": "string", "maxLength": 100, "pattern": r"^(?![0-9]+$)[a-z0-9_\-]+$"}
PLATFORMS = ("javascript-react", "node-express", "python-fastapi", "other")
"""Those that the tests and the platforms use."""
FILTERS = ("browser-extensions", "filtered-transaction", "legacy-browsers", "localhost", "web-crawlers")
BROWSERS = ("ie", "edge", "safari", "firefox", "chrome", "opera", "android", "opera_mini")

PROJECT_POST = closed(
    "name slug",
    "platform default_rules",
    name={"type": "string", "minLength": 1, "maxLength": 50},
    slug=SLUG,
    platform={"type": ["string", "null"]},
    default_rules=FLAG,
)
PROJECT_PUT = closed(
    "",
    "slug name platform resolveAge dataScrubber dataScrubberDefaults sensitiveFields scrubIPAddresses "
    "fingerprintingRules groupingEnhancements",
    slug=SLUG,
    name={"type": "string", "minLength": 1, "maxLength": 200},
    platform={"type": ["string", "null"]},
    resolveAge={"type": ["integer", "null"], "minimum": 0},
    dataScrubber=FLAG,
    dataScrubberDefaults=FLAG,
    sensitiveFields=listed(TEXT),
    scrubIPAddresses=FLAG,
    fingerprintingRules=TEXT,
    groupingEnhancements=TEXT,
)
KEY = closed(
    "name",
    "rateLimit browserSdkVersion",
    name={"type": "string", "maxLength": 64},
    browserSdkVersion=TEXT,
    rateLimit={
        "oneOf": [
            {"type": "null"},
            closed(
                "count window",
                count={"type": "integer", "minimum": 0},
                window={"type": "integer", "minimum": 0, "maximum": 86_400},
            ),
        ]
    },
)
OWNERSHIP = closed(
    "",
    "raw fallthrough autoAssignment codeownersAutoSync",
    raw={"type": "string", "maxLength": 100_000},
    fallthrough=FLAG,
    codeownersAutoSync=FLAG,
    autoAssignment=one_of("Auto Assign to Issue Owner", "Auto Assign to Suspect Commits", "Turn off Auto-Assignment"),
)
