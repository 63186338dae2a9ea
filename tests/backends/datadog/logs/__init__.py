"""Logs in Datadog."""
