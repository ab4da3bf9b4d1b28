"""Step: what a plan does to one of our resources."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pulumi_livepull.core.lifecycle.diff import differs, is_secret
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.on_air import Span
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.core.vendor import Vendor

Json = Mapping[str, Any]

REPLACEMENTS = {"replace", "create-replacement", "delete-replaced", "import-replacement"}
CREATES, UPDATES, DELETES, STAYS = {"create"}, {"update"}, {"delete"}, {"same", "refresh"}
ADOPTS = {"import"}
KNOWN = REPLACEMENTS | CREATES | UPDATES | DELETES | STAYS | ADOPTS
"""Operations on resources that a stack manages. Resources that it only reads are not judged."""


@dataclass(frozen=True)
class Step:
    """What a plan does to one of our resources.

    `state` is the current state, empty for a new resource, and `news` are the new inputs, empty for
    a deleted one. Both are in Pulumi's spelling, with `UNKNOWN` for values that are secret or not
    known yet. `changed` names the inputs that differ, or is `None` if the plan does not say, and
    `secret` names those whose values it hides. `said` contains the providers' messages about it,
    and `parent` is the URN of its component, if any.
    """

    operation: str
    urn: str
    vendor: Vendor
    kind: type[Resource]
    id: str = ""
    state: Json = field(default_factory=dict)
    inputs: Json = field(default_factory=dict)
    news: Json = field(default_factory=dict)
    changed: Set[str] | None = None
    secret: Set[str] = frozenset()
    parent: str = ""
    is_retained: bool = False
    said: Sequence[str] = ()

    @property
    def stack(self) -> str:
        """The names of project and stack, such as `tv/prod`."""
        return stack_of(self.urn)

    @property
    def name(self) -> str:
        """The name in the program."""
        return printable(self.urn.split("::", 3)[3])

    @property
    def schedule(self) -> str:
        """The URN of the schedule that it belongs to, or an empty text."""
        return self.parent if "Schedule::" in self.parent else ""

    @property
    def stream(self) -> str:
        """The stream, without any key; empty if it is not known."""
        airtime = self.kind.airtime
        if airtime is None:
            return printable(self.kind.name_of(known(self.news) or known(self.state)))
        for values in (self.state, self.news):
            if found := airtime.stream(known(values)):
                return printable(found)
        # If the address is secret, the provider's message contains the part that may be shown.
        start, end = f"{self.kind.label()} ", f" ({self.id})"
        for text in self.said:
            if self.id and text.startswith(start) and end in text:
                return text.removeprefix(start).partition(end)[0]
        return ""

    @cached_property
    def differing(self) -> Set[str]:
        """The names of the fields that differ, as far as that can be determined.

        A preview's JSON lists them only for the plugin. For the dynamic host, values are compared
        here, except for secrets, whose changes the provider reports in a message.
        """
        if self.operation not in UPDATES | REPLACEMENTS:
            return frozenset()
        fields = {prop.camel: prop for prop in self.kind.inputs()}
        if self.changed is not None:
            return {fields[name].name for name in self.changed}
        shown = {
            prop.name
            for prop in fields.values()
            if prop.camel not in self.secret and differs(prop, self.inputs, self.state, self.news)
        }
        said = {
            prop.name
            for prop in fields.values()
            if prop.camel in self.secret
            and any(f"`{prop.name}` (secret)" in text for text in self.said)
        }
        hidden = {fields[name].name for name in self.secret}
        return shown | said or hidden

    @property
    def is_adopted(self) -> bool:
        """Whether it adopts an existing resource."""
        return bool(self.news.get("adopt")) and self.operation in CREATES

    @property
    def why(self) -> list[str]:
        """The names of the inputs that differ, without values."""
        fields = self.kind.properties()
        return [
            f"`{fields[name].camel}`"
            + (" (secret)" if fields[name].camel in self.secret or self._is_secret(name) else "")
            for name in sorted(self.differing, key=camel)
        ]

    def _is_secret(self, name: str) -> bool:
        prop = self.kind.properties()[name]
        return is_secret(prop, known(self.state), known(self.news))

    @property
    def before(self) -> Span | None:
        """When a relay is on air now."""
        airtime = self.kind.airtime
        return airtime.span(self.state) if airtime and self.state else None

    @property
    def after(self) -> Span | None:
        """When a relay will be on air. For omitted inputs, the vendor's earlier choice remains."""
        airtime = self.kind.airtime
        if airtime is None or not self.news:
            return None
        if self.operation in STAYS:
            return airtime.span(self.state or self.news)
        kept = {} if self.operation in REPLACEMENTS | CREATES else self.state
        return airtime.span_after(kept, self.news)

    @property
    def place(self) -> str:
        """Where it is at the vendor: region and account, as far as known."""
        values = {**known(self.news), **known(self.state)}
        account = self.kind.identity.account
        names = ["region", *([camel(account)] if account else [])]
        found = [str(values[name]) for name in names if values.get(name)]
        return printable(", ".join(found))


def known(values: Json) -> dict[str, Any]:
    """Return the values that are neither secret nor unknown."""
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def pushed_stream(kind: type[Resource], values: Json) -> str:
    """Return a key that identifies the stream that a relay pushes to.

    It may contain a secret. It is empty if the values do not say, for example if an address is
    secret.
    """
    try:
        push = kind.from_inputs(kind.by_field(known(values))).pushes()
    except ValueError:
        return ""
    return push.stream if push and push.stream.strip("/") else ""


def stack_of(urn: str) -> str:
    """Return the names of project and stack in a URN, such as `tv/prod`."""
    parts = urn.split("::", 3)
    stack = parts[0].removeprefix("urn:pulumi:").rpartition("/")[2]
    return printable(f"{parts[1]}/{stack}")


def printable(text: str) -> str:
    """Return a text on one line, without control characters."""
    return "".join(each if each.isprintable() else " " for each in text)
