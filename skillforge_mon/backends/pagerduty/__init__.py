"""PagerDuty: teams, schedules, escalation policies, and the services that are paged."""
