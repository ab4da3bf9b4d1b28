"""Pulumi's meaning: check, diff, foresee, create, read, update and delete, for any resource.

Values here are plain JSON in Pulumi's spelling (camelCase), in normal form once checked, with
`UNKNOWN` where a preview cannot know. Hosts translate to and from Pulumi; resources call vendors.
"""

from pulumi_livepull.core.lifecycle.adopting import preview_adoption
from pulumi_livepull.core.lifecycle.changing import delete, update
from pulumi_livepull.core.lifecycle.checking import Checked, check, few, named
from pulumi_livepull.core.lifecycle.comparing import Diff, diff
from pulumi_livepull.core.lifecycle.creating import create
from pulumi_livepull.core.lifecycle.foreseeing import foresee
from pulumi_livepull.core.lifecycle.listing import find_all, shown
from pulumi_livepull.core.lifecycle.reading import Found, get, read, refresh
from pulumi_livepull.core.lifecycle.saying import secrets_of

__all__ = [
    "Checked",
    "Diff",
    "Found",
    "check",
    "create",
    "delete",
    "diff",
    "few",
    "find_all",
    "foresee",
    "get",
    "named",
    "preview_adoption",
    "read",
    "refresh",
    "secrets_of",
    "shown",
    "update",
]
