"""Logs in Datadog: pipelines that read lines, indexes that keep them, and monitors that count them."""
