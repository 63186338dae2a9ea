"""A spec that declares exporters of several kinds, with what they are told."""

from __future__ import annotations

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {version: "3.5"TARGET}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  cache: {team: shop, escalation: page}
  database: {team: shop, escalation: page}
  payments: {team: shop, escalation: page}
exporters:
  redis:
    service: cache
    targets: ["cache-metrics:9121"]
    environment: {REDIS_ADDR: "redis://redis:6379", REDIS_PASSWORD: "${secret:REDIS_PASSWORD}"}
    arguments: ["--include-system-metrics"]
  orders:
    kind: sql
    service: database
    targets: ["sql-exporter:9399"]
    sql:
      connection: "${secret:ORDERS_DSN}"
      collectors:
        orders: {metrics: {orders_waiting: {unit: orders, help: Orders that wait, query: SELECT count(*) AS value FROM orders}}}
        customers: {metrics: {customers_known: {unit: customers, help: Customers, query: SELECT count(*) AS value FROM customers}}}
  payments:
    kind: json
    targets: ["json-exporter:7979"]
    json:
      modules:
        status:
          url: https://payments.example.com/status.json
          bearer_token: "${secret:PAYMENTS_TOKEN}"
          metrics:
            payments_pending: {unit: payments, help: Payments that wait, path: "{ .pending }"}
deploy:
"""
