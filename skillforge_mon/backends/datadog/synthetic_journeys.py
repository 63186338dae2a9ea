"""Steps of browser and mobile tests.

[api] SyntheticsStep and SyntheticsMobileStep: their types, and the parameters of mobile ones. The parameters of browser
steps are free there; those written here are those of Datadog's Terraform provider (``datadog_synthetics_test``,
``browser_step``), with elements found by a locator of the user's (``element_user_locator``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.models.journeys import (
    BROWSER_ACTIONS,
    MOBILE_ACTIONS,
    BrowserJourney,
    BrowserStep,
    Element,
    MobileApplication,
    MobileJourney,
    MobileStep,
    ScreenElement,
)
from skillforge_mon.spec.quantities import Duration

Written = tuple[str, dict[str, Plain], str]
"""The type of a step, its parameters, and what it is called."""


def browser_steps(journey: BrowserJourney) -> list[Plain]:
    """``steps`` of a browser test."""
    return [_browser_step(step) for step in journey.steps]


def mobile_steps(journey: MobileJourney) -> list[Plain]:
    """``steps`` of a mobile test."""
    return [_mobile_step(step) for step in journey.steps]


def application(application_: MobileApplication) -> Plain:
    """``options.mobileApplication``; for the latest version the reference is to the application itself."""
    version = application_.version
    return {
        "applicationId": application_.id,
        "referenceId": version if version is not None else application_.id,
        "referenceType": "version" if version is not None else "latest",
    }


def _browser_step(step: BrowserStep) -> Plain:
    action = next(name for name in BROWSER_ACTIONS if getattr(step, name) is not None)
    kind, params, name = _BROWSER[action](step)
    return {"name": step.name or name, "type": kind, "params": params}


def _mobile_step(step: MobileStep) -> Plain:
    action = next(name for name in MOBILE_ACTIONS if getattr(step, name) is not None)
    kind, params, name = _MOBILE[action](step)
    return {"name": step.name or name, "type": kind, "params": params}


def _element(element: Element | None) -> Plain:
    assert element is not None  # noqa: S101 - the action that the step has
    kind, value = ("xpath", element.xpath) if element.xpath is not None else ("css", element.css)
    return {"userLocator": {"failTestOnCannotLocate": True, "values": [{"type": kind, "value": value}]}}


def _shown(element: Element | None) -> str:
    return (element.xpath or element.css or "") if element is not None else ""


def _typed(step: BrowserStep) -> Written:
    assert step.type is not None  # noqa: S101 - the action that the step has
    params: dict[str, Plain] = {"value": step.type.text, "element": _element(step.type.into)}
    return "typeText", params, f"Type into {_shown(step.type.into)}"


def _expected(step: BrowserStep) -> Written:
    assert step.expect_element is not None  # noqa: S101 - the action that the step has
    element, text = step.expect_element.element, step.expect_element.contains
    if text is None:
        return "assertElementPresent", {"element": _element(element)}, f"There is {_shown(element)}"
    params: dict[str, Plain] = {"check": "contains", "value": text, "element": _element(element)}
    return "assertElementContent", params, f"{_shown(element)} contains “{text}”"


_BROWSER: Final[Mapping[str, Callable[[BrowserStep], Written]]] = {
    "open": lambda step: ("goToUrl", {"value": step.open}, f"Go to {step.open}"),
    "click": lambda step: (
        "click",
        {"clickType": "primary", "element": _element(step.click)},
        f"Click on {_shown(step.click)}",
    ),
    "hover": lambda step: ("hover", {"element": _element(step.hover)}, f"Point at {_shown(step.hover)}"),
    "type": _typed,
    "press": lambda step: ("pressKey", {"value": step.press}, f"Press {step.press}"),
    "wait": lambda step: ("wait", {"value": _seconds(step.wait)}, f"Wait {step.wait}"),
    "refresh": lambda _step: ("refresh", {}, "Load the page again"),
    "expect_text": lambda step: (
        "assertPageContains",
        {"value": step.expect_text},
        f"The page contains “{step.expect_text}”",
    ),
    "expect_no_text": lambda step: (
        "assertPageLacks",
        {"value": step.expect_no_text},
        f"The page lacks “{step.expect_no_text}”",
    ),
    "expect_url": lambda step: (
        "assertCurrentUrl",
        {"check": "contains", "value": step.expect_url},
        f"The address contains {step.expect_url}",
    ),
    "expect_element": _expected,
}


def _screen(element: ScreenElement | None) -> Plain:
    assert element is not None  # noqa: S101 - the action that the step has
    values: list[Plain] = [{"type": element.by, "value": element.value}]
    return {
        "contextType": "native",
        "userLocator": {"failTestOnCannotLocate": True, "values": values},
    }


def _written(step: MobileStep) -> Written:
    assert step.type is not None  # noqa: S101 - the action that the step has
    params: dict[str, Plain] = {"value": step.type.text, "element": _screen(step.type.into)}
    return "typeText", params, f"Type into {step.type.into.value}"


def _named(element: ScreenElement | None) -> str:
    return element.value if element is not None else ""


_MOBILE: Final[Mapping[str, Callable[[MobileStep], Written]]] = {
    "tap": lambda step: ("tap", {"element": _screen(step.tap)}, f"Tap {_named(step.tap)}"),
    "double_tap": lambda step: (
        "doubleTap",
        {"element": _screen(step.double_tap)},
        f"Tap {_named(step.double_tap)} twice",
    ),
    "type": _written,
    "open": lambda step: ("openDeeplink", {"value": step.open}, f"Open {step.open}"),
    "back": lambda _step: ("pressBack", {}, "Go back"),
    "restart": lambda _step: ("restartApplication", {}, "Start the application again"),
    "scroll_to": lambda step: (
        "scrollToElement",
        {"direction": "down", "element": _screen(step.scroll_to)},
        f"Scroll to {_named(step.scroll_to)}",
    ),
    "wait": lambda step: ("wait", {"value": _seconds(step.wait)}, f"Wait {step.wait}"),
    "expect_text": lambda step: (
        "assertScreenContains",
        {"value": step.expect_text},
        f"The screen contains “{step.expect_text}”",
    ),
    "expect_no_text": lambda step: (
        "assertScreenLacks",
        {"value": step.expect_no_text},
        f"The screen lacks “{step.expect_no_text}”",
    ),
    "expect_element": lambda step: (
        "assertElementContent",
        {"check": "notIsEmpty", "element": _screen(step.expect_element)},
        f"There is {_named(step.expect_element)}",
    ),
}


def _seconds(length: Duration | None) -> int:
    return -(-int(length or 0) // 1000)
