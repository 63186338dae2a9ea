"""A compiled project, ready to be asked: its rules, its Alertmanager configuration and the people behind receivers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.routing.config import Configuration, read_configuration
from skillforge_mon.routing.coverage import Coverage, coverage
from skillforge_mon.routing.matchers import Labels
from skillforge_mon.routing.people import Reached, people_by_receiver
from skillforge_mon.routing.rules import RuleSet, rule_set
from skillforge_mon.routing.subjects import Subject, subjects
from skillforge_mon.routing.timeline import Question, Timeline, timeline
from skillforge_mon.routing.words import Told, told_by_receiver

CONFIGURATION = "alertmanager/alertmanager.yml"


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """What is known of a project that was compiled. The files decide; the spec only gives the words."""

    project: Project
    configuration: Configuration
    rules: RuleSet
    receivers: Mapping[str, Told]
    people: Mapping[str, tuple[Reached, ...]]
    subjects: tuple[Subject, ...]

    def timeline(self, subject: Subject, series: Labels, at: datetime.datetime | None) -> Timeline:
        """What happens when the condition of ``subject`` becomes true, for series with the labels ``series``."""
        question = Question(subject.name, subject.severity, subject.rules, series, at, subject.fill, subject.drain)
        return timeline(question, self.configuration, self.rules, self.receivers)

    def coverage(self) -> Coverage:
        """The minutes of the week at which nobody is told in time."""
        return coverage(self.subjects, self.configuration, self.rules, self.receivers, self.project.services)


def inspect(project: Project, documents: Sequence[Document]) -> Inspection | None:
    """The project, to be asked; None when it has no Alertmanager, or no rules of Prometheus."""
    content = next((render(document) for document in documents if document.path == CONFIGURATION), None)
    if content is None or project.targets.prometheus is None:
        return None
    report = Report()
    configuration = read_configuration(content, CONFIGURATION, report)
    if configuration is None:
        raise DefectError(f"{CONFIGURATION} cannot be read back: {[item.headline for item in report]}")
    lowering = Lowering(project, Report())
    rules = rule_set(documents)
    told = told_by_receiver(project, lowering.notifications.everyone)
    people = people_by_receiver(project, lowering.notifications.everyone)
    return Inspection(project, configuration, rules, told, people, tuple(subjects(lowering, rules)))
