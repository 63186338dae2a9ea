"""Elasticsearch and Kibana: data streams of log lines, how lines are read, dashboards and alerts on them."""
