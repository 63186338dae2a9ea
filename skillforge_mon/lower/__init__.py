"""Backend-neutral expansion: SLO to burn-rate plan, escalation to notification plan, service to panels."""
