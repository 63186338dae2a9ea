"""MON1401 to MON1403: secrets that are written down, and references where nothing will ever resolve them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import references_in, secret_reference
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

PLAIN_SECRET = Code(
    "MON1401",
    "secret-in-clear",
    Severity.ERROR,
    "A key that holds a secret does not refer to one.",
    "Specs are read by everybody and kept for ever: a secret in one is a secret no more.",
    bad=HEAD + "teams:\n  shop: {pagerduty: {routing_key: 0123456789abcdef0123456789abcdef}}\n",
    good=HEAD + 'teams:\n  shop: {pagerduty: {routing_key: "${secret:PAGERDUTY_KEY}"}}\n',
)
SECRET_LIKE = Code(
    "MON1402",
    "looks-like-a-secret",
    Severity.ERROR,
    "A text looks like a token, a private key, or an address with a password in it.",
    "Whoever can read the spec, or a file made from it, could use it.",
    bad=HEAD + "teams:\n  shop: {webhook: 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnop'}\n",
    good=HEAD + 'teams:\n  shop: {webhook: "${secret:SLACK_WEBHOOK}"}\n',
)
REFERENCE_IN_TEXT = Code(
    "MON1403",
    "secret-reference-in-text",
    Severity.ERROR,
    "A reference to a secret stands where the text would be shown to people.",
    "It would be shown as it is, or its secret would be.",
    bad=HEAD + "runbooks:\n  login: {resolve: ['Log in with ${secret:ADMIN_PASSWORD}']}\n",
    good=HEAD + "runbooks:\n  login: {resolve: [Log in with the password from the vault.]}\n",
)
CODES = (PLAIN_SECRET, SECRET_LIKE, REFERENCE_IN_TEXT)

SECRET_KEYS = frozenset({
    "routing_key", "access_key", "secret_key", "api_key", "api_token", "password", "bearer_token", "slack_api_url", "webhook_url", "api_url_secret",
})  # fmt: skip
"""Keys of the language whose value must be a reference, wherever they stand."""

_SECRET_NAME = re.compile(r"(?i)(^|[-_.])(authorization|cookie|passwd|password|secret|token|api[-_]?key)$")
"""Names that people give to headers, parameters and labels which hold a secret."""

_NAMES_OF_SECRETS = (("deploy", "kubernetes", "secret"),)
"""Keys that hold the name of an object with secrets in it, and none itself."""

_SECRET_PATHS = (("teams", "slack", "api_url"),)
"""Keys that hold a secret only here: Jira's `api_url` is an ordinary address."""

_SOURCES = ("targets", "grafana", "sources")
_SECRETS = "secrets"
"""Below a data source of Grafana's, each of `secrets` is one, whatever the type of the data source calls it."""

_TEXT_KEYS = frozenset({
    "summary", "description", "title", "content", "impact", "symptoms", "detection", "investigate", "mitigate", "resolve",
    "root_cause", "alertmanagers", "targets", "headers", "body", "send", "expect", "contains", "matches", "not_matches",
    "params", "external_labels", "prevent", "message", "expr", "query", "help", "legend", "annotations", "labels", "reason",
})  # fmt: skip

_MADE_FOR_SECRETS = "use a key that is made for secrets, such as `bearer_token` or `password`"
_NOT_IN_NAMES = re.compile(r"[^A-Z0-9]+")

_TOKENS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("hooks.slack.com", re.compile(r"hooks\.slack\.com/(services|workflows)/\S+"), "a Slack webhook"),
    ("xox", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"), "a Slack token"),
    ("gh", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"), "a GitHub token"),
    ("AKIA", re.compile(r"\bAKIA[0-9A-Z]{16}\b"), "an AWS access key"),
    ("glsa_", re.compile(r"\bglsa_[A-Za-z0-9_]{20,}"), "a Grafana service-account token"),
    ("sntr", re.compile(r"\bsntr(ys|yu)_[A-Za-z0-9_=+/-]{20,}"), "a Sentry token"),
    ("dd", re.compile(r"\bdd(pat|sat)_[A-Za-z0-9]{20,}"), "a Datadog token"),
    ("sk-", re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"), "an API key"),
    ("-----BEGIN", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    ("://", re.compile(r"://[^/\s:@${}]+:[^/\s:@${}]+@"), "an address with a password"),
    ("webhook.office.com", re.compile(r"webhook\.office\.com/webhookb2/\S+"), "a Teams webhook"),
    ("eyJ", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\."), "a JSON web token"),
)
"""A text that every match holds, the pattern, and what it is. Almost no text holds any, and that is quick to see."""


def check(project: Project) -> Iterator[Diagnostic]:
    """Every text of the spec, keys known to hold secrets first."""
    for key, entry in project.root.entries.items():
        yield from _walk(entry.node, (key,))


def _walk(node: Node, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    if isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            yield from _walk(entry.node, (*path, key))
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _walk(item, path)
    elif isinstance(node.value, str):
        yield from _text(node, node.value, path)


def _text(node: ScalarNode, text: str, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    key = path[-1]
    secret = (
        key in SECRET_KEYS
        or (_SECRET_NAME.search(key) is not None and not _only_names(path))
        or any(
            path[0] == section and path[-len(rest) :] == rest
            for section, *tail in _SECRET_PATHS
            for rest in (tuple(tail),)
        )
        or (path[: len(_SOURCES)] == _SOURCES and path[-2] == _SECRETS)
    )
    if secret:
        written_as_it_stands = any(part in _TEXT_KEYS for part in path[1:])
        if secret_reference(text) is None:
            name = _NOT_IN_NAMES.sub("_", f"{path[1]}_{key}".upper())
            instead = _MADE_FOR_SECRETS if written_as_it_stands else f'write a reference, such as "${{secret:{name}}}"'
            yield PLAIN_SECRET.at(
                node.span,
                f"`{key}` is a secret, and stands here in clear",
                help=f"{instead}, and change the secret: it has been seen",
            )
        elif written_as_it_stands:
            yield REFERENCE_IN_TEXT.at(
                node.span,
                "this key cannot take a secret: it is written into the configuration as it stands",
                help=_MADE_FOR_SECRETS,
            )
        return
    for marker, pattern, what in _TOKENS:
        found = pattern.search(text) if marker in text else None
        if found is not None:
            yield SECRET_LIKE.at(
                node.text_span(found.start(), found.end()),
                f"this looks like {what}",
                help='write a reference, such as "${secret:NAME}", and change the secret: it has been seen',
            )
            return
    if references_in(text) and any(part in _TEXT_KEYS for part in path[1:]):
        yield REFERENCE_IN_TEXT.at(node.span, "a reference to a secret cannot stand in a text", help="take it out")


def _only_names(path: tuple[str, ...]) -> bool:
    """Whether the key at ``path`` names an object, an image or a label of a metric, or its value an object."""
    if len(path) == 2 or path in _NAMES_OF_SECRETS:
        return True
    declares_label = path[-4:-3] == ("metrics",) and path[-2] == "labels"
    return declares_label or (path[0] == "deploy" and path[-2] == "images")
