"""SLO specs in the languages of other tools, written for these tests after the tools' documentation."""

from __future__ import annotations

SLOTH = """\
version: prometheus/v1
service: checkout
labels: {cell: eu}
slos:
  - name: availability
    objective: 99.9
    description: Orders are taken.
    sli:
      events:
        error_query: sum(rate(orders_total{code=~"5.."}[{{.window}}])) or vector(0)
        total_query: sum(rate(orders_total[{{.window}}]))
    alerting:
      labels: {category: money}
      annotations: {runbook: "https://example.com/orders"}
      page_alert: {labels: {severity: critical}}
      ticket_alert: {disable: true}
  - name: quickness
    objective: 95
    sli:
      events:
        error_query: |
          sum(rate(order_seconds_count{job="x"}[{{ .window }}]))
          - sum(rate(order_seconds_bucket{job="x",le="0.5"}[{{ .window }}]))
        total_query: sum(rate(order_seconds_count{job="x"}[{{ .window }}]))
    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
  - name: reachable
    objective: 99
    sli: {raw: {error_ratio_query: '1 - (sum(sum_over_time(probe_success[{{.window}}])) / sum(count_over_time(probe_success[{{.window}}])))'}}
    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
  - name: pressure
    objective: 99
    sli: {raw: {error_ratio_query: 'avg(pressure_ratio)'}}
    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
"""
KUBERNETES = """\
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: checkout, namespace: shop}
spec:
  service: checkout
  slos:
    - name: availability
      objective: 99.9
      sli:
        events:
          errorQuery: sum(rate(orders_total{code=~"5.."}[{{.window}}]))
          totalQuery: sum(rate(orders_total[{{.window}}]))
      alerting: {pageAlert: {disable: true}, ticketAlert: {disable: true}}
"""
PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: errors, labels: {pyrra.dev/tier: gold}}
spec:
  target: "99.5"
  window: 4w
  alerting: {disabled: true}
  indicator:
    ratio:
      errors: {metric: 'orders_total{code=~"5.."}'}
      total: {metric: orders_total}
      grouping: [region]
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: slow}
spec:
  target: "99"
  window: 2w
  alerting: {disabled: true}
  indicator:
    latency:
      success: {metric: 'order_seconds_bucket{le="2.5"}'}
      total: {metric: order_seconds_count}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: native}
spec:
  target: "99"
  window: 30d
  alerting: {disabled: true}
  indicator:
    latencyNative:
      latency: 200ms
      total: {metric: order_duration_seconds}
---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: up}
spec:
  target: "99"
  window: 30d
  alerting: {disabled: true}
  indicator:
    bool_gauge: {metric: 'up{job="x"}'}
"""
OPENSLO = """\
apiVersion: openslo/v1
kind: Service
metadata: {name: shop}
spec: {description: Sells things}
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: metrics}
spec: {type: Prometheus, connectionDetails: {url: "http://prometheus:9090"}}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: orders}
spec:
  ratioMetric:
    counter: true
    good: {metricSource: {metricSourceRef: metrics, spec: {query: 'orders_total{code!~"5.."}'}}}
    total: {metricSource: {metricSourceRef: metrics, spec: {query: orders_total}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: orders}
spec:
  service: shop
  indicatorRef: orders
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{targetPercent: 99.9}]
  alertPolicies: [{alertPolicyRef: quick}]
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: quick}
spec:
  alertWhenBreaching: true
  conditions: [{conditionRef: quick}]
  notificationTargets: [{targetRef: shopkeepers}]
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: quick}
spec: {severity: ticket, condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 0m}}
---
apiVersion: openslo/v1
kind: AlertNotificationTarget
metadata: {name: shopkeepers}
spec: {target: "#shop"}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: queue}
spec:
  service: shop
  indicator:
    spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: max(queue_size)}}}}
  timeWindow: [{duration: 1M, isRolling: false, calendar: {startTime: 2024-01-01 00:00:00, timeZone: UTC}}]
  budgetingMethod: Timeslices
  objectives: [{op: lt, value: 100, target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 5}]
"""
V1ALPHA = """\
apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: orders, displayName: Orders}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindows: [{unit: Day, count: 30}]
  objectives:
    - target: 0.99
      ratioMetrics:
        good: {source: prometheus, queryType: promql, query: 'sum(rate(orders_total{code!~"5.."}[{{.window}}]))'}
        total: {source: prometheus, queryType: promql, query: 'sum(rate(orders_total[{{.window}}]))'}
"""
EXAMPLES = {"sloth": SLOTH, "kubernetes": KUBERNETES, "pyrra": PYRRA, "openslo": OPENSLO, "v1alpha": V1ALPHA}
