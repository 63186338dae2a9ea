"""Dashboards as Datadog's API takes them: rows and panels as groups and widgets, PromQL as queries and formulas."""
