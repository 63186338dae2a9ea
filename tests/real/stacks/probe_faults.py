"""What goes wrong with pages that are probed, and with their probing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.real.escalation import until
from tests.real.stacks.platforms import SECRET
from tests.real.stacks.play import Fault, of
from tests.real.stacks.world import JAC, TOOLBOXAI, Watched


def probes(world: Watched) -> Iterator[Fault]:
    """The faults of what is probed."""

    @contextmanager
    def broken() -> Iterator[None]:
        world.site.pages.broken = world.site.front.broken = True
        yield
        world.site.pages.broken = world.site.front.broken = False

    @contextmanager
    def for_a_moment() -> Iterator[None]:
        # Two probes see it: together with what was a day ago, the day's budget is spent, though a step may miss one.
        front = world.site.front
        before = len(front.seen)
        front.broken = True
        assert until(lambda: len(front.seen) >= before + 2, 10), "nobody asks for the site"
        # The second is being answered.
        time.sleep(0.3)
        front.broken = False
        yield

    @contextmanager
    def refused() -> Iterator[None]:
        key = world.secrets / "openai-api-key"
        key.write_text("another", encoding="utf-8")
        yield
        key.write_text(SECRET, encoding="utf-8")

    @contextmanager
    def ending() -> Iterator[None]:
        world.site.show("short")
        yield
        world.site.show("long")

    @contextmanager
    def unasked() -> Iterator[None]:
        world.blackbox.stop()
        yield
        world.blackbox.start()

    pages, certificate = "all pages answer with an error", "the site's certificate nears its end"
    moment, key = "the site is away for a moment", "OpenAI refuses our key"
    yield Fault(key, of(TOOLBOXAI, "warning", "OpenaiFails"), refused)
    yield Fault(moment, of(JAC, "warning", "SiteAvailabilityBudgetBurn"), for_a_moment)
    yield Fault(
        pages,
        of(JAC, "critical", "JacBackendFullFails", "JacSiteFails", "SiteAvailabilityBudgetBurn")
        | of(TOOLBOXAI, "critical", "ApiLiveFails")
        | of(TOOLBOXAI, "warning", "ApiReadyFails", "ApiFullFails"),
        broken,
        after_begun=(moment,),
    )
    yield Fault(certificate, of(JAC, "warning", "JacSiteCertificateExpires"), ending)
    yield Fault(
        "blackbox_exporter is gone",
        of(JAC, "critical", "ServiceDown")
        | of(TOOLBOXAI, "critical", "ServiceDown")
        | of(JAC, "warning", "JacBackendCriticalProbesMissing", "JacFrontendCriticalProbesMissing")
        | of(JAC, "warning", "SiteAvailabilityNoData")
        | of(TOOLBOXAI, "warning", "ApiCriticalProbesMissing", "ApiWarningProbesMissing"),
        unasked,
        after=(pages, certificate, key),
    )
