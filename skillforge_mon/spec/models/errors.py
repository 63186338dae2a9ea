"""``services.NAME.errors``: where the errors of a service go, and how Sentry is set up for them."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from skillforge_mon.spec.models.base import (
    Adoption,
    Name,
    OneOrMany,
    PositiveDurationField,
    RatioField,
    SpecModel,
    Text,
)


class RateLimit(SpecModel):
    """How many events a client key lets in."""

    count: int = Field(description="Events; what comes beyond them is dropped.", ge=1)
    within: PositiveDurationField = Field(description="The time in which they are counted, at most a day.")


class ErrorKey(SpecModel):
    """A client key of a project. Its DSN is read in Sentry, and stands in no file of monmc's."""

    rate_limit: RateLimit | None = Field(None, description="How many events it lets in; default: any number.")
    adopt: Adoption | None = Field(None, description="A key that lives already and is to become this one.")


class OwnershipRule(SpecModel):
    """Whose the errors are that match. One of `path`, `module`, `url` and `tag`; `*` stands for any text."""

    path: Text | None = Field(None, description="Files of the stack trace, such as `src/payments/*`.")
    module: Text | None = Field(None, description="Modules of the stack trace, such as `com.acme.payments.*`.")
    url: Text | None = Field(None, description="Addresses of the request, such as `*/checkout/*`.")
    tag: dict[Text, Text] = Field(
        default_factory=dict, description="A tag of the event and its value, such as `{area: payments}`."
    )
    owners: OneOrMany[Text] = Field(
        description="Teams of the spec, or e-mail addresses of people in Sentry.", min_length=1
    )


class ErrorOwnership(SpecModel):
    """Whom Sentry takes for the owners of errors. The last rule that matches counts. A bare list is the rules."""

    shorthand: ClassVar[str] = "rules"
    rules: list[OwnershipRule] = Field(description="The rules, in order.", min_length=1)
    auto_assign: Literal["owner", "suspect-commit", "nobody"] | None = Field(
        None, description="To whom new issues are assigned; default: it stays as it is in Sentry."
    )
    fallthrough: bool | None = Field(
        None, description="Everybody of the project owns what no rule matches; default: it stays as it is in Sentry."
    )


class Sampling(SpecModel):
    """Which share of its events a service sends. The SDK in the service draws the lot, not Sentry."""

    errors: RatioField | None = Field(None, description="Errors, such as 100%.")
    traces: RatioField | None = Field(None, description="Traces, such as 10%.")
    profiles: RatioField | None = Field(None, description="Profiles, as a share of the traces that are sent.")


class Scrubbing(SpecModel):
    """What Sentry takes out of events before it keeps them."""

    fields: list[Text] = Field(default_factory=list, description="Names of fields beside those that it knows itself.")
    ips: bool | None = Field(None, description="Keep no address of a user; default: it stays as it is in Sentry.")
    defaults: bool = Field(True, description="Passwords, credit cards and the like, which Sentry knows itself.")


InboundFilter = Literal["browser-extensions", "legacy-browsers", "localhost", "web-crawlers", "health-checks"]
"""What Sentry can leave out before it counts. Its own name of the last one is `filtered-transaction`."""


class Errors(SpecModel):
    """Where the errors of a service go.

    With no more than `sentry_project`, `platform`, `sampling`, `release` and `environment` the project is named, and
    somebody else has made it. Any other key lets `push` make it and set it up.
    """

    sentry_project: Text = Field(description="Slug of the project in Sentry.")
    platform: Text | None = Field(None, description="Sentry's name of the platform, such as python-fastapi.")
    name: Text | None = Field(
        None, description="What people call the project; default: its slug, where it is made.", max_length=200
    )
    team: Text | None = Field(None, description="Slug of the team in Sentry; default: that of the service's team.")
    keys: dict[Name, ErrorKey] = Field(default_factory=dict, description="Client keys, by name.")
    ownership: ErrorOwnership | None = Field(None, description="Whose the errors are.")
    filters: list[InboundFilter] | None = Field(
        None, description="What Sentry does not take in; the others of these are off. Default: as it is in Sentry."
    )
    scrubbing: Scrubbing | None = Field(None, description="What is taken out of events.")
    resolve_age: PositiveDurationField | None = Field(
        None, description="Issues without an event for so long are resolved; whole hours."
    )
    fingerprints: OneOrMany[Text] = Field(
        default_factory=list, description="Fingerprint rules, such as `error.type:Timeout -> timeout`, in order."
    )
    grouping: OneOrMany[Text] = Field(
        default_factory=list, description="Stack trace rules, such as `stack.module:vendor.* -app`, in order."
    )
    sampling: Sampling | None = Field(None, description="Which share of its events the service sends.")
    release: Text | None = Field(
        None, description="The release that the service runs, mostly a reference such as `${env:GIT_COMMIT}`."
    )
    environment: Text | None = Field(
        None, description="The environment of its events; default: that of the target, else of the build."
    )
    adopt: Adoption | None = Field(None, description="The project lives already and is to be set up by this spec.")

    @property
    def sets_up(self) -> bool:
        """True where more than the name of the project is said, so that it is made and changed."""
        return bool(
            self.name is not None
            or self.team is not None
            or self.keys
            or self.ownership is not None
            or self.filters is not None
            or self.scrubbing is not None
            or self.resolve_age is not None
            or self.fingerprints
            or self.grouping
            or self.adopt is not None
        )
