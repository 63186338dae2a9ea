"""One organisation of a Sentry server: paths below ``/api/0``, listings page by page, and what its refusals mean.

Sources: [server] getsentry/sentry; [provider] jianyuan/terraform-provider-sentry, ``internal/apiclient/api.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from skillforge_mon.remote.errors import LostAnswerError, NotFoundError, RefusedError, RemoteError

if TYPE_CHECKING:
    from skillforge_mon.remote.clock import Clock
    from skillforge_mon.remote.service import Answer, Service

Method = Literal["GET", "POST", "PUT", "DELETE"]

PAGE_SIZE: Final = 100
"""The most that a page holds. [server] api.paginator.MAX_LIMIT"""

_NEXT: Final = re.compile(r'rel="next";\s*results="true";\s*cursor="([^"]+)"')
"""The part of a ``Link`` header that names the next page; at the end it says ``results="false"``.
[server] api.base.Endpoint.build_cursor_link"""

GONE: Final = 410

_TASK_SECONDS: Final = 60
_TASK_PAUSE: Final = 1.0


def next_cursor(link: str) -> str:
    """The cursor of the page after this one, empty after the last one."""
    found = _NEXT.search(link)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Organization:
    """``slug`` at the server of ``service``; ``mode`` is the target's, and says which objects alerts are there."""

    service: Service
    slug: str
    mode: str
    clock: Clock

    def path(self, *parts: str) -> str:
        """``/organizations/ORG/…/``; Sentry's paths end with a slash."""
        return f"/organizations/{'/'.join((self.slug, *parts))}/"

    def project_path(self, project: str, *parts: str) -> str:
        """``/projects/ORG/PROJECT/…/``, by the project's slug or identifier."""
        return f"/projects/{'/'.join((self.slug, project, *parts))}/"

    def pages(self, path: str, params: Mapping[str, str | int] | None = None) -> Iterator[Any]:
        """Every item of a listing, with one request per page."""
        asked: dict[str, str | int] = {**(params or {}), "per_page": PAGE_SIZE}
        while True:
            answer = self._request("GET", path, params=asked)
            yield from answer.body
            cursor = next_cursor(answer.headers.get("link", ""))
            if not cursor:
                return
            asked["cursor"] = cursor

    def listing(self, path: str, params: Mapping[str, str | int] | None = None) -> Iterator[Any]:
        """The listing of a kind of alert; a server that does not have the kind says so in words that help."""
        try:
            yield from self.pages(path, params)
        except NotFoundError as error:
            raise RefusedError(f"{error}; {self._without_kind()}", error.status) from None

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """What is at ``path``. Raises NotFoundError."""
        return self._request("GET", path, params=params).body

    def send(self, method: Method, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Write. A rule whose Slack channel is looked up later is answered with 202; see ``finished``."""
        return self._request(method, path, body=body)

    def finished(self, answer: Answer, project: str, task: str, within: str) -> Any:
        """The object that a write made, after Sentry has looked up what it names.

        The old rules look up channels of Slack in the background, and answer 202 with the ``uuid`` of a task, which is
        asked until it is done. [server] incidents.endpoints.organization_alert_rule_index, integrations.slack.tasks
        """
        if answer.status != 202:
            return answer.body
        path = self.project_path(project, task, str(answer.body["uuid"]))
        ends = self.clock.now() + _TASK_SECONDS
        while self.clock.now() < ends:
            try:
                found = self.get(path)
            except RemoteError as error:
                raise LostAnswerError(f"{error}; the rule may have been written", error.status) from None
            if found["status"] == "success":
                return found[within]
            if found["status"] == "failed":
                raise RefusedError(f"Sentry did not write the rule: {found.get('error') or 'a channel was not found'}")
            self.clock.sleep(_TASK_PAUSE)
        raise LostAnswerError(f"Sentry looks up the channels of a rule for more than {_TASK_SECONDS} s")

    def _request(
        self,
        method: Method,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Answer:
        try:
            return self.service.request(method, path, body=body, params=params, shape=_shape(path))
        except NotFoundError as error:
            if error.status != GONE:
                raise
            raise RefusedError(f"{error}; {_SWITCHED_OFF}", GONE) from None

    def _without_kind(self) -> str:
        if self.mode == "legacy":
            return f"either there is no organisation `{self.slug}`, or {_REMOVED}"
        return (
            f"either there is no organisation `{self.slug}`, or this server is older than 26.7 and has no monitors and "
            "alerts of the new kind: `mode: legacy` writes the old rules"
        )


def _shape(path: str) -> str | None:
    """Sentry limits each endpoint by itself, whatever the project. [server] ratelimits.utils.get_rate_limit_key"""
    if not path.startswith("/projects/"):
        return None
    below = path.split("/")[4:]
    return "/".join(("/projects/{}/{}", below[0], *("{}" if part else "" for part in below[1:])))


_SWITCHED_OFF: Final = (
    "Sentry has deprecated the old alert rules that `mode: legacy` writes, and switches their API off, first for "
    "minutes and then for good: remove `mode: legacy` from `targets.sentry`"
)
"""[server] workflow_engine.utils.legacy_alerts_api.AlertsApiGone answers 410"""
_REMOVED: Final = (
    "this server no longer has the old alert rules that `mode: legacy` writes: remove `mode: legacy` from "
    "`targets.sentry`"
)
