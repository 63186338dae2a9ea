"""What lives in Datadog and is pushed there: where each kind is found, how it is listed, and who may touch it.

Sources: [api] the OpenAPI description of Datadog's API, as ``datadog-api-client`` has it (its operations, their
permissions in ``x-permission``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from skillforge_mon.remote.api import Kind


@dataclass(frozen=True, slots=True)
class Pages:
    """How a listing is cut. ``size`` is what we ask for; a shorter page is the last one.

    ``position`` names the parameter that says where a page starts: its number, or the number of objects before it.
    """

    size_parameter: str
    size: int
    position: str
    counts: Literal["pages", "objects"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One kind. ``path`` lists and creates; below it, the identifier is at the place of ``{id}`` in ``one``.

    ``within`` are the keys under which a listing holds its objects. ``identifier`` and ``title`` are keys of an object;
    ``text`` is the one in which the marker is (see ``markers.py``), empty where only tags can hold it, and ``tagged``
    says whether any tag is allowed. ``scopes`` are the permissions to read and to write.

    ``type`` is that of the objects of the kind, where one listing has those of several, which is the only way to read
    one; they are made at ``made_at``.
    """

    kind: Kind
    path: str
    one: str
    identifier: str
    title: str
    text: str
    tagged: bool
    scopes: tuple[str, str]
    within: str = ""
    pages: Pages | None = None
    update: Literal["PUT", "PATCH"] = "PUT"
    force: bool = False
    type: str = ""
    made_at: str = ""


_MONITOR = Endpoint(
    Kind("monitor", 10, "monitor"), "/api/v1/monitor", "/api/v1/monitor/{id}", "id", "name", "message", tagged=True,
    scopes=("monitors_read", "monitors_write"), pages=Pages("page_size", 1000, "page", "pages"), force=True,
)  # fmt: skip
_SYNTHETICS = Endpoint(
    Kind("synthetics", 10, "synthetic test"), "/api/v1/synthetics/tests", "/api/v1/synthetics/tests/{type}/{id}",
    "public_id", "name", "message", tagged=True, scopes=("synthetics_read", "synthetics_write"), within="tests",
    pages=Pages("page_size", 100, "page_number", "pages"),
)  # fmt: skip
_SLO = Endpoint(
    Kind("slo", 20, "SLO"), "/api/v1/slo", "/api/v1/slo/{id}", "id", "name", "description", tagged=True,
    scopes=("slos_read", "slos_write"), within="data", pages=Pages("limit", 1000, "offset", "objects"), force=True,
)  # fmt: skip
_DOWNTIME = Endpoint(
    Kind("downtime", 30, "downtime"), "/api/v2/downtime", "/api/v2/downtime/{id}", "id", "message", "message",
    tagged=False, scopes=("monitors_downtime", "monitors_downtime"), within="data",
    pages=Pages("page[limit]", 100, "page[offset]", "objects"), update="PATCH",
)  # fmt: skip
_DASHBOARD = Endpoint(
    Kind("dashboard", 40, "dashboard"), "/api/v1/dashboard", "/api/v1/dashboard/{id}", "id", "title", "description",
    tagged=False, scopes=("dashboards_read", "dashboards_write"), within="dashboards",
    pages=Pages("count", 100, "start", "objects"),
)  # fmt: skip
_LOG_PIPELINE = Endpoint(
    Kind("log_pipeline", 50, "log pipeline"), "/api/v1/logs/config/pipelines", "/api/v1/logs/config/pipelines/{id}",
    "id", "name", "description", tagged=True, scopes=("logs_read_config", "logs_write_pipelines"),
)  # fmt: skip
_LOG_INDEX = Endpoint(
    Kind("log_index", 50, "log index", deletable=False), "/api/v1/logs/config/indexes",
    "/api/v1/logs/config/indexes/{id}", "name", "name", "", tagged=True,
    scopes=("logs_read_config", "logs_modify_indexes"), within="indexes",
)  # fmt: skip
_SCANNER: Final = "/api/v2/sensitive-data-scanner/config"
_SCANNER_GROUP = Endpoint(
    Kind("scanner_group", 50, "scanning group"), _SCANNER, f"{_SCANNER}/groups/{{id}}", "id", "name", "description",
    tagged=False, scopes=("data_scanner_read", "data_scanner_write"), within="included", update="PATCH",
    type="sensitive_data_scanner_group", made_at=f"{_SCANNER}/groups",
)  # fmt: skip
_SCANNER_RULE = Endpoint(
    Kind("scanner_rule", 55, "scanning rule"), _SCANNER, f"{_SCANNER}/rules/{{id}}", "id", "name", "description",
    tagged=False, scopes=("data_scanner_read", "data_scanner_write"), within="included", update="PATCH",
    type="sensitive_data_scanner_rule", made_at=f"{_SCANNER}/rules",
)  # fmt: skip

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    each.kind.name: each
    for each in (
        _MONITOR, _SYNTHETICS, _SLO, _DOWNTIME, _DASHBOARD, _LOG_PIPELINE, _LOG_INDEX, _SCANNER_GROUP, _SCANNER_RULE,
    )
}  # fmt: skip
"""Monitors on SLOs and composite ones come after what they are made of because they name it. A log index is never
deleted: its data would go with it, and its name could never be used again ([api] DeleteLogsIndex). A rule of the
scanner has tags that it puts on the lines it finds: no place to say whose it is."""


@dataclass(frozen=True, slots=True)
class OrderedList:
    """The one list that says in which order all objects of ``member`` apply, ours and others'.

    ``key`` of its body holds identifiers. Its resource has ``ORDER_KEY`` for a key.
    """

    kind: Kind
    member: str
    path: str
    key: str


ORDER_KEY: Final = "order"

ORDERS: Final[Mapping[str, OrderedList]] = {
    each.kind.name: each
    for each in (
        OrderedList(Kind("log_pipeline_order", 60, "order of log pipelines", deletable=False), "log_pipeline",
                    "/api/v1/logs/config/pipeline-order", "pipeline_ids"),
        OrderedList(Kind("log_index_order", 60, "order of log indexes", deletable=False), "log_index",
                    "/api/v1/logs/config/index-order", "index_names"),
    )
}  # fmt: skip

KINDS: Final = (*(each.kind for each in ENDPOINTS.values()), *(each.kind for each in ORDERS.values()))

SYNTHETICS_MONITOR: Final = "synthetics alert"
"""The type of the monitor that Datadog makes of each synthetic test. It has the test's message, hence our marker, and
is not ours to change: it is left out wherever monitors are listed."""

SYNTHETICS_TYPES: Final = ("api", "browser", "mobile")


def said(kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an object says: some have it in ``attributes``, below ``data`` in a request and in an answer to one.

    A rule of the scanner says there which ``group`` it is in, too.
    """
    if kind not in WITH_ATTRIBUTES:
        return body
    inner = body.get("data", body)
    found: Mapping[str, Any] = inner.get("attributes", inner)
    if "relationships" in inner and kind == "scanner_rule":
        return {**found, "group": inner["relationships"]["group"]["data"]["id"]}
    return found


WITH_ATTRIBUTES: Final = frozenset(("downtime", "scanner_group", "scanner_rule"))
"""Kinds of the API v2, which has objects in the form of JSON:API."""
