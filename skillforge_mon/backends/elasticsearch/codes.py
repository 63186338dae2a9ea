"""MON4560 to MON4563: streams of lines that Elasticsearch would not take, or would mix up."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_SPEC = """\
version: 1
project: shop
targets:
  elasticsearch: {version: "9.1"}
services: {web: {}}
retention: {logs: 30d}
logs:
  web-api:
    service: web
    index_by: [method]
"""

SAME_NAME = Code(
    "MON4560",
    "data-stream-name-taken",
    Severity.ERROR,
    "Two streams of lines become one data stream.",
    "The parts of a data stream's name are in small letters and have no `-`: `web-api` and `web_api` are both "
    "`logs-web_api-production`.",
    bad=_SPEC + "  web_api: {service: web}\n",
    good=_SPEC + "  web_admin: {service: web}\n",
)
RESERVED_FIELD = Code(
    "MON4561",
    "elasticsearch-field-reserved",
    Severity.ERROR,
    "A field of a stream has a name that means something else in Elasticsearch.",
    "The service, the level, the text and the trace of a line have fields of their own (`service.name`, `log.level`, "
    "`message`, `trace.id`), and a field cannot be a value and hold other fields.",
    bad=_SPEC.replace("[method]", "[method, service]"),
    good=_SPEC,
)
TOO_OLD = Code(
    "MON4562",
    "elasticsearch-too-old",
    Severity.ERROR,
    "This version of Elasticsearch cannot keep lines as the spec says.",
    "Lines are routed by `reroute`, which came with 8.8. The lifecycle of data streams is no preview from 8.14 on; "
    "`lifecycle: ilm` does the same before.",
    bad=_SPEC.replace('"9.1"', '"8.12"'),
    good=_SPEC.replace('{version: "9.1"}', '{version: "8.12", lifecycle: ilm}'),
)
NAME_TOO_LONG = Code(
    "MON4563",
    "data-stream-name-too-long",
    Severity.ERROR,
    "The name of a data stream is too long.",
    "A stream and an environment may have 100 characters each, with the level where that has a data stream of its own.",
    bad=_SPEC.replace("web-api", "w" * 101),
    good=_SPEC,
)
