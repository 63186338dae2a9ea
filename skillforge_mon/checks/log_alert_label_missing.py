"""MON3693: a message of an alert on lines that names a label which its result has not."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.alert_messages import alert_messages
from skillforge_mon.checks.label_uses import own_labels
from skillforge_mon.checks.log_alert_by_unknown_field import CODE as BY_UNKNOWN_FIELD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.query.loki_labels import label_name
from skillforge_mon.spec.suggest import nearest

_SAYS_METHOD = BY_UNKNOWN_FIELD.good.replace("Many errors are logged", '"{{ labels.method }} logs many errors"')
CODE = Code(
    "MON3693",
    "log-alert-label-missing",
    Severity.ERROR,
    "A message of an alert on lines names a label by which the lines are not counted.",
    "All lines are one number then: there is no value that the label could have, and the message has a gap.",
    bad=_SAYS_METHOD.replace(", by: [method]", ""),
    good=_SAYS_METHOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every alert whose value is made of lines alone, and whose labels are known."""
    for alert in project.alerts.values():
        counted = _counted_by(alert)
        if counted is None:
            continue
        known = own_labels(alert) | counted
        for text in alert_messages(alert):
            for placeholder in text.message.placeholders:
                if placeholder.label and placeholder.label not in known:
                    meant = nearest(placeholder.label, sorted(counted))
                    yield CODE.at(
                        text.place(placeholder),
                        f"{text.where} names `{placeholder.label}`, by which `{alert.name}` does not count lines",
                        label="empty here",
                        help=f"did you mean `{meant}`?" if meant else f"count by it: `by: [{placeholder.label}]`",
                    )


def _counted_by(alert: Alert) -> set[str] | None:
    """The labels by which what is counted is told apart; None where that is not known, or other queries matter too."""
    own = alert.spec.datadog
    if alert.query is not None or (own is not None and own.query is not None):
        return None
    if alert.log_query is None:
        # A label is named in the words of the spec, or in those of Loki: `http.status`, `http_status`.
        return {name for field in alert.lines.spec.by for name in (field, label_name(field))} if alert.lines else None
    # Imported here: few specs have LogQL.
    from skillforge_mon.query.logql.labels import result_labels
    from skillforge_mon.query.logql.tree import LogLines

    tree = alert.log_query.tree
    found = result_labels(tree) if tree is not None and not isinstance(tree, LogLines) else None
    return set(found) if found is not None else None
