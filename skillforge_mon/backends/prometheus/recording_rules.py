"""Precomputed queries to recording rules. Their labels are no templates: they are written as they are."""

from __future__ import annotations

import re
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import BACKEND, Rule
from skillforge_mon.backends.prometheus.capabilities import UTF8_NAMES, Version
from skillforge_mon.backends.prometheus.names import allowed_names, renamed
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.model.project import Recording
from skillforge_mon.query.promql import pretty

_CLASSIC_METRIC: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*", re.ASCII).fullmatch


def recording_rule(recording: Recording, version: Version) -> Rule | None:
    """The rule of ``recording``; None when its query does not parse, or the server does not take its name."""
    if recording.query.expr is None or not _takes(recording.record, version):
        return None
    rule: Rule = {"record": recording.record, "expr": pretty(recording.query.expr)}
    if recording.spec.labels:
        rule["labels"] = allowed_names(recording.spec.labels, version)
    return rule


def recording_verdict(recording: Recording, version: Version) -> Verdict:
    """How well the rule says what ``recording`` means."""
    if not _takes(recording.record, version):
        reason = f"the metric name `{recording.record}` has characters that only Prometheus 3.0 and later take"
        instead = "a name of letters, digits, `_` and `:`"
        return Verdict(BACKEND, recording.id, Grade.UNTRANSLATABLE, reason, instead, "record")
    if reason := renamed(recording.spec.labels, version):
        return Verdict(BACKEND, recording.id, Grade.APPROXIMATE, reason, "use letters, digits and `_`", "labels")
    return Verdict(BACKEND, recording.id, Grade.EXACT)


def _takes(name: str, version: Version) -> bool:
    return version >= UTF8_NAMES.since or _CLASSIC_METRIC(name) is not None
