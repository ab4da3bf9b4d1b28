"""Policies: the checks of `livepull review` that also work in a Pulumi policy pack.

A policy sees the new resources, but neither the old state nor the planned steps, so only a review
can say what a change takes off air. A policy cannot recognise secret values, so its reports contain
names of resources and times, but no inputs.

This module needs the extra `policy`: `pip install 'pulumi-livepull[policy]'`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pulumi_policy import (
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import serialize_properties

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.clock import utc_now
from pulumi_livepull.core.conflicts import Conflicts
from pulumi_livepull.core.property import has_unknown
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.hosts.registry import find_resource
from pulumi_livepull.hosts.values import from_pulumi
from pulumi_livepull.review.gate import CONDITIONS, period
from pulumi_livepull.review.judge import judge
from pulumi_livepull.review.plan import Plan, token_of
from pulumi_livepull.review.review import Review
from pulumi_livepull.review.step import Step
from pulumi_livepull.review.wording import Times

Relay = PolicyResource | ResourceValidationArgs
"""A resource, as Pulumi passes it to a stack policy and to a resource policy."""

PROTECT = "protect"
"""The setting for protected hours, in the form of `--protect`; in UTC unless they name a zone."""


def policies() -> list[Policy]:
    """Return the policies of a pack. The pack and its configuration set their enforcement level.

    The resource policies stop a relay before it is created. The stack policies stop a preview; in
    an update, Pulumi runs them only at the end, when everything is done.
    """
    seen = Conflicts()  # Pulumi starts a process for each preview and update.
    return [
        ResourceValidationPolicy(
            "livepull-fight",
            "No two relays may push to one stream at the same time.",
            lambda args, report: _refuse("fight", _review([args], seen), report),
        ),
        ResourceValidationPolicy(
            "livepull-expiry",
            "The signature of a push address must last until the relay ends.",
            lambda args, report: _refuse("expiry", _review([args], Conflicts()), report),
        ),
        StackValidationPolicy(
            "livepull-gap",
            "Windows of a stream that follow one another must not leave a gap.",
            lambda args, report: _refuse("gap", _review(args.resources, Conflicts()), report),
        ),
        StackValidationPolicy(
            "livepull-protect",
            "No relay may end within protected hours.",
            _refuse_ends,
            config_schema=PolicyConfigSchema(
                {PROTECT: {"type": "array", "items": {"type": "string"}}}
            ),
        ),
    ]


def _refuse(condition: str, review: Review, report: ReportViolation) -> None:
    """Report everything that a condition of the gate refuses, each at its relay."""
    _, kinds, _, _ = CONDITIONS[condition]
    for change in review.changes:
        for warned in change.warned:
            if warned.kind in kinds:
                report(f"{change.name}: {warned.text}", change.urn)


def _refuse_ends(args: StackValidationArgs, report: ReportViolation) -> None:
    """Report each relay whose window ends within protected hours."""
    try:
        protected = [period(text, ZoneInfo("UTC")) for text in args.get_config().get(PROTECT, ())]
    except ConfigError as error:
        report(f"{PROTECT}: {error}", None)
        return
    review = _review(args.resources, Conflicts())
    for airing in review.airings:
        for hours in protected:
            if airing.span.end and hours.holds(airing.span.end):
                end = Times(hours.zone, review.at).moment(airing.span.end)
                report(f"{airing.name}: ends {end}, within {hours}", airing.urn)


def _review(relays: Iterable[Relay], seen: Conflicts) -> Review:
    """Return a review of the planned relays, as if all of them were new.

    The relays are compared with those in `seen`, and added to it.
    """
    at = utc_now()
    return judge([Plan("", [step for relay in relays for step in _step(relay, seen, at)])], at)


def _step(relay: Relay, seen: Conflicts, at: datetime) -> Iterator[Step]:
    """Yield a create step for a relay that is not over, with the warnings of its provider."""
    token = token_of(relay.urn)
    if token is None:
        return
    vendor, kind = find_resource(token)
    values = from_pulumi(serialize_properties(relay.props))
    news = {prop.camel: values[prop.camel] for prop in kind.inputs() if prop.camel in values}
    if kind.airtime and not kind.ended_at(news, at):
        step = Step("create", relay.urn, vendor, kind, news=news)
        yield replace(step, said=list(_said(step, seen, at)))


def _said(step: Step, seen: Conflicts, at: datetime) -> Iterator[str]:
    checked = lifecycle.check(step.kind, step.news, step.news, at)
    yield from (f"{caution.property} {caution.reason}" for caution in checked.cautions)
    if not checked.failures and not has_unknown(checked.inputs):
        made = step.kind.from_inputs(step.kind.by_field(checked.inputs))
        yield from seen.add(step.urn, step.name, made)
