"""Prometheus: what is scraped, recorded and alerted on, as prometheus.yml, rule files and target files."""
