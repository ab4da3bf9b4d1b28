"""The lifecycle of a resource: one module for each operation of Pulumi's protocol.

`check`, `diff`, `preview`, `create` (with `adopt`), `read`, `update`, `delete` and `list`. They
share `state` (turns a vendor's answer into the state), `redaction` (errors without secrets),
`duplicates`, `lost_answer` and `effect` (what a change does on air).

Values are plain JSON in Pulumi's spelling (camelCase). After `check` they are in normal form, with
`UNKNOWN` for what a preview cannot know. Hosts translate to and from Pulumi; resources call
vendors.
"""

from pulumi_livepull.core.lifecycle.adopt import preview_adoption
from pulumi_livepull.core.lifecycle.check import Checked, bounded, check, with_names
from pulumi_livepull.core.lifecycle.create import create
from pulumi_livepull.core.lifecycle.delete import delete
from pulumi_livepull.core.lifecycle.diff import Diff, diff
from pulumi_livepull.core.lifecycle.effect import effect_of_create, effect_of_delete
from pulumi_livepull.core.lifecycle.list import find_all, listed_outputs
from pulumi_livepull.core.lifecycle.preview import preview
from pulumi_livepull.core.lifecycle.read import get, read, refresh
from pulumi_livepull.core.lifecycle.redaction import secrets_of
from pulumi_livepull.core.lifecycle.state import Found, Unanswered, Unfinished
from pulumi_livepull.core.lifecycle.update import update

__all__ = [
    "Checked",
    "Diff",
    "Found",
    "Unanswered",
    "Unfinished",
    "bounded",
    "check",
    "create",
    "delete",
    "diff",
    "effect_of_create",
    "effect_of_delete",
    "find_all",
    "get",
    "listed_outputs",
    "preview",
    "preview_adoption",
    "read",
    "refresh",
    "secrets_of",
    "update",
    "with_names",
]
