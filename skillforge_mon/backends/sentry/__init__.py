"""Sentry: issue alerts and metric alerts, as detectors and workflows or, for older servers, as alert rules."""
