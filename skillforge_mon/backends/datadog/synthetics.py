"""Probes as synthetic tests: API, browser and mobile application tests, each with the monitor that Datadog makes of it.

A test carries the message, the people, the tags and the priority that a monitor would have: Datadog's own monitor of
it has them from there. A certificate is a test of its own, because a test has one message.

[api] SyntheticsAPITest, SyntheticsBrowserTest, SyntheticsMobileTest and their options; [docs] synthetics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from skillforge_mon.backends.datadog import codes, codes_synthetics
from skillforge_mon.backends.datadog.differences import BACKEND, Differences
from skillforge_mon.backends.datadog.markers import marker
from skillforge_mon.backends.datadog.message import Context, message_text
from skillforge_mon.backends.datadog.monitors import object_name, told_of
from skillforge_mon.backends.datadog.renotification import Renotification, renotification
from skillforge_mon.backends.datadog.synthetic_journeys import application, browser_steps, mobile_steps
from skillforge_mon.backends.datadog.synthetic_requests import Asked, asked, certificate
from skillforge_mon.backends.datadog.tags import monitor_tags, owner
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.lower.paging import Paging
from skillforge_mon.lower.probe_alerts import ProbeAlert, certificate_alert, failing_alert
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.alerts import SeverityName
from skillforge_mon.spec.quantities import Duration

KIND: Final = "synthetics"
TICKS: Final = (30, 60, 300, 900, 1800, 3600, 21_600, 43_200, 86_400, 604_800)
"""How often a test may run, in seconds: what its pages offer. [api] ``tick_every``: 30 to 604800, mobile 300 on."""
SHORTEST: Final = {"browser": 60, "mobile": 300}
"""The shortest interval of tests that are no API tests. [api] SyntheticsMobileTestOptions; [docs] browser_tests"""
LONGEST_FAILURE: Final = 7200
"""Longest ``min_failure_duration``, in seconds. [api] SyntheticsMobileTestOptions"""
CERTIFICATE_TICK: Final = 3600
"""How often a certificate is looked at, in seconds: it ends by the day."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledProbe:
    """The documents of a probe, and what it tells."""

    documents: tuple[Document, ...]
    alerts: tuple[ProbeAlert, ...]


def compiled_probes(
    project: Project, paging: Paging, slugs: Mapping[str, str], report: Report
) -> Iterator[CompiledProbe]:
    """Every probe that Datadog is to ask; ``slugs`` are the names of files."""
    for probe in project.probes.values():
        if BACKEND in probe.backends and probe.kind:
            yield _compiled(project, probe, paging, slugs[probe.name], report)


def _compiled(project: Project, probe: Probe, paging: Paging, slug: str, report: Report) -> CompiledProbe:
    differences = Differences(probe.id)
    try:
        bodies = list(_bodies(probe, differences))
    except Untranslatable as stop:
        verdict = Verdict(BACKEND, probe.id, Grade.UNTRANSLATABLE, stop.reason, stop.instead, probe.kind)
        text = f"{probe.id} is not in Datadog.\n{stop.reason}\n{stop.instead}\n"
        path = f"datadog/untranslatable/{slug}.txt"
        return CompiledProbe((Document(path, text, Format.TEXT, (probe.id,), (verdict,)),), ())
    _unsaid(probe, differences)
    made: list[tuple[ProbeAlert, str, dict[str, Plain]]] = []
    for suffix, severity, body in bodies:
        key = _key(probe.id, suffix)
        before = probe.spec.certificate[severity] if suffix else None
        alert = (
            certificate_alert(probe, severity, before, BACKEND, key)
            if before is not None
            else _failing(probe, key, body["options"])
        )
        written = _written(project, probe, alert, body, paging, differences, report)
        if written is None:
            return CompiledProbe((), ())
        made.append((alert, suffix, written))
    documents = []
    for alert, suffix, payload in made:
        path = f"datadog/synthetics/{slug}-{suffix}.json" if suffix else f"datadog/synthetics/{slug}.json"
        verdicts = (differences.verdict,) if not suffix else ()
        resource = _resource(project, probe, alert.key, suffix)
        documents.append(Document(path, payload, Format.JSON, (probe.id,), verdicts, resource))
    return CompiledProbe(tuple(documents), tuple(alert for alert, _, _ in made))


def _failing(probe: Probe, key: str, options: Any) -> ProbeAlert:
    """What is told of a test that runs as ``options`` say, which may be less often than the probe does."""
    tick, lasting = options["tick_every"], options["min_failure_duration"]
    return failing_alert(probe, BACKEND, key, lasting // tick + 1, Duration.of(seconds=tick))


def _resource(project: Project, probe: Probe, key: str, suffix: str) -> Resource:
    """A former name counts while no other probe has it. A probe adopts one test: its first."""
    spec = probe.spec
    was = _key(f"probes.{spec.was}", suffix) if spec.was is not None and spec.was not in project.probes else ""
    adopt = spec.adopt.datadog if spec.adopt is not None and not suffix else None
    return Resource(BACKEND, KIND, key, (), was, adopt or "")


def _key(probe_id: str, suffix: str) -> str:
    return f"{probe_id}.{suffix}" if suffix else probe_id


def _bodies(probe: Probe, differences: Differences) -> Iterator[tuple[str, SeverityName, dict[str, Plain]]]:
    """The tests of a probe without their texts: a suffix, a severity, and the body. Raises Untranslatable."""
    spec = probe.spec
    if probe.kind == "cron":
        raise Untranslatable("Datadog asks, and a job that has ended does not answer", "`backends: [sentry]`")
    options = _options(probe, differences)
    if spec.browser is not None:
        yield (
            "",
            spec.severity,
            {
                "type": "browser",
                "config": {"request": {"method": "GET", "url": spec.browser.url}, "assertions": [], "variables": []},
                "options": {**options, "device_ids": list(spec.browser.devices)},
                "steps": browser_steps(spec.browser),
            },
        )
        return
    if spec.mobile is not None:
        mobile: dict[str, Plain] = {
            "device_ids": list(spec.mobile.devices),
            "mobileApplication": application(spec.mobile.application),
        }
        yield (
            "",
            spec.severity,
            {
                "type": "mobile",
                "config": {"variables": []},
                "options": {**options, **mobile},
                "steps": mobile_steps(spec.mobile),
            },
        )
        return
    yield "", spec.severity, _api_test(asked(probe, differences), options)
    for severity, before in spec.certificate.items():
        if int(before) % int(Duration.of(days=1)):
            days = -(-int(before) // int(Duration.of(days=1)))
            differences(f"the certificate is told of {days}d before its end instead of {before}: Datadog counts days")
        once: dict[str, Plain] = {"tick_every": CERTIFICATE_TICK, "min_failure_duration": 0, "min_location_failed": 1}
        yield f"certificate-{severity}", severity, _api_test(certificate(probe, before), once)


def _api_test(found: Asked, options: dict[str, Plain]) -> dict[str, Plain]:
    return {
        "type": "api",
        "subtype": found.subtype,
        "config": {"request": found.request, "assertions": found.assertions},
        "options": {**options, **found.options},
    }


def _options(probe: Probe, differences: Differences) -> dict[str, Plain]:
    """How often it runs, and how long it must fail: from the first failure to the last that is needed."""
    asked_every = -(-int(probe.every) // 1000)
    shortest = SHORTEST.get(probe.kind, TICKS[0])
    tick = next((each for each in TICKS if each >= max(asked_every, shortest)), TICKS[-1])
    if tick * 1000 != int(probe.every):
        differences(
            f"it runs every {Duration.of(seconds=tick)} instead of {probe.every}, which is none of Datadog's intervals"
        )
    lasting = (probe.failures - 1) * tick
    if lasting > LONGEST_FAILURE:
        differences(
            f"it is told after {Duration.of(seconds=LONGEST_FAILURE)} of failures instead of "
            f"{Duration.of(seconds=lasting)}: Datadog waits no longer"
        )
        lasting = LONGEST_FAILURE
    found: dict[str, Plain] = {"tick_every": tick, "min_failure_duration": lasting}
    return found if probe.kind == "mobile" else {**found, "min_location_failed": 1}


def _unsaid(probe: Probe, differences: Differences) -> None:
    if probe.spec.slow is not None:
        differences(
            f"`slow: {probe.spec.slow}` is left out: a slow answer would be a failed one; a probe of its own with a "
            "shorter `timeout` can tell of it"
        )


def _written(
    project: Project,
    probe: Probe,
    alert: ProbeAlert,
    body: dict[str, Plain],
    paging: Paging,
    differences: Differences,
    report: Report,
) -> dict[str, Plain] | None:
    """The whole body; None where it would be asked from nowhere, or heard by nobody, which is reported."""
    target = project.targets.datadog
    assert target is not None  # noqa: S101 - a backend of the probe
    locations = list(dict.fromkeys(probe.spec.locations or target.locations))
    if not locations and body["type"] != "mobile":
        report.add(
            codes_synthetics.NO_LOCATION.at(
                probe.place.span,
                f"`{probe.name}` does not say from where Datadog asks",
                help="write `locations: [aws:eu-west-1]`, here or in `targets.datadog`",
            )
        )
        return None
    severity = alert.severities[0]
    renotify: Renotification | None = None
    if probe.spec.alerting:
        renotify = renotification(project, severity.escalation, target.renotify, differences)
        told = (told_of(project, paging, alert, severity, renotify, differences),)
        if not told[0].first:
            report.add(
                codes.NOBODY_TOLD.at(
                    probe.place.at("escalation"),
                    f"nobody would hear of `{probe.name}` from Datadog when it fails",
                    help="name the handles of its first team in `teams.NAME.datadog`, or write `alerting: false`",
                )
            )
            return None
        context = Context(alert, (), {}, runbook_link(project, probe.runbook, BACKEND), differences)
        message = message_text(context, told, renotify, marker(owner(project, alert.key)), no_data=False)
    else:
        message = "\n\n".join(filter(None, (probe.spec.description, marker(owner(project, alert.key)))))
    options = body["options"]
    assert isinstance(options, Mapping)  # noqa: S101 - made above
    name = object_name(project, alert.name)
    found: dict[str, Plain] = {
        "name": name,
        "type": body["type"],
        **({"subtype": body["subtype"]} if "subtype" in body else {}),
        "status": "live",
        "message": message,
        "tags": monitor_tags(project, alert, alert.severities, alert.key, report),
        **({"locations": locations} if body["type"] != "mobile" else {}),
        "config": body["config"],
        "options": {
            **options,
            "monitor_name": name,
            "monitor_priority": severity.priority,
            "monitor_options": _monitor_options(renotify),
        },
    }
    return {**found, "steps": body["steps"]} if "steps" in body else found


def _monitor_options(renotify: Renotification | None) -> dict[str, Plain]:
    if renotify is None:
        return {"renotify_interval": 0}
    found: dict[str, Plain] = {"renotify_interval": renotify.minutes}
    return found if renotify.occurrences is None else {**found, "renotify_occurrences": renotify.occurrences}
