"""Queries of every type in the forms of the vendor's own documents, and ones that look like them and are wrong.

[api] is docs.datadoghq.com, API, "Create a monitor"; the other sources are pages there, and files of public repositories
of Datadog's. Names of metrics and tags are made up where the source has a placeholder.
"""

from __future__ import annotations

ACCEPTED: tuple[tuple[str, str, str], ...] = (
    # monitors on metrics
    ("query alert", "avg(last_5m):avg:system.load.1{*} > 4", "[api] Metric Alert Query"),
    ("metric alert", "sum(last_1d):sum:shop.orders{env:prod} by {region} < 100", "[api] Metric Alert Query"),
    ("query alert", "max(last_10080m):max:system.disk.in_use{env:prod,role:db} by {host,device} >= 0.9", "[api]"),
    ("query alert", "min(last_168h):avg:system.mem.free{role:db} <= 2147483648", "[api]"),
    ("query alert", "avg(last_1w):avg:shop.lag{*} != 0", "[api]"),
    ("query alert", "avg(last_730h):avg:shop.signups{*} < 10", "Metric Monitor, evaluation window"),
    ("query alert", "sum(last_1mo):sum:library.release.count{*}.as_count() < 2", "Configure Monitors: 1 month"),
    ("query alert", "avg(last_5m):avg:shop.error_rate{*} > threshold", "[api] critical_query"),
    ("query alert", "sum(current_1d):sum:shop.orders{*}.as_count() < 5", "Configure Monitors, cumulative"),
    ("query alert", "avg(current_1mo):avg:aws.billing.estimated_charges{*} > 5000", "the same"),
    ("query alert", "percentile(last_10m):p95:trace.web.request{service:web} > 0.5", "Metric Monitor, percentile"),
    ("query alert", "avg(last_5m):p99.9:trace.web.request{service:web} > 2", "Distributions, percentiles"),
    ("query alert", "sum(last_5m):count(v: v<=0.3):trace.web.request{*}.as_count() < 9", "Distributions, thresholds"),
    ("query alert", ("avg(last_5m):avg:system.cpu.user{env:staging AND (availability-zone:us-east-1a OR "
     "availability-zone:us-east-1c)} by {availability-zone} > 80"), "Advanced Filtering"),
    ("query alert", ("avg(last_5m):avg:system.cpu.user{env:shop.ist AND availability-zone IN (us-east-1a, us-east-1b, "
     "us-east4-b)} by {availability-zone} > 80"), "Advanced Filtering"),
    ("query alert", "avg(last_5m):avg:system.cpu.user{env:prod AND location NOT IN (atlanta,seattle,las-vegas)} > 80",
     "Advanced Filtering"),
    ("query alert", "avg(last_5m):avg:system.disk.in_use{!device:/dev/loop*} by {device} > 0.9", "Advanced Filtering"),
    ("query alert", "avg(last_5m):sum:kubernetes.pods.running{service:*-canary} by {service} < 1", "Advanced Filtering"),
    ("query alert", "avg(last_5m):avg:system.disk.utilized{region:*east*} by {region} > 80", "Advanced Filtering"),
    ("query alert", "avg(last_5m):avg:a{env:prod and not host:b* or canary} > 1", "Advanced Filtering, small letters"),
    ("query alert", "avg(last_5m):avg:a{*,!env:dev, pod_name: web-*} > 1", "Advanced Filtering, spaces"),
    ("query alert", "sum(last_5m):sum:shop.errors{*}.as_count() / sum:shop.requests{*}.as_count() > 0.05",
     "as_count() in Monitor Evaluations"),
    ("query alert", "sum(last_5m):( sum:a{env:x} by {h}.as_count() / sum:b{env:x} by {h}.as_count() ) * 100 > 5",
     "the same"),
    ("query alert", "avg(last_15m):100 - 100 * avg:system.mem.pct_usable{*} by {host} > 80", "Arithmetic"),
    ("query alert", "avg(last_10m):default_zero(avg:custom_metric{*}) > 3", "Beta Functions"),
    ("query alert", "change(sum(last_5m),last_5m):exclude_null(avg:kubernetes.containers.restarts{*} by {pod_name}) > 5",
     "DataDog/datadog-operator, metric-monitor-pods-restarting.yaml"),
    ("query alert", "avg(last_5m):count_not_null(avg:system.cpu.user{*} by {host}) > 55", "Count"),
    ("query alert", "avg(last_5m):count_nonzero(avg:aws.elb.requests{*} by {region, az}) < 3", "Count"),
    ("query alert", "avg(last_5m):clamp_max(clamp_min(avg:system.load.1{*}, 0), 100) > 90", "Exclusion"),
    ("query alert", "avg(last_5m):cutoff_min(avg:system.load.1{*}, 100) > 200", "Exclusion"),
    ("query alert", "avg(last_1h):avg:system.load.1{*}.rollup(avg, 60) > 4", "Rollup"),
    ("query alert", "avg(last_1d):sum:shop.orders{*}.as_count().rollup(sum, daily, 'Europe/Paris') < 5", "Rollup"),
    ("query alert", "avg(last_5m):avg:shop.heartbeat{*}.fill(last, 600) < 1", "Interpolation"),
    ("query alert", "avg(last_5m):avg:shop.heartbeat{*} by {host}.fill(zero) < 1", "Interpolation"),
    ("query alert", ("sum(last_5m):(sum:a.events{env:prod}.as_count() / moving_rollup(sum:a.events{env:prod}.as_count(), "
     "14400, 'sum')) * 48 > 2"), "Rollup, moving rollup"),
    ("query alert", "avg(last_5m):top(avg:system.load.1{*} by {host}, 10, 'mean', 'desc') > 8", "Rank"),
    ("query alert", "avg(last_5m):bottom10_min(avg:system.disk.free{*} by {host}) < 1000", "Rank"),
    ("query alert", "avg(last_1h):avg:system.load.1{*} / timeshift(avg:system.load.1{*}, -1209600) > 2", "Timeshift"),
    ("query alert", "avg(last_1h):avg:a{*} - hour_before(avg:a{*}) - day_before(avg:a{*}) > 2", "Timeshift"),
    ("query alert", "avg(last_1h):avg:a{*} / week_before(avg:a{*}) / month_before(avg:a{*}) > 2", "Timeshift"),
    ("query alert", "avg(last_5m):per_second(monotonic_diff(max:shop.total{*})) > 2", "Rate"),
    ("query alert", "avg(last_5m):ewma_5(median_3(avg:shop.latency{*})) > 2", "Smoothing"),
    ("query alert", "avg(last_1h):abs(log2(avg:shop.latency{*})) > 2", "Arithmetic"),
    # change
    ("query alert", "change(avg(last_5m),1h_ago):avg:shop.queue{*} > 10", "[api] change"),
    ("query alert", "pct_change(avg(last_5m),30m_ago):avg:system.cpu.user{env:prod} by {host} > 10", "[api] pct_change"),
    ("query alert", "pct_change( min(last_1h) , last_10m ):count_nonzero(avg:a{*} by {b}) > 43", "Change Alert Monitors"),
    # anomalies, forecasts, outliers
    ("query alert", ("avg(last_1h):anomalies(avg:system.cpu.system{name:cassandra}, 'basic', 3, direction='above', "
     "alert_window='last_5m', interval=20, count_default_zero='true') >= 1"), "Anomaly Monitor, API"),
    ("query alert", ("avg(last_12h):anomalies(p75:trace.web.request{service:web}, 'agile', 2, direction='both', "
     "interval=120, alert_window='last_30m', count_default_zero='true', seasonality='hourly') > 0.75"),
     "Anomaly Monitor, API"),
    ("query alert", "avg(last_4h):anomalies(sum:a{*}.as_count(), 'robust', 3) >= 1", "Algorithms"),
    ("query alert", ("max(next_1w):forecast(avg:system.load.1{*}, 'linear', 1, interval='60m', history='1w', "
     "model='default') >= 3"), "DataDog/serverless-plugin-datadog, README"),
    ("query alert", "min(next_2d):forecast(avg:system.disk.free{*} by {host}, 'seasonal', 2, seasonality='daily') <= 0",
     "Forecasts Monitor"),
    ("query alert", "avg(last_30m):outliers(avg:system.cpu.user{role:es-events-data} by {host}, 'dbscan', 7) > 0",
     "[api] outlier monitor"),
    ("query alert", "avg(last_1h):outliers(avg:system.load.1{*} by {host}, 'scaledMAD', 3, 20) > 0", "Outlier Monitor"),
    # service checks
    ("service check", '"datadog.agent.up".over("*").by("host").last(2).count_by_status()', "[api] Service Check Query"),
    ("service check", ('"http.can_connect".over("env:prod", "role:db").exclude("host:a").by("instance","url").last(4)'
     ".count_by_status()"), "[api] Service Check Query"),
    ("service check", '"datadog.agent.up".over("env:prod").by("env").last(1).pct_by_status()', "Custom Check, cluster"),
    # processes
    ("process alert", 'processes("nginx").over("*").rollup("count").last("5m") < 1', "[api] Process Alert Query"),
    ("process alert", "processes('java').over('env:prod','role:web').rollup('count').last('10m') > 1",
     "[api] Process Alert Query"),
    ("process alert", 'processes("").over("host:a").by("host").rollup("count").last("30s") < 2', "Live Process Monitor"),
    # logs and other events
    ("log alert", 'logs("status:error").index("main").rollup("count").by("service").last("5m") > 10', "[api] Logs"),
    ("log alert", 'logs("@http.status_code:[500 TO 599]").index("*").rollup("count").last("20m") > 3',
     "Actions catalog, Create monitor"),
    ("log alert", 'logs("message:\\"OAuth\\" service:a").index("*").rollup("cardinality", "@usr.id").last("4h") >= 5',
     "[api] Logs Alert Query"),
    ("log alert", 'logs("service:a").index("main","web").rollup("pc95", "@duration").by("service,@path").last("2d") > 9',
     "Logs Monitor"),
    ("log alert", 'formula("query1 / query2 * 100").last("15m") >= 0.8', "[api] formulas and functions"),
    ("query alert", 'formula("query1").rollup("sum").last("5m") > 100',
     "DataDog/datadog-api-client-python, recorded traffic"),
    ("data-quality alert", 'formula("query1").last("5m") > 100', "DataDog/datadog-api-client-python, recorded traffic"),
    ("event-v2 alert", 'events("source:deploy status:error").rollup("count").by("host").last("1h") > 3', "[api] Event V2"),
    ("event-v2 alert", 'events("service:agent").rollup("cardinality", "@evt.id").current("1h") > 2345',
     "Custom Schedules"),
    ("rum alert", 'rum("@type:error -@view.name:\\"/cart\\"").rollup("count").by("@view.name").last("1d") > 1', "RUM"),
    ("trace-analytics alert", ('trace-analytics("env:prod operation_name:web.request").rollup("avg", "@duration").by("*")'
     '.last("5m") > 100'), "APM Monitor"),
    ("audit alert", 'audits("status:error").rollup("cardinality", "@usr.id").last("5m") > 250', "[api] Audit"),
    ("ci-pipelines alert", ('ci-pipelines("ci_level:pipeline @ci.status:error").rollup("count").by("@ci.pipeline.name")'
     '.last("30m") >= 2'), "[api] CI Pipelines"),
    ("ci-tests alert", 'ci-tests("@test.status:fail").rollup("count").last("1h") > 5', "[api] CI Tests"),
    ("error-tracking alert", ('error-tracking("service:a").source("backend").new().rollup("count").by("@issue.id")'
     '.last("1d") > 0'), "[api] Error Tracking, new issue"),
    ("error-tracking alert", 'error-tracking("*").impact().by("@issue.id").last("1h") >= 5', "[api] high impact"),
    ("error-tracking alert", ('error-tracking-rum("service:foo AND @error.source:source").rollup("count").by("@issue.id")'
     '.last("1h") >= 1'), "DataDog/datadog-api-client-python, examples"),
    ("database-monitoring alert", 'database-monitoring("dbm_type:plan").rollup("count").last("5m") > 9', "[api]"),
    ("network-performance alert", 'network-performance("*").rollup("sum", "network.client.tcp_retransmits").by("client.service").last("5m") > 9',
     "[api] Network Performance"),
    ("network-path alert", 'network-path("*").index("netpath-path").rollup("avg", "@rtt").last("5m") > 9', "[api]"),
    # SLOs
    ("slo alert", 'error_budget("slo-hash-id").over("7d") > 10', "[api] SLO Alert Query"),
    ("slo alert", 'error_budget("684def97ccd95fafaed085dfaa505aeb").over("90d") >= 75', "Error Budget Alerts"),
    ("slo alert", 'burn_rate("abc").over("30d").long_window("1h").short_window("5m") > 14.4', "Burn Rate Alerts"),
    ("slo alert", 'burn_rate("%{slo:slos.web}").over("30d").long_window("48h").short_window("360m") > 1', "the same"),
    # composites
    ("composite", "12345 && 67890", "[api] Composite Query"),
    ("composite", "!1234 || 5678", "Composite Monitor, API"),
    ("composite", "(1 || 2) && (3 || !(4 && 5))", "Composite Monitor, trigger conditions"),
    ("composite", "%{monitor:alerts.Down} && !%{monitor:alerts.Deploying}", "references of ours"),
)  # fmt: skip
"""Type, query, source."""
