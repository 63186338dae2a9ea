"""Values in configuration that the OpenTelemetry Collector reads, which Jaeger is made of too.

``${env:NAME}`` is read from the environment, ``$$`` is one dollar (OpenTelemetry, "Collector configuration",
"Environment variables").
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from skillforge_mon.backends.environment_variables import variable
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.secrets import references_in
from skillforge_mon.spec.quantities import Duration, json_number

EVERYWHERE: Final = "0.0.0.0"  # noqa: S104
"""Both programs listen on localhost unless they are told otherwise, where nobody else reaches them in a container."""


def configured(text: str) -> str:
    """``text`` with its references read from the environment, and every other ``$`` kept one."""
    pieces = []
    rest = text
    for reference in references_in(text):
        before, _, rest = rest.partition(str(reference))
        pieces += [before.replace("$", "$$"), f"${{env:{variable(reference)}}}"]
    return "".join((*pieces, rest.replace("$", "$$")))


def go_duration(length: Duration) -> str:
    """A length of time as Go reads it, which has no unit longer than an hour: ``720h``, ``1h30m``, ``250ms``."""
    hours, rest = divmod(int(length), 3_600_000)
    below = str(Duration(rest)) if rest else ""
    return (f"{hours}h" if hours else "") + below or "0s"


def percentage(share: Decimal) -> Plain:
    """A share from 0 to 1 as a number from 0 to 100."""
    return json_number(share * 100)


def pulled(host: str) -> Plain:
    """``service.telemetry`` that offers the program's own metrics at port 8888, the default of both programs.

    ``metrics.address`` is gone (opentelemetry-collector#11205): a reader says it now.
    """
    return {"metrics": {"readers": [{"pull": {"exporter": {"prometheus": {"host": host, "port": 8888}}}}]}}


def grpc_and_http(host: str) -> Plain:
    """The receiver of OTLP, at its two registered ports."""
    protocols = {"grpc": {"endpoint": f"{host}:4317"}, "http": {"endpoint": f"{host}:4318"}}
    return {"otlp": {"protocols": protocols}}
