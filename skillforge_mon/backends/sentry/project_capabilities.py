"""What a project of Sentry can be set up to do: names and limits as data, each with the place that it was read in.

Sources: [server] getsentry/sentry, the modules named; [docs] docs.sentry.io/api/projects.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

PROJECT_KIND: Final = "project"
KEY_KIND: Final = "key"
OWNERSHIP_KIND: Final = "ownership"
SET_UP_KINDS: Final = (PROJECT_KIND, KEY_KIND, OWNERSHIP_KIND)

SLUG_PATTERN: Final = r"(?![0-9]+$)[a-z0-9_-]{1,100}"
"""Slugs of projects, which are no number. [server] api.fields.sentry_slug, constants.PROJECT_SLUG_MAX_LENGTH"""

KEY_NAME_LIMIT: Final = 64
"""Characters of a client key's name. [server] api.serializers.rest_framework.project_key"""

FILTERS: Final = {
    "browser-extensions": "browser-extensions",
    "health-checks": "filtered-transaction",
    "legacy-browsers": "legacy-browsers",
    "localhost": "localhost",
    "web-crawlers": "web-crawlers",
}
"""Name in the spec -> identifier of the inbound filter. [docs] update-an-inbound-data-filter; [server]
ingest.inbound_filters, where the one of browsers ends with an s"""

LEGACY_BROWSERS: Final = ("android", "chrome", "edge", "firefox", "ie", "opera", "opera_mini", "safari")
"""Subfilters of ``legacy-browsers`` that are not themselves out of date. [docs] update-an-inbound-data-filter"""

AUTO_ASSIGNMENT: Final = {
    "owner": "Auto Assign to Issue Owner",
    "suspect-commit": "Auto Assign to Suspect Commits",
    "nobody": "Turn off Auto-Assignment",
}
"""Word in the spec -> Sentry's own. [server] issues.endpoints.project_ownership"""

SETTINGS: Final = (
    "slug", "name", "platform", "resolveAge", "dataScrubber", "dataScrubberDefaults", "sensitiveFields",
    "scrubIPAddresses", "fingerprintingRules", "groupingEnhancements",
)  # fmt: skip
"""Fields of PUT projects/ORG/PROJECT/ that a spec can say. What is not sent stays as it is. [server]
core.endpoints.project_details.ProjectAdminSerializer"""

SET_UP_OUTPUT: Final = Output(
    "projects, client keys, owners of errors, settings of the SDK",
    ("services", "teams"),
    "sentry/projects/*",
    ("tests/backends/sentry",),
    "monmc push",
    "no Sentry can run here: an own schema from the vendor's source stands for it",
)
