"""The series of an SLO under the names and labels of Sloth, for dashboards that were made for it.

They are copies of what is recorded anyway, so they cost next to nothing, and are right where Sloth's are not: longer
windows weigh by events, and hours without events leave no hole. Their names and labels are those of the rules that
Sloth writes (its examples/_gen/getting-started.yml, and the pages "Specs" and "Dashboard" of https://sloth.dev).
They carry neither ``slo`` nor ``service``: three of them have names that our own series have too.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from skillforge_mon.backends.prometheus.slo_rules import SloSeries
from skillforge_mon.lower.burn_text import exact_text, length_text
from skillforge_mon.query.promql.strings import quote_string
from skillforge_mon.spec.quantities import Duration, plain_number

if TYPE_CHECKING:
    from skillforge_mon.backends.prometheus.alert_rules import Rule
    from skillforge_mon.model.project import Project, Slo

WINDOWS: Final = tuple(map(Duration, (300_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000, 259_200_000)))
"""Those of Sloth for every SLO; the SLO's own comes to them."""

SLOTH_SEVERITY: Final = "sloth_severity"
SLOTH_SEVERITIES: Final = {"critical": "page", "warning": "ticket"}


def sloth_labels(project: Project, slo: Slo) -> dict[str, str]:
    """What Sloth calls the SLO; one without a service is the project's."""
    service = slo.service.name if slo.service is not None else project.name
    return {"sloth_id": f"{service}-{slo.name}", "sloth_service": service, "sloth_slo": slo.name}


def sloth_recordings(project: Project, series: SloSeries) -> Iterator[Rule]:
    """The rules that record an SLO as Sloth does, from our own series."""
    plan = series.plan
    labels = sloth_labels(project, plan.slo)
    selector = f"{{sloth_id={quote_string(labels['sloth_id'])}}}"
    objective, budget = (exact_text(number) for number in (plan.slo.spec.objective, plan.budget))

    def renamed(expr: str) -> str:
        return f"max by ({', '.join(plan.by)}) ({expr})" if plan.by else f"max({expr})"

    period = length_text(plan.nominal)
    for window in dict.fromkeys((*WINDOWS, plan.nominal)):
        name = f"slo:sli_error:ratio_rate{length_text(window)}"
        expr = renamed(series.ratio(window) if window in plan.windows else series.ratio_expression(window))
        yield {"record": name, "expr": expr, "labels": labels | {"sloth_window": length_text(window)}}
    days = plain_number(Decimal(int(plan.nominal)) / int(Duration.of(days=1)))
    remaining = renamed(f"slo:error_budget_remaining:ratio{series.selector}")
    now = renamed(f"slo:current_burn_rate:ratio{series.selector}")
    for name, expr, more in (
        ("slo:objective:ratio", f"vector({objective})", {}),
        ("slo:error_budget:ratio", f"vector({budget})", {}),
        ("slo:time_period:days", f"vector({days})", {}),
        ("slo:current_burn_rate:ratio", now, {"sloth_window": length_text(plan.base)}),
        ("slo:period_burn_rate:ratio", f"1 - {remaining}", {"sloth_window": period}),
        (
            "slo:period_error_budget_remaining:ratio",
            f"1 - slo:period_burn_rate:ratio{selector}",
            {"sloth_window": period},
        ),
        (
            "sloth_slo_info",
            "vector(1)",
            {
                "sloth_mode": "monmc",
                "sloth_objective": plain_number(plan.slo.spec.objective * 100),
                "sloth_spec": "monmc/v1",
                "sloth_version": "monmc",
            },
        ),
    ):
        yield {"record": name, "expr": expr, "labels": labels | more}
