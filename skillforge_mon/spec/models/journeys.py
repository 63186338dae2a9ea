"""Journeys: what a person does in a browser or in an application, step by step."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import URL_PATTERN, OneOrMany, PositiveDurationField, SpecModel, Text

MobileLocator = Literal["id", "accessibility-id", "xpath", "ios-predicate-string", "ios-class-chain"]


class Element(SpecModel):
    """Where something is on a page. A bare value is a CSS selector."""

    shorthand: ClassVar[str] = "css"
    css: Text | None = Field(None, description='CSS selector, such as `button[type="submit"]`.')
    xpath: Text | None = Field(None, description="Or an XPath.")


class TypedText(SpecModel):
    """What is typed, and where."""

    into: Element = Field(description="The field.")
    text: Text = Field(description="What is typed; `{{ NAME }}` is a global variable of Datadog's.")


class ElementText(SpecModel):
    """An element with a text in it. A bare value is a CSS selector: then the element must only be there."""

    shorthand: ClassVar[str] = "element"
    element: Element = Field(description="The element.")
    contains: Text | None = Field(None, description="Text that it must have.")


class BrowserStep(SpecModel):
    """One step in a browser: exactly one of its keys, and a name for it."""

    name: Text | None = Field(None, description="What the step is called; default: made from what it does.")
    open: Text | None = Field(None, description="Go to an address.")
    click: Element | None = Field(None, description="Click on an element.")
    hover: Element | None = Field(None, description="Move the pointer over an element.")
    type: TypedText | None = Field(None, description="Type a text into a field.")
    press: Text | None = Field(None, description="Press a key, such as `Enter`.")
    wait: PositiveDurationField | None = Field(None, description="Wait, whole seconds.")
    refresh: Literal[True] | None = Field(None, description="Load the page again.")
    expect_text: Text | None = Field(None, description="The page must contain a text.")
    expect_no_text: Text | None = Field(None, description="The page must not contain a text.")
    expect_url: Text | None = Field(None, description="The address must contain this.")
    expect_element: ElementText | None = Field(None, description="An element must be there.")


BROWSER_ACTIONS = tuple(name for name in BrowserStep.model_fields if name != "name")


class BrowserJourney(SpecModel):
    """A journey through pages, in a real browser."""

    url: Text = Field(description="Where it begins.", pattern=URL_PATTERN)
    steps: list[BrowserStep] = Field(min_length=1, description="What is done, in this order.")
    devices: OneOrMany[Text] = Field(
        default_factory=lambda: ["chrome.laptop_large"],
        description="`BROWSER.DEVICE`, such as `chrome.laptop_large`, `firefox.tablet` or `edge.mobile_small`.",
        min_length=1,
    )


class ScreenElement(SpecModel):
    """Where something is on a screen. A bare value is its accessibility identifier."""

    shorthand: ClassVar[str] = "value"
    value: Text = Field(description="The identifier.")
    by: MobileLocator = Field("accessibility-id", description="What kind of identifier it is.")


class ScreenText(SpecModel):
    """What is typed on a screen, and where."""

    into: ScreenElement = Field(description="The field.")
    text: Text = Field(description="What is typed; `{{ NAME }}` is a global variable of Datadog's.")


class MobileStep(SpecModel):
    """One step in an application: exactly one of its keys, and a name for it."""

    name: Text | None = Field(None, description="What the step is called; default: made from what it does.")
    tap: ScreenElement | None = Field(None, description="Tap an element.")
    double_tap: ScreenElement | None = Field(None, description="Tap an element twice.")
    type: ScreenText | None = Field(None, description="Type a text into a field.")
    open: Text | None = Field(None, description="Open a deep link.")
    back: Literal[True] | None = Field(None, description="Press the back button (Android).")
    restart: Literal[True] | None = Field(None, description="Start the application again.")
    scroll_to: ScreenElement | None = Field(None, description="Scroll until an element is seen.")
    wait: PositiveDurationField | None = Field(None, description="Wait, whole seconds.")
    expect_text: Text | None = Field(None, description="The screen must contain a text.")
    expect_no_text: Text | None = Field(None, description="The screen must not contain a text.")
    expect_element: ScreenElement | None = Field(None, description="An element must be there.")


MOBILE_ACTIONS = tuple(name for name in MobileStep.model_fields if name != "name")


class MobileApplication(SpecModel):
    """An application as Datadog knows it. A bare value is its identifier there, of which the latest version is taken."""

    shorthand: ClassVar[str] = "id"
    id: Text = Field(description="The identifier of the application in Datadog.")
    version: Text | None = Field(None, description="The identifier of one version; default: the latest.")


class MobileJourney(SpecModel):
    """A journey through the screens of a mobile application, on a real device."""

    application: MobileApplication = Field(description="The application.")
    steps: list[MobileStep] = Field(min_length=1, description="What is done, in this order.")
    devices: OneOrMany[Text] = Field(
        description="Datadog's identifiers of devices, such as `synthetics:mobile:device:apple_iphone_14_plus_ios_16`.",
        min_length=1,
    )
