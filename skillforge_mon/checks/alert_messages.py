"""The texts of an alert that have placeholders: summary, description and the user's own annotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.model.message import Message, Placeholder, parse_message
from skillforge_mon.model.project import Alert
from skillforge_mon.spec.yaml.nodes import Node, ScalarNode


@dataclass(frozen=True, slots=True, eq=False)
class AlertMessage:
    """One text. ``where`` is it in the words of a message: "the summary", "the annotation `impact`"."""

    where: str
    message: Message
    node: ScalarNode | None

    def place(self, placeholder: Placeholder) -> Span | None:
        """Where ``placeholder`` stands in the spec."""
        return self.node.text_span(placeholder.start, placeholder.end) if self.node is not None else None


def alert_messages(alert: Alert) -> Iterator[AlertMessage]:
    """Every text of ``alert``; what is wrong with its placeholders is reported elsewhere."""
    yield AlertMessage("the summary", alert.summary, _scalar(alert.place.find("summary")))
    yield AlertMessage("the description", alert.description, _scalar(alert.place.find("description")))
    for name, text in alert.spec.annotations.items():
        node = _scalar(alert.place.find("annotations", name))
        yield AlertMessage(f"the annotation `{name}`", parse_message(text)[0], node)


def _scalar(node: Node | None) -> ScalarNode | None:
    return node if isinstance(node, ScalarNode) else None
