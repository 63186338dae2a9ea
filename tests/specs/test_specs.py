"""The specs of real platforms compile without a word, and have what the platforms' documents name."""

from __future__ import annotations

import pytest

from skillforge_mon.compiler import check_project, spec_paths
from tests.specs.compiled import SPECS, AlertTable, alerts, compiled, escalation, kpis, panels, project, scraped, slos

ENVIRONMENTS: dict[str, tuple[str | None, ...]] = {
    "jac.yaml": (None,),
    "skillforge": (None, "staging", "production"),
    "toolboxai.yaml": (None,),
    "tutoring.yaml": (None, "production"),
}
BUILDS = [(name, environment) for name, environments in ENVIRONMENTS.items() for environment in environments]

QUERY = "query"  # the query compares its value itself, or another system counts

ALERTS: dict[str, AlertTable] = {
    "tutoring.yaml": {
        "ServiceDown": {"critical": (QUERY, "2m")},
        "HighErrorRate": {"critical": ("> 5%", "5m")},
        "HighResponseTime": {"warning": ("> 2s", "5m")},
        "AIGenerationSlow": {"warning": ("> 5s", "5m")},
        "HighMemoryUsage": {"warning": ("> 90%", "5m")},
        "SlowDatabaseQueries": {"warning": ("> 1s", "5m")},
        "LowCacheHitRate": {"warning": ("< 50%", "15m")},
        "AuthServiceFullFails": {"warning": (QUERY, "2m")},
        "AiServiceFullFails": {"warning": (QUERY, "2m")},
        "AuthServiceLiveFails": {"critical": (QUERY, "2m")},
        "AuthServiceReadyFails": {"warning": (QUERY, "2m")},
        "AiServiceLiveFails": {"critical": (QUERY, "2m")},
        "AiServiceReadyFails": {"warning": (QUERY, "2m")},
        "AuthRequestsRegression": {"warning": ("> 100%", "5m")},
        "AiGenerationRegression": {"warning": ("> 50%", "5m")},
        "DatabaseQueriesRegression": {"warning": ("> 100%", "5m")},
        "AuthServiceProbesMissing": {"warning": (QUERY, "10m")},
        "AiServiceProbesMissing": {"warning": (QUERY, "10m")},
    },
    "jac.yaml": {
        "ServiceDown": {"critical": (QUERY, "1m")},
        "DatabaseConnectionFailure": {"critical": (QUERY, "1m")},
        "HighErrorRate": {"critical": ("> 10%", "2m"), "warning": ("> 1%", "2m")},
        "HighResponseTime": {"warning": ("> 2s", "5m")},
        "HighCPUUsage": {"warning": ("> 80%", "10m")},
        "HighDiskUsage": {"warning": ("> 85%", "10m")},
        "HighMemoryUsage": {"warning": ("> 80%", "2m")},
        "JacBackendFullFails": {"critical": (QUERY, "2m")},
        "JacSiteFails": {"critical": (QUERY, "2m")},
        "JacSiteCertificateExpires": {"warning": ("< 14d", "10m")},
        "JacBackendCriticalProbesMissing": {"warning": (QUERY, "10m")},
        "JacFrontendCriticalProbesMissing": {"warning": (QUERY, "10m")},
        "AgentExceptions": {"warning": ("> 10", "5m")},
        "SecurityBreach": {"critical": ("> 0", "0s")},
        "FailedDeployment": {"warning": (QUERY, "0s")},
        "LearningMilestone": {"info": ("> 100", "0s")},
        "UserRegistrations": {"info": ("> 50", "0s")},
        "SystemMaintenance": {"info": (QUERY, "0s")},
        "BackendRequestsRegression": {"warning": ("> 50%", "5m")},
        "FrontendRequestsRegression": {"warning": ("> 50%", "5m")},
        "AgentSpansRegression": {"warning": ("> 100%", "5m")},
        "DatabaseQueriesRegression": {"warning": ("> 100%", "5m")},
    },
    "toolboxai.yaml": {
        "HighErrorRate": {"critical": ("> 5%", "5m")},
        "HighResponseTime": {"warning": ("> 2s", "10m")},
        "DatabaseConnectionPoolExhausted": {"critical": ("> 90%", "5m")},
        "HighMemoryUsage": {"warning": ("> 90%", "10m")},
        "DiskSpaceLow": {"critical": ("< 10%", "5m")},
        "ServiceDown": {"critical": (QUERY, "2m")},
        "ApiGone": {"critical": (QUERY, "5m")},
        "ApiEndpointsRegression": {"warning": ("> 50%", "5m")},
        "DatabaseQueriesRegression": {"warning": ("> 100%", "5m")},
        "AgentTasksRegression": {"warning": ("> 50%", "5m")},
        "ApiLiveFails": {"critical": (QUERY, "20s")},
        "ApiReadyFails": {"warning": (QUERY, "10s")},
        "ApiFullFails": {"warning": (QUERY, "2m")},
        "OpenaiFails": {"warning": (QUERY, "2m")},
        "DatabaseBackupMissed": {"warning": ("> 1565min", "0s")},
        "DatabaseBackupUnknown": {"warning": (QUERY, "1d2h5m")},
        "ApiCriticalProbesMissing": {"warning": (QUERY, "10m")},
        "ApiWarningProbesMissing": {"warning": (QUERY, "10m")},
        "ManyErrorLines": {"warning": ("> 100", "5m")},
    },
    "skillforge": {
        "HighErrorRate": {"critical": ("> 10", "1m")},
        "ServiceDown": {"critical": (QUERY, "2m")},
        "BackendGone": {"critical": (QUERY, "5m")},
        "FrontendGone": {"critical": (QUERY, "5m")},
        "AIServicesGone": {"critical": (QUERY, "5m")},
        "DatabaseDown": {"critical": (QUERY, "1m")},
        "DatabaseConnectionFailure": {"critical": ("> 5", "2m")},
        "PodCrashLoop": {"critical": (QUERY, "5m")},
        "AIModelInferenceTimeout": {"critical": ("> 5%", "5m")},
        "PaymentFailures": {"critical": ("> 5%", "5m")},
        "DataCorruption": {"critical": (QUERY, "0s")},
        "ElevatedErrorRate": {"warning": ("> 5%", "5m")},
        "HighResponseTime": {"critical": ("> 5s", "5m"), "warning": ("> 2s", "5m")},
        "DatabaseConnectionPoolExhausted": {"warning": ("> 90%", "5m")},
        "CacheDown": {"warning": (QUERY, "2m")},
        "HighCPUUsage": {"warning": ("> 80%", "15m")},
        "HighMemoryUsage": {"warning": ("> 80%", "15m")},
        "DiskSpaceLow": {"warning": ("< 2GB", "10m")},
        "AIModelAccuracyDrop": {"warning": ("< 90%", "30m")},
        "ThirdPartyServiceFailure": {"warning": ("> 10%", "10m")},
        "AIModelInferenceDegraded": {"warning": ("> 1.5", "30m")},
        "DiskFullSoon": {"info": ("< 0", "1h")},
        "LowJobMatchRate": {"warning": ("< 30%", "30m")},
        "ActiveUsersDropped": {"warning": ("< 50%", "1h")},
        "AssessmentCompletionsFail": {"warning": ("> 5%", "15m")},
        "FrontendErrorHitsManyUsers": {"critical": (QUERY, "")},
        "BackendFatalError": {"critical": (QUERY, "")},
        "AIServicesFatalError": {"critical": (QUERY, "")},
        "ManyErrorLines": {"warning": ("> 100", "0s")},
        "BackendErrorSpike": {"critical": ("> 500", ""), "warning": ("> 100", "")},
        "FrontendPagesSlow": {"warning": ("> 4s", "")},
        "BackendTransactionsSlow": {"critical": ("> 5s", ""), "warning": ("> 2s", "")},
        "AIServicesInferenceSlow": {"warning": ("> 2s", "")},
        "BackendSecurityError": {"critical": (QUERY, "")},
        "AIServicesSecurityError": {"critical": (QUERY, "")},
        "HighFailedLoginAttempts": {"critical": ("> 100", "0s")},
        "UnusualDataAccessPattern": {"critical": (QUERY, "")},
        "RateLimitViolations": {"warning": ("> 50", "10m")},
        "VulnerabilityFound": {"critical": ("> 0", "1h")},
        "ComplianceCheckFails": {"warning": ("> 0", "1h")},
        "LoadBalancerUnhealthy": {"warning": (QUERY, "")},
        "FrontendPagesRegression": {"warning": ("> 50%", "5m")},
        "BackendEndpointsRegression": {"warning": ("> 50%", "5m")},
        "ModelInferenceRegression": {"warning": ("> 50%", "5m")},
        "DatabaseQueriesRegression": {"warning": ("> 100%", "5m")},
        "BackendLiveFails": {"critical": (QUERY, "2m")},
        "AiServicesLiveFails": {"critical": (QUERY, "2m")},
        "FrontendFullFails": {"critical": (QUERY, "2m")},
        "BackendReadyFails": {"warning": (QUERY, "2m")},
        "BackendFullFails": {"warning": (QUERY, "2m")},
        "AiServicesReadyFails": {"warning": (QUERY, "2m")},
        "AiServicesFullFails": {"warning": (QUERY, "2m")},
        "BackendCriticalProbesMissing": {"warning": (QUERY, "10m")},
        "AiServicesCriticalProbesMissing": {"warning": (QUERY, "10m")},
        "FrontendCriticalProbesMissing": {"warning": (QUERY, "10m")},
        "BackendProbesMissing": {"warning": (QUERY, "10m")},
        "AiServicesProbesMissing": {"warning": (QUERY, "10m")},
    },
}
"""Alert -> severity -> threshold and `for`."""

SLOS = {
    "tutoring.yaml": {},
    "jac.yaml": {
        "backend-availability": ("99.9", ""),
        "site-availability": ("99.9", ""),
        "backend-latency": ("95", "250ms"),
        "code-execution-success": ("95", ""),
        "agent-task-success": ("90", ""),
    },
    "toolboxai.yaml": {
        "health-latency": ("95", "50ms"),
        "login-latency": ("95", "500ms"),
        "content-generation-latency": ("95", "5s"),
        "user-by-id-latency": ("95", "25ms"),
        "content-list-latency": ("95", "250ms"),
        "content-agent-latency": ("95", "5s"),
        "quiz-agent-latency": ("95", "2500ms"),
    },
    "skillforge": {
        "backend-availability": ("99.9", ""),
        "frontend-availability": ("99.9", ""),
        "backend-latency": ("95", "500ms"),
        "ai-inference-latency": ("95", "2500ms"),
        "database-latency": ("95", "100ms"),
        "payment-success": ("99.9", ""),
        "job-match-success": ("70", ""),
        "deployment-success": ("99", ""),
    },
}
"""SLO -> objective in percent, and the latency that it promises."""

DASHBOARDS = {
    "tutoring.yaml": {"services": "Tutoring services"},
    "jac.yaml": {
        "system-overview": "JAC Learning Platform - System Overview",
        "application-performance": "JAC Learning Platform - Application Performance",
        "business-intelligence": "JAC Learning Platform - Business Intelligence",
        "infrastructure": "JAC Learning Platform - Infrastructure",
        "log-lines": "JAC Learning Platform - Log Lines",
    },
    "toolboxai.yaml": {
        "log-lines": "Log Lines",
        "performance-baselines": "ToolboxAI Performance Baselines",
        "system-overview": "ToolboxAI System Overview",
        "agent-performance": "Agent Performance",
        "business": "ToolboxAI Business",
        "debug": "ToolboxAI Debug",
        "capacity": "ToolboxAI Capacity",
    },
    "skillforge": {
        "overview": "SkillForge AI Platform Overview",
        "application": "SkillForge application performance",
        "infrastructure": "SkillForge infrastructure",
        "business": "SkillForge Business Metrics",
        "ai-models": "SkillForge AI models",
        "security": "SkillForge security",
        "kpis": "SkillForge KPIs",
        "aws": "SkillForge on AWS",
        "baselines": "SkillForge baselines",
        "log-lines": "SkillForge logs",
    },
}

SCRAPED = {
    "tutoring.yaml": {
        "auth-service": ["auth-service:3001"],
        "ai-service": ["ai-service:3002"],
        "postgres": ["postgres-exporter:9187"],
        "redis": ["redis-exporter:9121"],
        "node": ["node-exporter:9100"],
    },
    "jac.yaml": {
        "jac-backend": ["backend:8000"],
        "jac-frontend": ["frontend:3000"],
        "jac-celery": ["celery-worker:8000"],
        "nginx": ["nginx-exporter:9113"],
        "postgres": ["postgres-exporter:9187"],
        "redis": ["redis-exporter:9121"],
        "node": ["node-exporter:9100"],
        "containers": ["cadvisor:8080"],
        "deployments": ["pushgateway:9091"],
    },
    "toolboxai.yaml": {},
    "skillforge": {
        "postgres": ["postgres-exporter:9187"],
        "redis": ["redis-exporter:9121"],
        "pushgateway": ["pushgateway:9091"],
        "statsd": ["statsd-exporter:9102"],
        "kubernetes": ["kube-state-metrics:8080"],
    },
}
"""Service -> what Prometheus is told to scrape; where it discovers workloads by itself, only what it cannot find."""

KPIS = {
    "tutoring.yaml": {},
    "jac.yaml": {
        "uptime": "",
        "code-execution-success": "",
        "agent-task-success": "",
        "response-time": "< 200ms",
        "error-rate": "< 1%",
        "throughput": "> 1000",
        "learning-path-completion": "> 80%",
        "user-engagement": "> 5",
        "network-latency": "< 10ms",
        "cpu-usage": "< 70%",
        "memory-usage": "< 80%",
        "disk-usage": "< 85%",
    },
    "toolboxai.yaml": {},
    "skillforge": {
        "uptime": ">= 99.9%",
        "response-time": "< 500ms",
        "error-rate": "< 0.1%",
        "ai-inference-time": "< 2s",
        "database-performance": "< 100ms",
        "user-growth": "> 1",
        "job-match-success": ">= 70%",
        "assessment-accuracy": "> 90%",
        "user-satisfaction": "> 4.5",
        "platform-adoption": "",
        "detection": "< 5m",
        "resolution": "< 30m",
        "security-response": "< 15m",
        "alert-accuracy": "> 95%",
        "deployment-success": ">= 99%",
    },
}
"""KPI -> its target; "" where it is the objective of an SLO, or the document gives none."""

ESCALATION = {
    "tutoring.yaml": {"team": [(["platform"], "")]},
    "jac.yaml": {
        "critical": [(["on-call"], "")],
        "warning": [(["platform"], "")],
        "news": [(["everybody"], "")],
    },
    "toolboxai.yaml": {
        "critical": [(["on-call", "ops-team"], "30m"), (["engineering"], "")],
        "warning": [(["engineering"], "")],
    },
    "skillforge": {
        "critical": [
            (["on-call-engineer"], "5m"),
            (["engineering-manager", "on-call-engineer"], "15m"),
            (["cto", "engineering-team"], ""),
        ],
        "high_priority": [(["on-call-engineer"], "15m"), (["engineering-manager"], "")],
        "medium_priority": [(["engineering-team"], "")],
        "security-team": [(["security-team"], "")],
    },
}
"""Policy -> who is told at each level, and how long they have."""


def test_every_spec_is_one_of_these() -> None:
    assert [path.name for path in spec_paths([], SPECS)] == sorted(ENVIRONMENTS)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_check_finds_nothing_in_any_environment(name: str) -> None:
    results = check_project(SPECS / name)
    assert tuple(result.environment for result in results) == (
        "default",
        *(environment for environment in ENVIRONMENTS[name] if environment),
    )
    for result in results:
        problems = [f"{problem.span}: {problem.code} {problem.headline}" for problem in result.diagnostics]
        assert (result.environment, problems) == (result.environment, [])


ERRORS = {
    "skillforge": {"ai-services": "25%", "backend": "10%", "frontend": "10%"},
    "tutoring.yaml": {"ai-service": "10%", "auth-service": "10%"},
}
"""Spec -> the projects that it sets up in Sentry, each with the share of traces that its service sends."""


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_sentry_has_a_project_for_each_service_that_reports_there(name: str) -> None:
    services = project(name).services.values()
    found = {errors.sentry_project: errors for each in services if (errors := each.spec.errors) is not None}
    rates = {slug: errors.sampling.traces for slug, errors in found.items() if errors.sampling is not None}
    assert {slug: f"{rate:.0%}" for slug, rate in rates.items() if rate is not None} == ERRORS.get(name, {})
    written = {each.path for each in compiled(name).documents if each.path.startswith("sentry/projects/")}
    assert written == {f"sentry/projects/{slug}.json" for slug in ERRORS.get(name, {})}


@pytest.mark.parametrize(("name", "environment"), BUILDS)
def test_every_environment_has_output_for_every_target(name: str, environment: str | None) -> None:
    compilation = compiled(name, environment)
    folders = {document.path.partition("/")[0] for document in compilation.documents}
    if "kubernetes" in folders:
        folders.remove("kustomization.yaml")  # it makes ConfigMaps of files of all the tree
    found = compilation.project
    assert found is not None
    without = set() if name in ERRORS else {"sentry"}
    traced = {"otel"} if found.traces is not None else set()
    assert folders == ({*found.backends} | {"runbooks"} | traced) - without
    assert compilation.environment == (environment or "default")


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_alerts_are_those_of_the_document(name: str) -> None:
    assert alerts(name) == ALERTS[name]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_alert_has_an_owner_a_runbook_a_summary_and_a_policy(name: str) -> None:
    lacking = [
        alert.name
        for alert in project(name).alerts.values()
        if alert.service is None
        or alert.service.team is None
        or alert.runbook is None
        or not alert.summary
        or any(severity.escalation is None for severity in alert.severities)
    ]
    assert lacking == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_slos_are_the_kpis_that_count_events(name: str) -> None:
    assert slos(name) == SLOS[name]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_kpis_have_the_targets_of_the_document(name: str) -> None:
    assert kpis(name) == KPIS[name]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_dashboards_are_those_of_the_document(name: str) -> None:
    assert {dashboard: title for dashboard, (title, _) in panels(name).items()} == DASHBOARDS[name]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_prometheus_scrapes_what_speaks_http(name: str) -> None:
    assert scraped(name) == SCRAPED[name]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_policies_tell_whom_the_document_tells(name: str) -> None:
    assert escalation(name) == ESCALATION[name]


def test_toolboxai_shows_the_panels_of_its_guide() -> None:
    shown = {name: own for name, (_, own) in panels("toolboxai.yaml").items()}
    assert shown == {
        "log-lines": {"[logs]": "row"},
        "performance-baselines": {"[baselines]": "row"},
        "system-overview": {
            "[alerts]": "row",
            "Request Rate": "timeseries",
            "Response Time (P95)": "timeseries",
            "Error Rate": "timeseries",
            "[traces]": "row",
            "Active Connections": "stat",
            "Database Connections": "gauge",
            "Cache Hit Rate": "stat",
            "[slo]": "row",
            "[logs]": "row",
        },
        "agent-performance": {
            "Agent Task Rate": "timeseries",
            "Agent Task Duration": "timeseries",
            "Agent Success Rate": "stat",
            "Agents compared": "bargauge",
        },
        "business": {
            "Content generated in a day": "timeseries",
            "Subjects": "bargauge",
            "Grades": "piechart",
            "Quizzes finished in a day": "timeseries",
            "Quizzes by difficulty": "timeseries",
            "Mean progress in courses": "timeseries",
            "Users who are signed in": "timeseries",
        },
        "debug": {
            "Requests that are being answered": "timeseries",
            "Answers by status": "timeseries",
            "WebSocket messages": "timeseries",
            "Query time (P95)": "timeseries",
            "Connections of the pool": "timeseries",
            "Hits of each cache": "timeseries",
            "[logs]": "row",
        },
        "capacity": {
            "[use]": "row",
            "Disk that will be left in four weeks": "timeseries",
            "Size of databases": "timeseries",
            "Most connections of a day": "timeseries",
            "Requests of a day": "timeseries",
        },
    }
