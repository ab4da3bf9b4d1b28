"""The command `livepull doctor`: what it looks at, how it shows that, and how it ends."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from pulumi_livepull.core.credentials import Environment
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.doctor.account import Account
from pulumi_livepull.doctor.check import Check
from pulumi_livepull.doctor.machine import machine
from pulumi_livepull.doctor.network import NETWORK, Network
from pulumi_livepull.doctor.stack import Stack, read_stack, stack_checks
from pulumi_livepull.errors import ConfigError, LivePullError
from pulumi_livepull.vendors import NAMES, VENDORS, named

FAILED, NOT_READY = 1, 2
"""Exit codes: it could not look; it looked, and something must be mended before `pulumi up`."""

VERSION = 1
"""Of the JSON document. A field may be added to it without a new one."""


def run(chosen: argparse.Namespace) -> int:
    """Look at what was chosen, show it, and return the exit code."""
    try:
        stack = read_stack(chosen.stack) if chosen.stack else None
        vendors = [_vendor(name) for name in dict.fromkeys(chosen.vendor)]
        checks = list(examine(stack, vendors, os.environ))
    except LivePullError as error:
        print(error, file=sys.stderr)
        return FAILED
    wants_json = chosen.json or chosen.format == "json"
    _print(document(checks) if wants_json else text(checks))
    return 0 if is_ready(checks) else NOT_READY


def examine(
    stack: Stack | None,
    vendors: Sequence[Vendor],
    environ: Environment,
    *,
    options: Mapping[str, Any] | None = None,
    network: Network = NETWORK,
) -> Iterator[Check]:
    """Yield every row: this machine, each account, the stack.

    Without `vendors`, those count that the stack, its config or the environment speaks of.
    `options` are those of the clients.
    """
    config = stack.config if stack else {}
    yield from machine(needs_plugin=bool(stack and stack.needs_plugin))
    chosen = vendors or [each for each in VENDORS if _is_used(each, stack, config, environ)]
    if not chosen:
        yield _nobody()
    accounts: dict[str, Account] = {}
    for vendor in chosen:
        account = Account(vendor, config, environ, options or {}, network)
        if stack:
            account.regions = stack.named(vendor.name, "region")
            account.domains = stack.named(vendor.name, *account.reads.fields)
        accounts[vendor.name] = account
        yield from account.checks()
    if stack:
        yield from stack_checks(stack, accounts)


def _is_used(
    vendor: Vendor, stack: Stack | None, config: Mapping[str, str], environ: Environment
) -> bool:
    """Return whether a stack has something of a vendor, or any place has keys of it."""
    if stack and stack.of(vendor.name):
        return True
    for source in vendor.credentials:
        try:
            if any(source.held(config, environ).values):
                return True
        except ConfigError:
            return True
    return False


def _nobody() -> Check:
    return Check(
        "accounts",
        "keys",
        "failed",
        f"no place has keys of {', '.join(NAMES)}",
        "Name a stack whose config has keys with --stack, or say with --vendor which you mean.",
        "not_signed_in",
    )


def _vendor(name: str) -> Vendor:
    if name in NAMES:
        return named(name)
    close = get_close_matches(name, NAMES, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(NAMES)}."
    raise ConfigError(f"there is no vendor {name}", hint)


def is_ready(checks: Sequence[Check]) -> bool:
    """Return whether nothing has to be mended."""
    return all(check.state != "failed" for check in checks)


def document(checks: Sequence[Check]) -> str:
    """Return the rows as JSON."""
    rows = [vars(check) for check in checks]
    return json.dumps({"version": VERSION, "ready": is_ready(checks), "checks": rows}, indent=2)


def text(checks: Sequence[Check]) -> str:
    """Return the rows as a table, a part for each section, with what to do below a row."""
    lines = []
    for section, rows in groupby(checks, key=lambda check: check.section):
        some = list(rows)
        width = max(len(check.name) for check in some)
        lines.append(f"{section}:")
        for check in some:
            lines.append(f"  {check.state:<8} {check.name:<{width}}  {check.what}")
            if check.remedy:
                lines.append(f"  {'':<8} {'':<{width}}  -> {check.remedy}")
        lines.append("")
    return "\n".join([*lines, _sum(checks)])


def _sum(checks: Sequence[Check]) -> str:
    states = Counter(check.state for check in checks)
    warnings = states["warning"]
    counted = f", {warnings} warning{'' if warnings == 1 else 's'}" if warnings else ""
    if is_ready(checks):
        return f"ready{counted}"
    return f"not ready: {states['failed']} failed{counted}"


def _print(shown: str) -> None:
    """Print a text, with a question mark for what the terminal has no character for."""
    encoding = sys.stdout.encoding or "utf-8"
    print(shown.encode(encoding, "replace").decode(encoding), flush=True)
