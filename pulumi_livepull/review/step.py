"""Step: what a plan does to one resource of ours."""

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
"""What may happen to a resource that a stack manages. One that it only reads is not judged."""


@dataclass(frozen=True)
class Step:
    """What a plan does to one resource of ours.

    `state` is what there is, and empty for a new one; `news` are the inputs that there will be, and
    empty for one that is deleted. Both are in Pulumi's spelling, with `UNKNOWN` for what is secret
    or not known yet. `changed` are the names of the inputs that differ, or `None` where the plan
    does not say, and `secret` those whose values it hides. `said` is what providers said of it,
    and `parent` the URN of the component that it belongs to, if any.
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
        """The names of the project and the stack, as in `tv/prod`."""
        return stack_of(self.urn)

    @property
    def name(self) -> str:
        """The name in the program."""
        return printable(self.urn.split("::", 3)[3])

    @property
    def schedule(self) -> str:
        """The URN of the schedule that it is a task of, or an empty text."""
        return self.parent if "Schedule::" in self.parent else ""

    @property
    def stream(self) -> str:
        """The stream as a reader knows it, never with a key; empty if it is not known."""
        airtime = self.kind.airtime
        if airtime is None:
            return printable(self.kind.name_of(known(self.news) or known(self.state)))
        for values in (self.state, self.news):
            if found := airtime.stream(known(values)):
                return printable(found)
        # Where the address is secret, the provider has said what may be shown of it.
        start, end = f"{self.kind.label()} ", f" ({self.id})"
        for text in self.said:
            if self.id and text.startswith(start) and end in text:
                return text.removeprefix(start).partition(end)[0]
        return ""

    @cached_property
    def differing(self) -> Set[str]:
        """The names of the fields that differ, as far as anybody can tell.

        The JSON of a preview has them of the plugin only. What a dynamic provider has is compared
        here, but for secrets, of which the provider itself says that they changed.
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
        """Whether it takes over what exists already."""
        return bool(self.news.get("adopt")) and self.operation in CREATES

    @property
    def why(self) -> list[str]:
        """The inputs that differ, by name and never with a value."""
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
        """When a relay is on air as things are."""
        airtime = self.kind.airtime
        return airtime.span(self.state) if airtime and self.state else None

    @property
    def after(self) -> Span | None:
        """When a relay will be on air. What is left out may be as the vendor chose it before."""
        airtime = self.kind.airtime
        if airtime is None or not self.news:
            return None
        if self.operation in STAYS:
            return airtime.span(self.state or self.news)
        kept = {} if self.operation in REPLACEMENTS | CREATES else self.state
        return airtime.span_after(kept, self.news)

    @property
    def place(self) -> str:
        """Where at the vendor a thing is: its region and account, as far as known."""
        values = {**known(self.news), **known(self.state)}
        account = self.kind.identity.account
        names = ["region", *([camel(account)] if account else [])]
        found = [str(values[name]) for name in names if values.get(name)]
        return printable(", ".join(found))


def known(values: Json) -> dict[str, Any]:
    """Return the values that are neither secret nor unknown."""
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def pushed_stream(kind: type[Resource], values: Json) -> str:
    """Return what tells the stream that a relay pushes to from any other.

    It may hold a secret. Empty if the values do not tell, such as where an address is secret.
    """
    try:
        push = kind.from_inputs(kind.by_field(known(values))).pushes()
    except ValueError:
        return ""
    return push.stream if push and push.stream.strip("/") else ""


def stack_of(urn: str) -> str:
    """Return the names of the project and the stack in a URN, as in `tv/prod`."""
    parts = urn.split("::", 3)
    stack = parts[0].removeprefix("urn:pulumi:").rpartition("/")[2]
    return printable(f"{parts[1]}/{stack}")


def printable(text: str) -> str:
    """Return a text on one line, without what steers a terminal or hides its order."""
    return "".join(each if each.isprintable() else " " for each in text)
