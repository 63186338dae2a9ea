"""Services to scrape jobs.

Every target gets the label ``service`` with its service's name, besides ``job``, so that ``{service="backend"}`` and
``{job="backend"}`` select the same series. Where the application exports a label ``service`` of its own, Prometheus
keeps it as ``exported_service``; with ``honor_labels: true`` the application's wins. A ``service`` among the scrape's
own ``labels`` replaces ours.

What is scraped alike is one job, named after the service, or as ``job`` says; what a service has scraped otherwise is
``backend-2``. Services that name the same job share it, as long as they are scraped alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.prometheus.capabilities import Version
from skillforge_mon.backends.prometheus.credentials import credentials
from skillforge_mon.backends.prometheus.limits import job_limits
from skillforge_mon.backends.prometheus.names import allowed_names, renamed
from skillforge_mon.documents.document import Grade, Plain, Verdict
from skillforge_mon.model.project import Project, Service
from skillforge_mon.spec.models.services import Scrape
from skillforge_mon.spec.models.targets import PrometheusTarget

BACKEND: Final = "prometheus"
TARGETS: Final = "targets"
_USUAL_PATH: Final = "/metrics"


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """Targets that get the same labels."""

    targets: list[str]
    labels: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A scrape job. ``settings`` is all of it but its name and targets; ``groups`` are targets with their labels."""

    name: str
    settings: dict[str, Plain]
    groups: list[TargetGroup]
    in_file: bool
    objects: list[str]

    def suits(self, settings: dict[str, Plain], scrape: Scrape) -> bool:
        """Whether targets that are scraped with ``settings`` can be in this job."""
        return self.settings == settings and self.in_file == scrape.files

    def add(self, service: Service, targets: list[str], labels: dict[str, str]) -> None:
        """Scrape ``targets`` of ``service`` too; those with the same labels as the last ones join them."""
        own = {"service": service.name} | labels
        if self.groups and self.groups[-1].labels == own:
            self.groups[-1].targets.extend(targets)
        else:
            self.groups.append(TargetGroup(list(targets), own))
        if service.id not in self.objects:
            self.objects.append(service.id)

    @property
    def group_list(self) -> list[Plain]:
        """The target groups as Prometheus reads them, in its file and in files of targets alike."""
        return [{"targets": group.targets, "labels": group.labels} for group in self.groups]

    @property
    def targets_path(self) -> str:
        """The file of its targets, relative to prometheus.yml."""
        return f"{TARGETS}/{self.name}.json"

    def config(self) -> dict[str, Plain]:
        """The job as an item of ``scrape_configs``."""
        where: dict[str, Plain] = (
            {"file_sd_configs": [{"files": [self.targets_path]}]}
            if self.in_file
            else {"static_configs": self.group_list}
        )
        return {"job_name": self.name, **self.settings, **where}


def scrape_jobs(project: Project, target: PrometheusTarget, version: Version) -> tuple[list[Job], list[Verdict]]:
    """The jobs of all services by their names, and how well each service is scraped as it says."""
    jobs: dict[str, Job] = {}
    verdicts = []
    for service in project.services.values():
        if service.spec.scrape:
            problems = list(_add(service, jobs, target, version))
            worst = [problem for problem in problems if problem.grade is Grade.UNTRANSLATABLE] or problems
            verdicts.append(worst[0] if worst else Verdict(BACKEND, service.id, Grade.EXACT))
    return sorted(jobs.values(), key=lambda job: job.name), verdicts


def _add(service: Service, jobs: dict[str, Job], target: PrometheusTarget, version: Version) -> Iterator[Verdict]:
    for number, scrape in enumerate(service.spec.scrape, 1):
        settings = _settings(scrape, target, version)
        name = scrape.job or service.name
        taken = jobs.get(name)
        if taken is not None and number > 1 and scrape.job is None and not taken.suits(settings, scrape):
            name = f"{name}-{number}"
        job = jobs.setdefault(name, Job(name, settings, [], scrape.files, []))
        if not job.suits(settings, scrape):
            reason = f"the job `{name}` already scrapes `{job.objects[0]}`, in another way"
            yield Verdict(BACKEND, service.id, Grade.UNTRANSLATABLE, reason, "another name under `job`", "scrape")
            continue
        job.add(service, scrape.targets, allowed_names(scrape.labels, version))
        for reason, instead in _taken_labels(scrape):
            yield Verdict(BACKEND, service.id, Grade.UNTRANSLATABLE, reason, instead, "scrape")
        if slow := _slower_than_interval(scrape, target):
            yield Verdict(BACKEND, service.id, Grade.UNTRANSLATABLE, slow, "a shorter `timeout`", "scrape")
        if reason := renamed(scrape.labels, version):
            yield Verdict(BACKEND, service.id, Grade.APPROXIMATE, reason, "names of letters, digits and `_`", "scrape")


def _taken_labels(scrape: Scrape) -> Iterator[tuple[str, str]]:
    """Labels that Prometheus sets itself: what would be lost, and what to write instead."""
    for label in scrape.labels:
        if label.startswith("__"):
            yield f"labels such as `{label}` are Prometheus's own, and no series has them", "a name without `__`"
        elif label == "job":
            reason = "the label `job` would take the place of the job's name, by which its series are found"
            yield reason, "`job` beside `targets`"
        elif label == "instance" and len(scrape.targets) > 1:
            reason = f"its {len(scrape.targets)} targets would be one `instance`, and their series the same"
            yield reason, "an entry of `scrape` for each target"


def _slower_than_interval(scrape: Scrape, target: PrometheusTarget) -> str:
    """Why Prometheus would refuse the job, empty when it would not. Its default adapts, what is written does not."""
    interval = scrape.interval or target.scrape_interval
    timeout = scrape.timeout
    if timeout is None or timeout <= interval:
        return ""
    return f"a scrape may take {timeout} and the next begins after {interval}; Prometheus refuses that"


def _settings(scrape: Scrape, target: PrometheusTarget, version: Version) -> dict[str, Plain]:
    settings: dict[str, Plain] = {}
    if scrape.interval is not None:
        settings["scrape_interval"] = str(scrape.interval)
    if scrape.timeout is not None:
        settings["scrape_timeout"] = str(scrape.timeout)
    if scrape.scheme != "http":
        settings["scheme"] = scrape.scheme
    if scrape.path != _USUAL_PATH:
        settings["metrics_path"] = scrape.path
    if scrape.params:
        settings["params"] = {name: list(values) for name, values in scrape.params.items()}
    if scrape.honor_labels:
        settings["honor_labels"] = True
    settings |= credentials(target.secrets_dir, scrape.bearer_token, scrape.username, scrape.password)
    return settings | job_limits(target, version)
