"""Who is told of an alert, and when: an Alertmanager configuration as plain data, for any labels and any time.

Nothing here reads a clock; a moment is always one that somebody named.
"""
