"""The configuration that Prometheus has loaded, against ``prometheus.yml`` of a build.

Source of the tables: the ``Default…`` values of config/config.go, discovery/kubernetes/kubernetes.go,
discovery/file/file.go and model/relabel/relabel.go of Prometheus from 2.42 to 3.14, and common/config/http_config.go;
held against running servers of 2.42 and 3.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from skillforge_mon.backends.go_configuration import ANYWHERE, Form, read_printed, with_secrets
from skillforge_mon.documents.document import Plain
from skillforge_mon.query.promql.duration import duration_milliseconds
from skillforge_mon.remote.api import Difference
from skillforge_mon.remote.errors import RefusedError

_PROTOCOLS: Final = (
    ["OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText0.0.4"],
    ["OpenMetricsText1.0.0", "OpenMetricsText0.0.1", "PrometheusText1.0.0", "PrometheusText0.0.4"],
)

_DEFAULTS: Final[Mapping[str, Mapping[str, tuple[Any, ...]]]] = {
    ANYWHERE: {
        "follow_redirects": ("true",),
        "enable_http2": ("true",),
        "scheme": ("http",),
        "scrape_protocols": _PROTOCOLS,
        "metric_name_validation_scheme": ("", "utf8"),
        "metric_name_escaping_scheme": ("", "allow-utf-8"),
    },
    "global": {"scrape_interval": ("1m",), "evaluation_interval": ("1m",), "scrape_timeout": ("10s",)},
    "": {"runtime": ({}, {"gogc": "75"}), "otlp": ({}, {"translation_strategy": "UnderscoreEscapingWithSuffixes"})},
    "alertmanagers": {"timeout": ("10s",), "api_version": ("v2",), "path_prefix": ("", "/")},
    "scrape_configs": {
        "honor_timestamps": ("true",),
        "enable_compression": ("true",),
        "metrics_path": ("/metrics",),
    },
    "authorization": {"type": ("Bearer",)},
    "file_sd_configs": {"refresh_interval": ("5m",)},
    "relabel_configs": {
        "separator": (";",),
        "regex": ("(.*)",),
        "replacement": ("$1",),
        "action": ("replace",),
    },
    **{
        place: {"separator": (";",), "regex": ("(.*)",), "replacement": ("$1",), "action": ("replace",)}
        for place in ("alert_relabel_configs", "write_relabel_configs")
    },
    # The values of 2.x and of 3.x.
    "queue_config": {
        "capacity": ("2500", "10000"), "max_shards": ("200", "50"), "min_shards": ("1",),
        "max_samples_per_send": ("500", "2000"), "batch_send_deadline": ("5s",), "min_backoff": ("30ms",),
        "max_backoff": ("5s",),
    },
    "remote_write": {
        "remote_timeout": ("30s",),
        "protobuf_message": ("prometheus.WriteRequest",),
        # Off by default from 3.0 on.
        "enable_http2": ("true", "false"),
        "metadata_config": (
            {"send": "true", "send_interval": "1m", "max_samples_per_send": "500"},
            {"send": "true", "send_interval": "1m", "max_samples_per_send": "2000"},
        ),
    },
}  # fmt: skip
_FREE: Final = frozenset(("labels", "external_labels", "params", "headers"))
_DURATIONS: Final = frozenset((
    "scrape_interval", "scrape_timeout", "evaluation_interval", "timeout", "refresh_interval", "remote_timeout",
    "batch_send_deadline", "min_backoff", "max_backoff", "send_interval", "rule_query_offset",
))  # fmt: skip
_SIZES: Final = frozenset(("body_size_limit",))
_PATH_KEYS: Final = frozenset(("rule_files", "files"))

_INHERITED: Final = (
    "sample_limit", "body_size_limit", "target_limit", "label_limit", "label_name_length_limit",
    "label_value_length_limit", "keep_dropped_targets", "metric_name_validation_scheme",
    "metric_name_escaping_scheme", "scrape_protocols", "scrape_failure_log_file", "always_scrape_classic_histograms",
    "convert_classic_histograms_to_nhcb", "scrape_native_histograms", "extra_scrape_metrics",
)  # fmt: skip
"""Settings of ``global`` that every job shows as its own (ScrapeConfig.Validate in config/config.go)."""

_USUAL_INTERVAL: Final = "1m"
_USUAL_TIMEOUT: Final = "10s"
_JOBS: Final = "scrape_configs"


def setting_differences(printed: str, wanted: Mapping[str, Plain]) -> Iterator[Difference]:
    """What the server has loaded (``yaml`` of ``/api/v1/status/config``) otherwise than ``wanted`` says it."""
    try:
        loaded = read_printed(printed)
    except ValueError as error:
        raise RefusedError(f"Prometheus: {error}") from None
    form = Form(_DEFAULTS, _FREE, _DURATIONS, _SIZES, frozenset(_paths(wanted)))
    old, new = _comparable(loaded or {}, form), _comparable(wanted, form)
    _without_own_names(old, new)
    for key in sorted(old.keys() | new.keys()):
        if key == _JOBS:
            continue
        live, said = with_secrets(old.get(key), new.get(key)), new.get(key)
        if live != said:
            yield Difference("setting", key, live, said)
    for name in sorted(old[_JOBS].keys() | new[_JOBS].keys()):
        live, said = with_secrets(old[_JOBS].get(name), new[_JOBS].get(name)), new[_JOBS].get(name)
        if live != said:
            yield Difference("scrape job", name, live, said)


def _without_own_names(loaded: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Take away external labels that every server fills in from its own environment: any value is as good."""
    labels = wanted.get("global", {}).get("external_labels", {})
    for name in [name for name, value in labels.items() if value.startswith("${")]:
        del labels[name]
        loaded.get("global", {}).get("external_labels", {}).pop(name, None)


def evaluation_interval(wanted: Mapping[str, Plain]) -> str:
    """How often rules of groups that do not say it themselves are evaluated."""
    settings = wanted.get("global")
    return str(settings.get("evaluation_interval", "1m")) if isinstance(settings, Mapping) else "1m"


def _comparable(config: Mapping[str, Plain], form: Form) -> dict[str, Any]:
    """The configuration in the common form, its jobs by their names."""
    formed = form.of(config)
    settings = formed.get("global", {})
    if settings.get("scrape_timeout") == _usual_timeout(settings):
        del settings["scrape_timeout"]
    jobs = {job["job_name"]: _job(job, settings) for job in formed.get(_JOBS, [])}
    return {**formed, _JOBS: jobs}


def _job(job: dict[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Without what it has from ``global``."""
    interval = settings.get("scrape_interval", _USUAL_INTERVAL)
    own = job.get("scrape_interval", interval)
    timeout = settings.get("scrape_timeout", _usual_timeout(settings))
    inherited = {name: settings[name] for name in _INHERITED if name in settings}
    inherited["scrape_interval"] = interval
    inherited["scrape_timeout"] = min(timeout, own, key=duration_milliseconds)
    return {key: value for key, value in job.items() if inherited.get(key) != value}


def _usual_timeout(settings: Mapping[str, Any]) -> str:
    """What is scraped more often than every 10 seconds is given up after its interval (GlobalConfig.UnmarshalYAML)."""
    interval: str = settings.get("scrape_interval", _USUAL_INTERVAL)
    return min(_USUAL_TIMEOUT, interval, key=duration_milliseconds)


def _paths(config: Plain, place: str = "") -> Iterator[str]:
    """The relative paths that the configuration names."""
    if isinstance(config, str):
        if place in _PATH_KEYS and not config.startswith("/"):
            yield config
    elif isinstance(config, Mapping):
        for key, value in config.items():
            yield from _paths(value, key)
    elif isinstance(config, list | tuple):
        for item in config:
            yield from _paths(item, place)
