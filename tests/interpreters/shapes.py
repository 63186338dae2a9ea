"""Expressions of the shapes that public collections of rules have, for the metrics of a cluster; our own words.

Every one must be translated or be refused with a reason. ``{n}`` is a number, so that one shape makes many texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

SHAPES = """\
up{job="job-{n}"} == 0
absent(up{job="job-{n}"} == 1)
absent_over_time(up{job="job-{n}"}[5m])
time() - node_boot_time_seconds{job="job-{n}"} > {n}
predict_linear(node_filesystem_avail_bytes{job="job-{n}", fstype!=""}[6h], 24 * 60 * 60) < 0
(node_filesystem_avail_bytes{job="job-{n}"} / node_filesystem_size_bytes{job="job-{n}"} * 100 < {n} and node_filesystem_readonly{job="job-{n}"} == 0)
rate(node_network_receive_errs_total{job="job-{n}"}[2m]) / rate(node_network_receive_packets_total{job="job-{n}"}[2m]) > 0.01
1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{job="job-{n}", mode="idle"}[5m]))
sum by (instance) (rate(node_cpu_seconds_total{job="job-{n}", mode!="idle"}[5m])) > {n}
instance:node_cpu:ratio{job="job-{n}"} > 0.9
count without (cpu, mode) (node_cpu_seconds_total{job="job-{n}", mode="idle"})
max by (namespace, pod) (max_over_time(kube_pod_container_status_waiting_reason{job="job-{n}", reason="CrashLoopBackOff"}[5m])) >= 1
sum by (namespace, pod) (kube_pod_status_phase{job="job-{n}", phase=~"Pending|Unknown|Failed"}) > 0
kube_deployment_spec_replicas{job="job-{n}"} > kube_deployment_status_replicas_available{job="job-{n}"}
kube_node_status_condition{job="job-{n}", condition="Ready", status="true"} == 0
sum(increase(kube_pod_container_status_restarts_total{job="job-{n}"}[1h])) > {n}
sum by (le, service) (rate(http_request_duration_seconds_bucket{job="job-{n}"}[5m]))
histogram_quantile(0.99, sum by (le, service) (rate(http_request_duration_seconds_bucket{job="job-{n}"}[5m]))) > {n}
sum by (service) (rate(http_requests_total{job="job-{n}", code=~"5.."}[5m])) / sum by (service) (rate(http_requests_total{job="job-{n}"}[5m])) > 0.05
sum(rate(http_requests_total{job="job-{n}", code=~"(4|5).+"}[5m])) * 100 / sum(rate(http_requests_total{job="job-{n}"}[5m])) > {n}
(sum(rate(errors_total{job="job-{n}"}[1h])) > 0.1 and sum(rate(errors_total{job="job-{n}"}[5m])) > 0.1)
sum by (namespace) (kube_resourcequota{job="job-{n}", type="used"}) / on (namespace) group_left () kube_resourcequota{job="job-{n}", type="hard"} > 0.9
label_replace(rate(etcd_server_proposals_failed_total{job="job-{n}"}[15m]), "x", "$1", "y", "(.*)") > {n}
topk by (namespace) (1, container_memory_working_set_bytes{job="job-{n}"})
avg_over_time(alertmanager_queue_length{job="job-{n}"}[5m]) > {n}
min_over_time(prometheus_notifications_queue_length{job="job-{n}"}[5m]) > {n}
changes(process_start_time_seconds{job="job-{n}"}[15m]) > 2
delta(process_open_fds{job="job-{n}"}[1h]) > {n}
deriv(process_resident_memory_bytes{job="job-{n}"}[2h]) > {n}
quantile(0.9, scrape_duration_seconds{job="job-{n}"}) > {n}
quantile_over_time(0.9, scrape_duration_seconds{job="job-{n}"}[1h]) > {n}
count(count by (version) (build_info{job="job-{n}"})) > 1
count_values("version", build_info{job="job-{n}"})
max_over_time(sum(rate(http_requests_total{job="job-{n}"}[5m]))[1h:1m]) > {n}
sum(jobs_waiting{job="job-{n}"}) or vector(0)
(sum(rate(jobs_failed_total{job="job-{n}"}[5m])) or vector(0)) > {n}
sum(jobs_waiting{job="job-{n}"}) - sum(jobs_waiting{job="job-{n}"} offset 1d) > {n}
abs(sum(replicas{job="job-{n}"}) - sum(wanted{job="job-{n}"})) > {n}
clamp_min(sum(free_bytes{job="job-{n}"}), 1) < {n}
(latency{job="job-{n}"} - avg_over_time(latency{job="job-{n}"}[1d])) / stddev_over_time(latency{job="job-{n}"}[1d]) > 3
-sum by (zone) (balance{job="job-{n}"}) > {n}
100 * (1 - sum(free_bytes{job="job-{n}"}) / sum(size_bytes{job="job-{n}"})) > {n}
day_of_week() > {n}
vector(1)
sum(rate(x_total{job="job-{n}"}[5m] @ end())) > {n}
{job="job-{n}"} > {n}
""".splitlines()


def expressions(number: int) -> list[str]:
    """So many different expressions."""
    return list(islice(_endless(), number))


def _endless() -> Iterator[str]:
    for n in count(1):
        yield from (shape.replace("{n}", str(n)) for shape in SHAPES if n == 1 or "{n}" in shape)
