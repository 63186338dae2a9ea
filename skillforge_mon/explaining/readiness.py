"""What a production-readiness review asks of a service, and what the spec answers.

The questions follow the checklists of the SRE book (chapter 32, "The Evolving SRE Engagement Model") and of the
reviews that grew from it: what is measured, what is promised, who is told, what they look at, and what is left when it
is over. Each is answered from the spec alone; a service that a question does not fit says so under `exempt`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from skillforge_mon.checks.queries import project_queries
from skillforge_mon.model.policies import Told, everything_told, notifying, reaches
from skillforge_mon.model.project import Project, Service
from skillforge_mon.query.promql import VectorSelector
from skillforge_mon.spec.quantities import plain_number
from skillforge_mon.spec.suggest import listed


class State(StrEnum):
    """How a question is answered."""

    MET = "met"
    MISSING = "missing"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Answer:
    """``detail`` says what is there, what is missing, or why the question does not fit; ``help`` what to write."""

    state: State
    detail: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """``name`` is its key in `exempt`; ``asks`` is what a reviewer would say."""

    name: str
    asks: str
    answer: Callable[[Project, Service], Answer]


@dataclass(frozen=True, slots=True)
class Review:
    """One service with its answers, in the order of QUESTIONS."""

    service: str
    answers: Mapping[str, Answer]

    @property
    def met(self) -> int:
        """Questions that are answered well."""
        return sum(answer.state is State.MET for answer in self.answers.values())

    @property
    def asked(self) -> int:
        """Questions that fit the service."""
        return sum(answer.state is not State.EXEMPT for answer in self.answers.values())

    @property
    def score(self) -> int:
        """From 0 to 100, rounded down: 100 is only what lacks nothing. A service that nothing fits has 100."""
        return 100 * self.met // self.asked if self.asked else 100


def reviews(project: Project) -> tuple[Review, ...]:
    """Every service of ``project``, in the order of the spec."""
    return tuple(Review(service.name, dict(_answers(project, service))) for service in project.services.values())


@dataclass(frozen=True, slots=True)
class ProjectReview:
    """All services of a project, and whether somebody has a copy of its spec: ``kept`` is what git says of it."""

    project: str
    services: tuple[Review, ...]
    kept: Answer

    @property
    def score(self) -> int:
        """From 0 to 100, rounded down, over all questions of all services and the one about the project."""
        return score_of((self,))


def score_of(found: Iterable[ProjectReview]) -> int:
    """From 0 to 100, rounded down, over several projects."""
    answers = [answer for each in found for answer in (each.kept, *_all_of(each.services))]
    asked = [answer for answer in answers if answer.state is not State.EXEMPT]
    return 100 * sum(answer.state is State.MET for answer in asked) // len(asked) if asked else 100


def _all_of(services: Iterable[Review]) -> Iterator[Answer]:
    for review in services:
        yield from review.answers.values()


def kept(*, tracked: bool) -> Answer:
    """Whether the spec can be had back when this machine is lost: git tracks it, or does not."""
    if tracked:
        return _met("the spec is under version control")
    return _missing("the spec is under no version control", "`git add` it, and push it somewhere")


def _answers(project: Project, service: Service) -> Iterator[tuple[str, Answer]]:
    for question in QUESTIONS:
        exempt: Mapping[str, str] = {str(name): reason for name, reason in service.spec.exempt.items()}
        reason = exempt.get(question.name)
        if reason is not None:
            yield question.name, Answer(State.EXEMPT, reason)
        else:
            yield question.name, question.answer(project, service)


def _missing(detail: str, help_: str) -> Answer:
    return Answer(State.MISSING, detail, help_)


def _met(detail: str) -> Answer:
    return Answer(State.MET, detail)


def _counted(number: int, one: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {one}s"


def _metrics(project: Project, service: Service) -> Answer:
    targets = sum(len(scrape.targets) for scrape in service.spec.scrape)
    if targets:
        return _met(f"{_counted(targets, 'target')} scraped")
    own = [name for name, metric in project.spec.metrics.items() if metric.service == service.name]
    if own:
        return _met(f"{_counted(len(own), 'metric')} in the catalogue")
    read = {
        selector.name
        for query in project_queries(project)
        if query.service is service and query.role != "panel"
        for selector, _ in query.selectors
    }
    if read:
        return _met(f"{_counted(len(read), 'metric')} read by what belongs to it")
    return _missing("nothing is measured", f"add `scrape:` to `services.{service.name}`")


def _health(project: Project, service: Service) -> Answer:
    asked = [probe for probe in project.probes.values() if probe.service is service]
    if asked:
        return _met(f"asked by {_counted(len(asked), 'probe')}")
    if service.spec.health is not None:
        return _met("health endpoints")
    return _missing("no health check", f"add `health:` to `services.{service.name}`, or a probe of it")


def _slo(project: Project, service: Service) -> Answer:
    own = [slo for slo in project.slos.values() if slo.service is service]
    if own:
        return _met(_counted(len(own), "SLO"))
    return _missing("nothing is promised", f"declare an SLO with `service: {service.name}`")


def _told(project: Project, service: Service) -> list[Told]:
    return [told for told in everything_told(project) if told.object.service is service]


def _alerts(project: Project, service: Service) -> Answer:
    own = list(dict.fromkeys(told.object for told in _told(project, service)))
    if not own:
        return _missing("nobody is told of anything", f"declare an alert or an SLO with `service: {service.name}`")
    without = [each.name for each in own if each.runbook is None]
    if without:
        return _missing(
            f"no runbook for {', '.join(without)}", f"add `runbook:`, there or to `services.{service.name}`"
        )
    return _met(f"{_counted(len(own), 'alert')}, each with a runbook")


def _escalation(project: Project, service: Service) -> Answer:
    own = _told(project, service)
    critical = [told for told in own if told.severity == "critical"]
    if not own:
        return _missing("nobody is told of anything", f"declare an alert or an SLO with `service: {service.name}`")
    silent = [told.object.name for told in critical or own if not _is_heard(project, told)]
    if silent:
        names = ", ".join(dict.fromkeys(silent))
        return _missing(f"{names} reaches nobody by a policy", f"add `escalation:` to `services.{service.name}`")
    policies = dict.fromkeys(told.policy.name for told in critical or own if told.policy is not None)
    return _met(f"by {', '.join(policies)}")


def _is_heard(project: Project, told: Told) -> bool:
    """True where the policy has a level, and each of its levels somebody with a channel."""
    if told.policy is None or not told.policy.levels:
        return False
    backends = notifying(project, told) or ("alertmanager",)
    return all(any(reaches(team, name) for name in backends for team in level.teams) for level in told.policy.levels)


def _dashboards(project: Project, service: Service) -> Answer:
    shown = [
        dashboard.name
        for dashboard in project.dashboards.values()
        if dashboard.service is service or any(row.service is service for row in dashboard.rows)
    ]
    names = {name for name, metric in project.spec.metrics.items() if metric.service == service.name}
    shown += [
        query.owner.name
        for query in project_queries(project)
        if query.role == "panel" and any(_is_of(selector, service, names) for selector, _ in query.selectors)
    ]
    if shown:
        return _met(f"on {', '.join(dict.fromkeys(shown))}")
    return _missing("it is on no dashboard", f"add a row `{{use: red, service: {service.name}}}` to a dashboard")


def _is_of(selector: VectorSelector, service: Service, metrics: set[str]) -> bool:
    """Whether a query reads series of the service: by a label that says so, or by a metric of its own."""
    jobs = {service.name, *(scrape.job for scrape in service.spec.scrape if scrape.job is not None)}
    named = any(
        matcher.op == "=" and matcher.label in {"job", "service"} and matcher.value in jobs
        for matcher in selector.matchers
    )
    base = (selector.name or "").removesuffix("_bucket").removesuffix("_count").removesuffix("_sum")
    return named or selector.name in metrics or base in metrics


def _logs(project: Project, service: Service) -> Answer:
    own = [stream for stream in project.logs.values() if stream.service is service]
    if not own:
        return _missing("its logs are kept nowhere", f"declare a stream under `logs` with `service: {service.name}`")
    endless = [stream.name for stream in own if stream.retention.longest is None]
    if endless:
        return _missing(f"nobody says how long {', '.join(endless)} is kept", "add `retention: {logs: 30d}`")
    return _met(f"{_counted(len(own), 'stream')}, kept for {max(stream.retention.longest or 0 for stream in own)}")


def _traces(project: Project, service: Service) -> Answer:
    traces = project.traces
    if traces is None or not traces.backends or service not in traces.services:
        help_ = f"add `{service.name}` to `services` of `traces`" if traces is not None else "add a section `traces`"
        return _missing("its requests cannot be followed", help_)
    share = f"{plain_number(traces.rate(service.name) * 100)} %"
    if traces.timed and traces.retention is None:
        return _missing(f"nobody says how long {listed(traces.timed)} keeps traces", "add `retention: {traces: 14d}`")
    kept = f", kept for {traces.retention}" if traces.timed else ""
    return _met(f"{share} in {listed(traces.backends)}{kept}")


def _errors(_project: Project, service: Service) -> Answer:
    if service.spec.errors is not None:
        return _met(f"Sentry's {service.spec.errors.sentry_project}")
    return _missing("its errors are tracked nowhere", f"add `errors:` to `services.{service.name}`")


def _baselines(project: Project, service: Service) -> Answer:
    own = [name for name, baseline in project.spec.baselines.items() if baseline.service == service.name]
    if own:
        return _met(", ".join(own))
    return _missing("nobody knows what is usual", f"declare a baseline with `service: {service.name}`")


def _owner(_project: Project, service: Service) -> Answer:
    if service.team is not None:
        return _met(service.team.name)
    return _missing("it belongs to nobody", f"add `team:` to `services.{service.name}`")


QUESTIONS: tuple[Question, ...] = (
    Question("owner", "Who owns it?", _owner),
    Question("metrics", "Is it measured?", _metrics),
    Question("health", "Can one ask it whether it is well?", _health),
    Question("slo", "What is promised?", _slo),
    Question("alerts", "Is somebody told, and do they know what to do?", _alerts),
    Question("escalation", "Does it reach somebody, at every level?", _escalation),
    Question("dashboards", "Where does one look?", _dashboards),
    Question("logs", "Are its logs kept, and for how long?", _logs),
    Question("traces", "Can a request be followed through it?", _traces),
    Question("errors", "Are its errors tracked?", _errors),
    Question("baselines", "Is it known what is usual?", _baselines),
)
"""In the order of a review."""
