"""MON3663: ownership rules that Sentry cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.errors_examples import SET_UP, set_up_with
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.errors import OwnershipRule

_TAG = re.compile(r"[a-zA-Z0-9_.-]+")
"""Names of tags without a colon, which would end them: getsentry/sentry, ``tagstore.base.TAG_KEY_RE`` and
``issues.ownership.grammar``, ``event_tag``."""

CODE = Code(
    "MON3663",
    "unclear-ownership-rule",
    Severity.ERROR,
    "An ownership rule asks for nothing, for several things at once, or in a way that Sentry cannot read.",
    "Sentry would refuse all rules of the project, or take a part of the pattern for an owner.",
    bad=set_up_with('{path: "src/payments/*",', '{path: "src/payments/*", url: "*/pay/*",'),
    good=SET_UP,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Each rule has one matcher, on one line."""
    for service in project.services.values():
        ownership = service.spec.errors.ownership if service.spec.errors is not None else None
        if ownership is None:
            continue
        bare = service.place.find("errors", "ownership", 0) is not None
        for number, rule in enumerate(ownership.rules):
            what, instead = _problem(rule)
            if what:
                path = ("errors", "ownership", number) if bare else ("errors", "ownership", "rules", number)
                yield CODE.at(service.place.at(*path), what, help=instead)


def _problem(rule: OwnershipRule) -> tuple[str, str]:
    """What is wrong with a rule, and what to do; two empty texts where nothing is."""
    given = [name for name in ("path", "module", "url") if getattr(rule, name) is not None]
    given += ["tag"] * len(rule.tag)
    if not given:
        return "this rule does not say which errors it is about", "write one of `path`, `module`, `url` and `tag`"
    if len(given) > 1:
        return (
            f"this rule asks for {' and '.join(given)} at once",
            "write a rule for each: the last that matches counts",
        )
    name = next(iter(rule.tag), "tag")
    if _TAG.fullmatch(name) is None:
        return f"`{name}` cannot be the name of a tag", "write letters, digits, `.`, `-` and `_`"
    pattern = next(text for text in (rule.path, rule.module, rule.url, *rule.tag.values()) if text is not None)
    if not pattern.isprintable():
        return "this pattern has a line break, or another character that cannot be seen", "write it on one line"
    return "", ""
