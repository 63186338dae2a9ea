"""MON3600: a probe that does not say in one way what it is, or a step that is not one thing."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.probe_examples import PROBE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.journeys import BROWSER_ACTIONS, MOBILE_ACTIONS
from skillforge_mon.spec.models.probes import PROBE_KINDS
from skillforge_mon.spec.suggest import listed

CODE = Code(
    "MON3600",
    "probe-unclear",
    Severity.ERROR,
    "A probe does not say in one way what it is, or a step of a journey what is done in it.",
    "A probe is one of `http`, `tcp`, `dns`, `icmp`, `grpc`, `cron`, `browser` and `mobile`; with none or two of them "
    "nobody knows what is asked.",
    bad=changed(("    every: 1m\n", '    every: 1m\n    tcp: "shop.example:443"\n'), text=PROBE),
    good=PROBE,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every probe."""
    for probe in project.probes.values():
        kinds = probe.spec.kinds
        if len(kinds) != 1:
            said = f"says in {len(kinds)} ways what it is: {listed(kinds)}" if kinds else "does not say what it is"
            yield CODE.at(
                probe.place.span,
                f"the probe `{probe.name}` {said}",
                help=f"write one of {listed([f'`{kind}`' for kind in PROBE_KINDS], len(PROBE_KINDS))}",
            )
            continue
        yield from _steps(probe)
        http = probe.spec.http
        if http is not None and http.basic is not None and http.bearer_token is not None:
            yield CODE.at(
                probe.place.key_at("http", "bearer_token"),
                f"the probe `{probe.name}` says in two ways who asks",
                help="write one of `basic` and `bearer_token`",
            )
        if probe.spec.tcp is not None:
            for index, step in enumerate(probe.spec.tcp.exchange):
                if step.expect is None and step.send is None and not step.starttls:
                    yield CODE.at(
                        probe.place.at("tcp", "exchange", index),
                        f"step {index + 1} of `{probe.name}` does nothing",
                        help="write one of `expect`, `send` and `starttls`",
                    )


def _steps(probe: Probe) -> Iterator[Diagnostic]:
    journey = probe.spec.browser or probe.spec.mobile
    actions = BROWSER_ACTIONS if probe.spec.browser is not None else MOBILE_ACTIONS
    for index, step in enumerate(journey.steps if journey is not None else ()):
        done = [action for action in actions if getattr(step, action) is not None]
        if len(done) != 1:
            said = f"does {len(done)} things at once: {listed(done)}" if done else "does nothing"
            yield CODE.at(
                probe.place.at(probe.kind, "steps", index),
                f"step {index + 1} of `{probe.name}` {said}",
                help="write several steps" if done else f"write one of {listed([f'`{name}`' for name in actions], 20)}",
            )
