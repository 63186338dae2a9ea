"""Alertmanager: who is told, through which channel, how often, and when not."""
