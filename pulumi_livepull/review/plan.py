"""Plan: what `pulumi preview --json` prints, as far as it is about this package.

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
"""What a preview shows in place of a secret."""

HOW_TO_PREVIEW = "Run: pulumi preview --json --show-sames > plan.json"

_NAMED_SECRETS = re.compile(r"`(\w+)` \(secret\)")


@dataclass(frozen=True)
class Plan:
    """One stack's plan. `others` counts the steps that change what is of other packages.

    `errors` say why the preview failed, if it did: then the plan is not complete.
    """

    name: str
    steps: Sequence[Step]
    others: int = 0
    unseen: int = 0
    """How many resources stay the same that the plan does not show."""
    errors: Sequence[str] = ()
    warnings: Sequence[str] = ()
    """What was said of nothing in particular."""


def read_file(path: Path, content: bytes) -> Plan:
    """Return the plan in a file, in UTF-8 or as PowerShell writes it.

    Raises `StateError` if there is none.
    """
    return _plan(content, path.name)


def read_stack(name: str) -> Plan:
    """Preview a stack of the project in the current folder. Raises `StateError`."""
    return _plan(preview(name), f"stack {name}")


def resources_of(
    resources: Iterable[Json],
) -> Iterator[tuple[type[Resource], str, str, dict[str, Any]]]:
    """Yield the kind, URN, id and outputs of each resource of ours in a state."""
    for raw in resources:
        token = token_of(raw["urn"])
        if token and not raw.get("external"):
            outputs = _values(raw.get("outputs") or {}, set())
            yield find_resource(token)[1], raw["urn"], str(raw.get("id", "")), outputs


def token_of(urn: str) -> str | None:
    """Return the token of a resource of ours, in either host, or `None`."""
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
    """Return what tells the thing of a step from others of its name.

    One that a replacement of before left behind is another thing, with an id of its own.
    """
    first = (step.urn, "")
    known = steps.get(first)
    is_other = known and known.id and step.id and known.id != step.id
    is_of_replacement = step.operation in REPLACEMENTS and known and known.operation in REPLACEMENTS
    return (step.urn, step.id) if is_other and not is_of_replacement else first


def _weight(step: Step) -> tuple[int, bool]:
    """Return how much a step says beside others about the same thing.

    A refresh and what it found come before what is done. A replacement may be several steps, of
    which the one with both states says most.
    """
    order = (STAYS, UPDATES, ADOPTS | CREATES, DELETES, REPLACEMENTS)
    weight = next(at for at, operations in enumerate(order) if step.operation in operations)
    return weight, bool(step.state and step.news)


def _unseen(digest: Json) -> int:
    same = (digest.get("changeSummary") or {}).get("same", 0)
    shown = len([raw for raw in digest.get("steps") or () if raw["op"] == "same"])
    return max(0, same - shown) if isinstance(same, int) else 0


def _diagnostics(digest: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the severity, URN and text of all that was said, on one line each.

    What a dynamic provider prints comes as `info#err`, and begins with our name.
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
    """Return a message on one line: of a traceback, what it is about and how it ends."""
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
    """Return the inputs that differ, as the plugin says; a dynamic provider cannot."""
    paths = raw.get("detailedDiff") or raw.get("diffReasons")
    if not paths:
        return None
    tops = {re.split(r"[.\[]", path, maxsplit=1)[0] for path in paths}
    return frozenset(tops & {prop.camel for prop in kind.inputs()})


def _values(given: Json, secret: set[str]) -> dict[str, Any]:
    """Return plain values, and add the names of those that hold a secret to `secret`."""
    hidden = {name for name, value in given.items() if _holds_secret(value)}
    secret |= hidden
    shown = {name: value for name, value in given.items() if name not in hidden}
    return from_pulumi(shown) | dict.fromkeys(hidden, UNKNOWN)


def _holds_secret(value: Any) -> bool:
    """Return whether a value is hidden, or encrypted as in a state, in part or as a whole."""
    if isinstance(value, list):
        return any(map(_holds_secret, value))
    if isinstance(value, dict):
        return SIGNATURE in value or any(map(_holds_secret, value.values()))
    return bool(value == HIDDEN)
