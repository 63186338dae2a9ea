"""Datadog: alerts as monitors. PromQL is translated into metric queries, or refused with the reason."""
