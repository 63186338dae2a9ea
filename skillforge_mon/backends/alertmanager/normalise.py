"""What Alertmanager does to a silence that it is given, and how one says whose it is.

Sources: api/v2/api.go (``postSilencesHandler``), silence/silence.go (``Set``, ``canUpdate``, ``setSilence``) of
Alertmanager 0.25 to 0.34; held against running servers of 0.25 and 0.33.

- A new silence that is to have begun already begins now.
- Changing the matchers, or the start of one that has begun, ends it and makes another one with another id.
- One that is over stays listed as ``expired`` for as long as the server keeps data (5 days).
- Times are given back in UTC with milliseconds; matchers may be in another order.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.live import Owner

SAID: Final = ("matchers", "startsAt", "endsAt", "createdBy", "comment")
"""What a silence says; the rest is what only the server writes."""

_LINE: Final = re.compile(
    r"\n*^-- managed by monmc (?P<project>[^/\s]+)/(?P<environment>[^/\s]+)/(?P<key>.+?), do not edit here"
    r"(?: \(monmc_rev:(?P<revision>[^()\s]*)\))?[ \t\r]*$",
    re.MULTILINE,
)


def time_text(moment: datetime.datetime) -> str:
    """``2026-12-24T21:00:00.000Z``, as the server writes it."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: Any) -> datetime.datetime:
    """The moment that a text of the server or of a document names."""
    return datetime.datetime.fromisoformat(str(text))


def is_over(body: Mapping[str, Any], now: datetime.datetime) -> bool:
    """Whether nothing is silent any more because of it."""
    return moment_of(body["endsAt"]) <= now


def marked(comment: str, owner: Owner, revision: str) -> str:
    """``comment`` with a last line that says whose the silence is, whatever it said of that before."""
    line = f"-- managed by monmc {owner}, do not edit here" + (f" (monmc_rev:{revision})" if revision else "")
    text = unmarked(comment)
    return f"{text}\n\n{line}" if text else line


def unmarked(comment: str) -> str:
    """``comment`` without whose it is."""
    return _LINE.sub("", comment)


def owner_of(comment: str) -> tuple[Owner | None, str]:
    """Whose a silence is, None where it is nobody's, and the revision that it holds."""
    lines = list(_LINE.finditer(comment))
    if not lines:
        return None, ""
    found = lines[-1]
    return Owner(found["project"], found["environment"], found["key"]), found["revision"] or ""


def compared(body: Mapping[str, Any], live: Mapping[str, Any], now: datetime.datetime) -> tuple[Plain, Plain]:
    """Both sides in one form. A start that is over is left out: nobody can change it, and it says nothing any more."""
    if is_over(body, now):
        return {"over": True}, {"over": True}
    old, new = _form(live), _form(body)
    if all(moment_of(side["startsAt"]) <= now for side in (body, live)):
        del old["startsAt"], new["startsAt"]
    # Who extends a silence by hand is its creator from then on: that is who changed it, not what it says.
    return old, new


def _form(silence: Mapping[str, Any]) -> dict[str, Plain]:
    return {
        "matchers": sorted(map(_matcher, silence["matchers"])),
        "startsAt": time_text(moment_of(silence["startsAt"])),
        "endsAt": time_text(moment_of(silence["endsAt"])),
        "comment": unmarked(str(silence["comment"])),
    }


def _matcher(matcher: Mapping[str, Any]) -> str:
    """``severity=~"info|warning"``: as people write it. Without ``isEqual`` it is an equality (openapi.yaml)."""
    sign = {(True, False): "=", (False, False): "!=", (True, True): "=~", (False, True): "!~"}
    return f'{matcher["name"]}{sign[matcher.get("isEqual", True), matcher["isRegex"]]}"{matcher["value"]}"'
