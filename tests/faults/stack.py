"""A stack of one resource, as Pulumi's engine would run it over the lifecycle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Unanswered, Unfinished
from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.resource import Resource
from tests.faults.line import Line

Values = dict[str, Any]


@dataclass
class Stack:
    """One resource in a program and in a state.

    What the engine does is read from its sources: a resource that is `unfinished` is updated even
    without a difference (`step_generator.go`), a replacement that deletes first leaves the state
    empty in between, and what fails otherwise leaves the state as it was. What is unanswered has
    its place in the state and is read before anything else (`deployment_executor.go`). In the
    dynamic host a creation that is unfinished counts as done, of such an update the engine learns
    nothing, and nothing is kept of what is unanswered.
    """

    kind: type[Resource]
    line: Line
    program: Values
    dynamic: bool = False
    id: str = ""
    inputs: Values = field(default_factory=dict)
    state: Values = field(default_factory=dict)
    unfinished: bool = False

    def up(self, *, refresh: bool = False) -> None:
        """Deploy the program; raises the error that a user would see."""
        api = self.line.connect(self.kind)
        if refresh or self.unanswered:
            self._refresh(api)
        wanted = self._checked(api)
        if not self.id:
            self._create(api, wanted)
            return
        found = lifecycle.diff(self.kind, self.inputs, self.state, wanted, api.now())
        if found.replaces:
            # Every resource of ours is deleted before it is replaced.
            assert found.delete_before_replace
            self._delete(api)
            self._create(api, wanted)
        elif found.changed or self.unfinished:
            self._update(api, wanted)
        else:
            self.inputs = wanted

    @property
    def unanswered(self) -> bool:
        """Whether the state has an entry for a resource that may or may not exist."""
        return Attempt.with_id(self.id) is not None

    def preview(self) -> lifecycle.Diff | None:
        """Return what `up` would change, or `None` if it would create the resource."""
        api = self.line.connect(self.kind)
        wanted = self._checked(api)
        if not self.id:
            return None
        return lifecycle.diff(self.kind, self.inputs, self.state, wanted, api.now())

    def refresh(self) -> None:
        """Read the resource's state from the vendor."""
        self._refresh(self.line.connect(self.kind))

    def destroy(self) -> None:
        """Delete the resource."""
        if self.id:
            self._delete(self.line.connect(self.kind))

    def _checked(self, api: Client) -> Values:
        given = {name: value for name, value in self.program.items() if value is not None}
        checked = lifecycle.check(self.kind, self.inputs, given, api.now())
        if checked.failures:
            raise BadProgram(checked.failures)
        return checked.inputs

    def _create(self, api: Client, wanted: Values) -> None:
        try:
            made = lifecycle.create(self.kind, api, wanted)
        except Unfinished as left:
            self._keep(left.found.id, left.found.inputs, left.found.state)
            self.unfinished = not self.dynamic
            raise
        except Unanswered as left:
            if not self.dynamic:
                self._keep(left.found.id, left.found.inputs, left.found.state)
            raise
        self._keep(made.id, made.inputs, made.state)

    def _update(self, api: Client, wanted: Values) -> None:
        try:
            state = lifecycle.update(self.kind, api, self.id, self.inputs, self.state, wanted)
        except Unfinished as left:
            if not self.dynamic:
                self._keep(self.id, left.found.inputs, left.found.state)
                self.unfinished = True
            raise
        self._keep(self.id, wanted, state)

    def _delete(self, api: Client) -> None:
        lifecycle.delete(self.kind, api, self.id, self.state)
        self._keep("", {}, {})

    def _refresh(self, api: Client) -> None:
        if not self.id:
            return
        found = lifecycle.refresh(self.kind, api, self.id, self.inputs, self.state)
        if found is None:
            self._keep("", {}, {})
        else:
            self.id, self.inputs, self.state = found.id, found.inputs, found.state

    def _keep(self, id_: str, inputs: Mapping[str, Any], state: Mapping[str, Any]) -> None:
        self.id, self.inputs, self.state = id_, dict(inputs), dict(state)
        self.unfinished = False


class BadProgram(Exception):
    """The program was refused before anything was sent."""
