"""Grafana: dashboards as classic JSON, and the provisioning of data sources and folders."""
