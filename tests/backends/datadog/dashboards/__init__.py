"""Dashboards for Datadog."""
