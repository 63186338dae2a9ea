"""The specs that the examples of checks about working hours start from: they build without a problem."""

from __future__ import annotations

from skillforge_mon.checks.examples import changed

HOURS = '{from: "09:00", to: "18:00", timezone: Europe/Paris}'
BY_HOURS = changed(
    ("  shop: {webhook:", '  on-call: {webhook: "http://hooks:8080/night"}\n  shop: {webhook:'),
    ("[{notify: shop}]", f"[{{notify: shop, hours: {HOURS}, otherwise: on-call}}]"),
)
