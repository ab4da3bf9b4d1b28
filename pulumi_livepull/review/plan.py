"""Plan: the parts of `pulumi preview --json` that concern this package.

Source: `previewDigest` and `previewStep` in Pulumi's pkg/backend/display/json.go.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.errors import StateError, redact
from pulumi_livepull.hosts.migration import TOKENS
from pulumi_livepull.hosts.registry import find_resource
from pulumi_livepull.hosts.stack import preview
from pulumi_livepull.hosts.values import SIGNATURE, from_pulumi
from pulumi_livepull.review.step import (
    ADOPTS,
    CREATES,
    DELETES,
    KNOWN,
    REPLACEMENTS,
    STAYS,
    UPDATES,
    Step,
    printable,
    stack_of,
)

Json = Mapping[str, Any]

HIDDEN = "[secret]"
"""A preview's placeholder for a secret."""

HOW_TO_PREVIEW = "Run: pulumi preview --json --show-sames > plan.json"

_NAMED_SECRETS = re.compile(r"`(\w+)` \(secret\)")


@dataclass(frozen=True)
class Plan:
    """One stack's plan. `others` counts the changes to resources of other packages.

    `errors` say why the preview failed, if it did. The plan is then incomplete.
    """

    name: str
    steps: Sequence[Step]
    others: int = 0
    unseen: int = 0
    """Number of unchanged resources that the plan does not show."""
    errors: Sequence[str] = ()
    warnings: Sequence[str] = ()
    """Warnings that concern no resource."""


def read_file(path: Path, content: bytes) -> Plan:
    """Parse the plan in a file, in UTF-8 or in PowerShell's encoding.

    Raises `StateError` if it is not a plan.
    """
    return _plan(content, path.name)


def read_stack(name: str) -> Plan:
    """Preview a stack of the project in the current folder. Raises `StateError`."""
    return _plan(preview(name), f"stack {name}")


def resources_of(
    resources: Iterable[Json],
) -> Iterator[tuple[type[Resource], str, str, dict[str, Any]]]:
    """Yield the type, URN, id and outputs of each of our resources in a state."""
    for raw in resources:
        token = token_of(raw["urn"])
        if token and not raw.get("external"):
            outputs = _values(raw.get("outputs") or {}, set())
            yield find_resource(token)[1], raw["urn"], str(raw.get("id", "")), outputs


def token_of(urn: str) -> str | None:
    """Return the token of one of our resources, in either host, or `None`."""
    given = urn.split("::")[2].rpartition("$")[2]
    token: str = TOKENS.get(given, given)
    return token if token in TOKENS.values() else None


def _plan(text: str | bytes, source: str) -> Plan:
    try:
        digest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StateError(f"{source} is not JSON: {error}", HOW_TO_PREVIEW) from error
    if not isinstance(digest, dict) or not isinstance(digest.get("steps", []), list):
        raise StateError(f"{source} is not what a preview prints as JSON", HOW_TO_PREVIEW)
    if not digest.keys() & {"steps", "diagnostics", "changeSummary"}:
        raise StateError(f"{source} has no steps of a preview", HOW_TO_PREVIEW)
    try:
        return _read(digest, source)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise StateError(f"{source} has a step that cannot be read", HOW_TO_PREVIEW) from error


def _read(digest: Json, source: str) -> Plan:
    said = list(_diagnostics(digest))
    steps: dict[tuple[str, str], Step] = {}
    others, named = 0, ""
    for raw in digest.get("steps") or ():
        named = named or stack_of(raw["urn"])
        token = token_of(raw["urn"])
        if token is None:
            others += _is_change(raw)
        elif raw["op"] in KNOWN:
            step = _step(raw, token, said)
            key = _place(step, steps)
            steps[key] = max(steps.get(key, step), step, key=_weight)
    of_ours = {line for step in steps.values() for line in step.said}
    warnings = [text for severity, urn, text in said if severity == "warning" and not urn]
    return Plan(
        named or source,
        list(steps.values()),
        others,
        _unseen(digest),
        [text for severity, _, text in said if severity == "error"],
        [text for text in warnings if text not in of_ours],
    )


def _place(step: Step, steps: Mapping[tuple[str, str], Step]) -> tuple[str, str]:
    """Return a key that identifies the resource of a step.

    A resource that an earlier replacement left behind has the same URN, but another id.
    """
    first = (step.urn, "")
    known = steps.get(first)
    is_other = known and known.id and step.id and known.id != step.id
    is_of_replacement = step.operation in REPLACEMENTS and known and known.operation in REPLACEMENTS
    return (step.urn, step.id) if is_other and not is_of_replacement else first


def _weight(step: Step) -> tuple[int, bool]:
    """Return how informative a step is, compared to others about the same resource.

    Operations outweigh a refresh and its results. A replacement may have several steps; the one
    with both states is the most informative.
    """
    order = (STAYS, UPDATES, ADOPTS | CREATES, DELETES, REPLACEMENTS)
    weight = next(at for at, operations in enumerate(order) if step.operation in operations)
    return weight, bool(step.state and step.news)


def _unseen(digest: Json) -> int:
    same = (digest.get("changeSummary") or {}).get("same", 0)
    shown = len([raw for raw in digest.get("steps") or () if raw["op"] == "same"])
    return max(0, same - shown) if isinstance(same, int) else 0


def _diagnostics(digest: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the severity, URN and text of each diagnostic, on one line.

    Output of a dynamic provider has the severity `info#err` and begins with our name.
    """
    for each in digest.get("diagnostics") or ():
        text = _short(str(each.get("message") or ""))
        if not text:
            continue
        severity = str(each.get("severity", "")).partition("#")[0]
        ours = text.removeprefix("livepull: ")
        if severity == "info" and ours != text:
            severity = "warning"
        yield severity, str(each.get("urn", "")), ours.removeprefix(f"{severity}: ")


def _short(message: str) -> str:
    """Return a message on one line. Of a traceback, keep the first and the last line."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if any(line.startswith("Traceback") for line in lines):
        lines = [lines[0], lines[-1]]
    return redact(printable(" ".join(lines)))


def _is_change(raw: Json) -> bool:
    is_resource = "pulumi:pulumi:Stack" not in raw["urn"] and "pulumi:providers:" not in raw["urn"]
    return is_resource and raw["op"] in KNOWN - STAYS


def _step(raw: Json, token: str, said: Sequence[tuple[str, str, str]]) -> Step:
    vendor, kind = find_resource(token)
    raw["urn"].split("::", 3)[3]  # Every resource has a name.
    old, new = raw.get("oldState") or {}, raw.get("newState") or {}
    secret: set[str] = set()
    state = _values(old.get("outputs") or old.get("inputs") or {}, secret)
    inputs = _values(old.get("inputs") or {}, secret)
    news = _values(new.get("inputs") or {}, secret)
    resource_id = str(old.get("id") or new.get("id") or "")
    operation = raw["op"]
    if operation in CREATES | ADOPTS:
        state, inputs = {}, {}
    about = [
        text
        for severity, urn, text in said
        if severity == "warning"
        and (urn == raw["urn"] or (resource_id and _mentions(text, kind, resource_id)))
    ]
    for text in about:
        secret |= {camel(name) for name in _NAMED_SECRETS.findall(text)}
    return Step(
        operation,
        raw["urn"],
        vendor,
        kind,
        resource_id,
        state,
        inputs,
        {} if operation in DELETES else news,
        _changed(raw, kind),
        secret & {prop.camel for prop in kind.inputs()},
        str(new.get("parent") or old.get("parent") or ""),
        bool(old.get("retainOnDelete")),
        about,
    )


def _mentions(text: str, kind: type[Resource], resource_id: str) -> bool:
    return text.startswith(f"{kind.label()} ") and resource_id in text


def _changed(raw: Json, kind: type[Resource]) -> frozenset[str] | None:
    """Return the inputs that differ, which only the plugin reports."""
    paths = raw.get("detailedDiff") or raw.get("diffReasons")
    if not paths:
        return None
    tops = {re.split(r"[.\[]", path, maxsplit=1)[0] for path in paths}
    return frozenset(tops & {prop.camel for prop in kind.inputs()})


def _values(given: Json, secret: set[str]) -> dict[str, Any]:
    """Return plain values, and add the names of those that contain a secret to `secret`."""
    hidden = {name for name, value in given.items() if _holds_secret(value)}
    secret |= hidden
    shown = {name: value for name, value in given.items() if name not in hidden}
    return from_pulumi(shown) | dict.fromkeys(hidden, UNKNOWN)


def _holds_secret(value: Any) -> bool:
    """Return whether a value is or contains a hidden or encrypted secret."""
    if isinstance(value, list):
        return any(map(_holds_secret, value))
    if isinstance(value, dict):
        return SIGNATURE in value or any(map(_holds_secret, value.values()))
    return bool(value == HIDDEN)
