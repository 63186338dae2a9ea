"""What Datadog's own client library does not understand of a request: the fake refuses that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datadog_api_client.configuration import Configuration
from datadog_api_client.model_utils import ModelNormal, UnparsedObject, validate_and_convert_types
from datadog_api_client.v1.model.dashboard import Dashboard
from datadog_api_client.v1.model.logs_index import LogsIndex
from datadog_api_client.v1.model.logs_index_update_request import LogsIndexUpdateRequest
from datadog_api_client.v1.model.logs_indexes_order import LogsIndexesOrder
from datadog_api_client.v1.model.logs_pipeline import LogsPipeline
from datadog_api_client.v1.model.logs_pipelines_order import LogsPipelinesOrder
from datadog_api_client.v1.model.monitor import Monitor
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v1.model.service_level_objective import ServiceLevelObjective
from datadog_api_client.v1.model.service_level_objective_request import ServiceLevelObjectiveRequest
from datadog_api_client.v1.model.synthetics_api_test import SyntheticsAPITest
from datadog_api_client.v1.model.synthetics_browser_test import SyntheticsBrowserTest
from datadog_api_client.v1.model.synthetics_mobile_test import SyntheticsMobileTest
from datadog_api_client.v2.model.downtime_create_request import DowntimeCreateRequest
from datadog_api_client.v2.model.downtime_update_request import DowntimeUpdateRequest
from datadog_api_client.v2.model.sensitive_data_scanner_group_create_request import (
    SensitiveDataScannerGroupCreateRequest,
)
from datadog_api_client.v2.model.sensitive_data_scanner_group_update_request import (
    SensitiveDataScannerGroupUpdateRequest,
)
from datadog_api_client.v2.model.sensitive_data_scanner_rule_create_request import SensitiveDataScannerRuleCreateRequest
from datadog_api_client.v2.model.sensitive_data_scanner_rule_update_request import SensitiveDataScannerRuleUpdateRequest

CREATED = {
    "monitor": Monitor,
    "slo": ServiceLevelObjectiveRequest,
    "dashboard": Dashboard,
    "api": SyntheticsAPITest,
    "browser": SyntheticsBrowserTest,
    "mobile": SyntheticsMobileTest,
    "downtime": DowntimeCreateRequest,
    "log_pipeline": LogsPipeline,
    "log_index": LogsIndex,
    "scanner_group": SensitiveDataScannerGroupCreateRequest,
    "scanner_rule": SensitiveDataScannerRuleCreateRequest,
}
CHANGED = {
    **CREATED,
    "monitor": MonitorUpdateRequest,
    "slo": ServiceLevelObjective,
    "downtime": DowntimeUpdateRequest,
    "log_index": LogsIndexUpdateRequest,
    "scanner_group": SensitiveDataScannerGroupUpdateRequest,
    "scanner_rule": SensitiveDataScannerRuleUpdateRequest,
    "log_pipeline_order": LogsPipelinesOrder,
    "log_index_order": LogsIndexesOrder,
}


def understood(data: Any, model: type[ModelNormal], where: str) -> list[str]:
    """What the client does not understand of ``data``: nothing where all is well.

    A value of a wrong type is one problem, whatever else there is.
    """
    try:
        converted = validate_and_convert_types(  # type: ignore[no-untyped-call]
            data,
            (model,),
            [where],
            spec_property_naming=True,
            check_type=True,
            configuration=Configuration(),  # type: ignore[no-untyped-call]
        )
    except (TypeError, ValueError) as error:
        return [str(error)]
    return list(_problems(converted, where))


def _problems(value: Any, where: str) -> Iterator[str]:
    """Unparsed enums, and keys that a model does not have."""
    if isinstance(value, UnparsedObject) or getattr(value, "_unparsed", False):
        yield f"{where} is not understood"
    if isinstance(value, ModelNormal):
        for key, member in value._data_store.items():
            if value.openapi_types and key not in value.openapi_types:  # one without any is a map
                yield f"{where} has no {key}"
            yield from _problems(member, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from _problems(member, f"{where}[{index}]")
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _problems(member, f"{where}.{key}")
