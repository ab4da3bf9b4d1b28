"""Plan: what `pulumi preview --json` prints, as far as it is about this package.

Source: `previewDigest` and `previewStep` in Pulumi's pkg/backend/display/json.go.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi_livepull.core.property import UNKNOWN
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.errors import StateError
from pulumi_livepull.hosts.migration import TOKENS
from pulumi_livepull.hosts.registry import find_resource
from pulumi_livepull.hosts.stack import preview
from pulumi_livepull.hosts.values import SIGNATURE, from_pulumi

Json = Mapping[str, Any]

HIDDEN = "[secret]"
"""What a preview shows in place of a secret."""

REPLACEMENTS = {"replace", "create-replacement", "delete-replaced", "import-replacement"}
CREATES, UPDATES, DELETES, STAYS = {"create"}, {"update"}, {"delete"}, {"same", "refresh"}
ADOPTS = {"import"}
KNOWN = REPLACEMENTS | CREATES | UPDATES | DELETES | STAYS | ADOPTS
"""What may happen to a resource that a stack manages. One that it only reads is not judged."""

HOW_TO_PREVIEW = "Run: pulumi preview --json --show-sames > plan.json"

_NAMED_SECRETS = re.compile(r"`(\w+)` \(secret\)")


@dataclass(frozen=True)
class Step:
    """What a plan does to one resource of ours.

    `state` is what there is, and empty for a new one; `news` are the inputs that there will be, and
    empty for one that is deleted. Both are in Pulumi's spelling, with `UNKNOWN` for what is secret
    or not known yet. `changed` are the names of the inputs that differ, where the plan says so, and
    `secret` those whose values it hides. `said` is what providers said of the resource.
    """

    operation: str
    urn: str
    vendor: Vendor
    kind: type[Resource]
    id: str = ""
    state: Json = field(default_factory=dict)
    inputs: Json = field(default_factory=dict)
    news: Json = field(default_factory=dict)
    changed: Set[str] = frozenset()
    secret: Set[str] = frozenset()
    is_retained: bool = False
    said: Sequence[str] = ()

    @property
    def stack(self) -> str:
        """The name of the stack."""
        return self.urn.split("::")[0].rpartition(":")[2]

    @property
    def name(self) -> str:
        """The name in the program."""
        return self.urn.split("::", 3)[3]

    @property
    def schedule(self) -> str:
        """What the parents in the URN and the schedule's part of the name are, if it is of one."""
        parents = self.urn.split("::")[2].rpartition("$")[0]
        return f"{parents} {self.name.rpartition('-')[0]}" if "Schedule" in parents else ""


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


def read_file(path: Path, text: str) -> Plan:
    """Return the plan in a file. Raises `StateError` if there is none."""
    return _plan(text, str(path))


def read_stack(name: str) -> Plan:
    """Preview a stack of the project in the current folder. Raises `StateError`."""
    return _plan(preview(name), f"stack {name}")


def resources_of(
    resources: Iterable[Json],
) -> Iterator[tuple[type[Resource], str, str, dict[str, Any]]]:
    """Yield the kind, URN, id and outputs of each resource of ours in a state."""
    for raw in resources:
        token = _token(raw)
        if token and not raw.get("external"):
            outputs = _values(raw.get("outputs") or {}, set())
            yield find_resource(token)[1], raw["urn"], str(raw.get("id", "")), outputs


def _plan(text: str, source: str) -> Plan:
    try:
        digest = json.loads(text)
    except ValueError as error:
        raise StateError(f"{source} is not JSON: {error}", HOW_TO_PREVIEW) from error
    if not isinstance(digest, dict) or not isinstance(digest.get("steps", []), list):
        raise StateError(f"{source} is not what a preview prints as JSON", HOW_TO_PREVIEW)
    if not digest.keys() & {"steps", "diagnostics", "changeSummary"}:
        raise StateError(f"{source} has no steps of a preview", HOW_TO_PREVIEW)
    try:
        return _read(digest, source)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise StateError(f"{source} has a step that cannot be read", HOW_TO_PREVIEW) from error


def _read(digest: Json, source: str) -> Plan:
    said = list(_diagnostics(digest))
    steps: dict[str, Step] = {}
    others, named = 0, ""
    for raw in digest.get("steps") or ():
        named = named or raw["urn"].split("::")[0].rpartition(":")[2]
        token = _token(raw)
        if token is None:
            others += _is_change(raw)
        elif raw["op"] in KNOWN:
            step = _step(raw, token, said)
            # A replacement may be several steps, of which the first with both states tells most.
            known = steps.get(step.urn)
            steps[step.urn] = known if known and known.state and known.news else step
    of_ours = {line for step in steps.values() for line in step.said}
    return Plan(
        named or source,
        list(steps.values()),
        others,
        _unseen(digest),
        [text for severity, _, text in said if severity == "error"],
        [t for severity, urn, t in said if severity == "warning" and t not in of_ours and not urn],
    )


def _unseen(digest: Json) -> int:
    same = int((digest.get("changeSummary") or {}).get("same", 0))
    return max(0, same - len([raw for raw in digest.get("steps") or () if raw["op"] == "same"]))


def _diagnostics(digest: Json) -> Iterator[tuple[str, str, str]]:
    """Yield the severity, URN and text of all that was said, on one line each.

    What a dynamic provider prints comes as `info#err`, and begins with our name.
    """
    for each in digest.get("diagnostics") or ():
        text = _short(str(each.get("message", "")))
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
    return " ".join(lines)


def _token(raw: Json) -> str | None:
    """Return the token of a resource of ours, in either host, or `None`."""
    given = raw["urn"].split("::")[2].rpartition("$")[2]
    token: str = TOKENS.get(given, given)
    return token if token in TOKENS.values() else None


def _is_change(raw: Json) -> bool:
    is_resource = "pulumi:pulumi:Stack" not in raw["urn"] and "pulumi:providers:" not in raw["urn"]
    return is_resource and raw["op"] in KNOWN - STAYS


def _step(raw: Json, token: str, said: Sequence[tuple[str, str, str]]) -> Step:
    vendor, kind = find_resource(token)
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
        secret |= set(map(_camel(kind), _NAMED_SECRETS.findall(text)))
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
        bool(old.get("retainOnDelete")),
        about,
    )


def _mentions(text: str, kind: type[Resource], resource_id: str) -> bool:
    return text.startswith(f"{kind.label()} ") and resource_id in text


def _camel(kind: type[Resource]) -> Any:
    names = {prop.name: prop.camel for prop in kind.inputs()}
    return lambda name: names.get(name, name)


def _changed(raw: Json, kind: type[Resource]) -> frozenset[str]:
    """Return the inputs that differ, as the plugin says; a dynamic provider cannot."""
    paths = raw.get("detailedDiff") or raw.get("diffReasons") or ()
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
