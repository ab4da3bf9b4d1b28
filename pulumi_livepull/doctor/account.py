"""One account: its keys, its settings, the way to its vendor, and what it may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.answers import MAY_HAVE_TAKEN_EFFECT
from pulumi_livepull.core.clock import Clock, utc_now
from pulumi_livepull.core.credentials import Environment, Found, find_credentials
from pulumi_livepull.core.reads import Place, Read, Reads
from pulumi_livepull.core.vendor import NAMESPACE, Vendor
from pulumi_livepull.doctor.check import Check, Kind, State, line, of_error
from pulumi_livepull.doctor.network import NETWORK, Network, way
from pulumi_livepull.errors import (
    ConfigError,
    LivePullError,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    Throttled,
    TransportError,
    WrongRegion,
    hiding,
)

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

CLOCK_MAY_BE_OFF = timedelta(seconds=60)
"""How far this machine's clock may be from the vendor's, whose answers tell whole seconds."""

HURRY = {f"{NAMESPACE}maxRetries": "1", f"{NAMESPACE}timeoutSeconds": "15"}
"""A doctor who retries for two minutes is no help."""

KINDS: Sequence[tuple[type[LivePullError], Kind]] = (
    (NotSignedIn, "not_signed_in"),
    (NoPermission, "no_permission"),
    (NotOpened, "not_opened"),
    (WrongRegion, "wrong_region"),
    (Throttled, "throttled"),
    (TransportError, "unreachable"),
    (ConfigError, "settings"),
)
"""What an error means, for programs."""


def kind_of(error: LivePullError, api: Client, region: str) -> Kind:
    """Return what is wrong, for programs.

    A region that the vendor does not have shows itself by a name that nobody knows, or by a project
    that the account lacks.
    """
    kinds = (kind for which, kind in KINDS if isinstance(error, which))
    kind: Kind = next(kinds, "other")
    lost = kind == "unreachable" and region and any(api.doubts_about(region))
    projectless = kind == "settings" and "region" in error.what
    return "wrong_region" if lost or projectless else kind


@dataclass
class Account:
    """A vendor's account, as a stack's config and the environment give it.

    `regions` are those that the stack's resources are in, `domains` what the stack names.
    `options` are those of `Client`.
    """

    vendor: Vendor
    config: Mapping[str, str]
    environ: Environment
    options: Mapping[str, Any] = field(default_factory=dict)
    network: Network = NETWORK
    regions: Sequence[str] = ()
    domains: Sequence[str] = ()

    api: Client | None = None
    """The client, once there are keys. What the stack holds is read with it."""

    _is_out_of_reach: bool = False
    """Whether the last call did not reach the service."""

    @property
    def section(self) -> str:
        """Where its rows belong."""
        return self.vendor.name

    @property
    def reads(self) -> Reads:
        """What the vendor can be asked."""
        reads: Reads = resolve_name(f"pulumi_livepull.vendors.{self.vendor.name}.reads:READS")
        return reads

    def checks(self) -> Iterator[Check]:
        """Yield every row."""
        clock: Clock = self.options.get("clock", utc_now)
        try:
            found = find_credentials(
                self.vendor.name, self.vendor.credentials, self.config, self.environ, clock
            )
        except ConfigError as error:
            yield of_error(self.section, "keys", error, "not_signed_in")
            return
        with hiding(found.secrets):
            yield self._keys(found)
            yield from self._settings(found)
            try:
                config = {**self.config, **HURRY}
                self.api = self.vendor.client(config, self.environ, **self.options)
            except ConfigError as error:
                yield of_error(self.section, "settings", error, "settings")
            else:
                yield from self._answers(self.api)

    def _keys(self, found: Found) -> Check:
        hidden = [held for held in self._held() if held != found.place]
        what = f"from {found.place}"
        if found.credentials.security_token:
            what += ", temporary"
        if not hidden:
            return Check(self.section, "keys", "ok", what)
        return Check(self.section, "keys", "note", f"{what}; hides those in {', '.join(hidden)}")

    def _held(self) -> Iterator[str]:
        """Yield every place that holds something; one that cannot be read holds it, too."""
        for source in self.vendor.credentials:
            try:
                held = source.held(self.config, self.environ)
            except ConfigError as error:
                yield line(error.what)
            else:
                if any(held.values):
                    yield held.place

    def _settings(self, found: Found) -> Iterator[Check]:
        for setting in self.vendor.settings:
            places = list(self.vendor.places(setting, self.config, self.environ))
            if beside := found.settings.get(setting.name):
                places.append((f"the profile of the keys ({found.place})", beside))
            if places:
                (place, said), *others = places
                hides = f"; hides {', '.join(other for other, _ in others)}" if others else ""
                what = line(f"{said}, from {place}{hides}")
                name = setting.name.replace("_", " ")
                yield Check(self.section, name, "note" if others else "ok", what)

    def _answers(self, api: Client) -> Iterator[Check]:
        """Yield how the vendor answers."""
        try:
            region = self._region(api)
            if region:
                yield from self._doubts(api, region)
            address = api.address(region)
        except ConfigError as error:
            yield of_error(self.section, "region", error, "wrong_region")
            return
        yield Check(self.section, "address", "ok", address)
        yield from way(self.section, address, api.now(), self.network)
        names, listed = self._list(api, region)
        domain = next(iter((*self.domains, *names)), "")
        for read in self.reads.families:
            yield self._read(api, read, Place(region, domain))
        yield listed
        yield from self._missing(names, listed)
        yield self._clocks(api)

    def _region(self, api: Client) -> str:
        """Return the region to look in; empty where the vendor has none."""
        if not hasattr(api, "region"):
            return ""
        try:
            return str(api.region(None))
        except ConfigError:
            if not self.regions:
                raise
            return self.regions[0]

    def _doubts(self, api: Client, region: str) -> Iterator[Check]:
        for doubt in api.doubts_about(region):
            key = self.vendor.config_key("region")
            remedy = f"Run: pulumi config set {key} <region>"
            yield Check(self.section, "region", "warning", line(doubt), remedy, "wrong_region")

    def _list(self, api: Client, region: str) -> tuple[list[str], Check]:
        """Return the domains of the account, and the row that says so."""
        try:
            names = list(filter(None, self.reads.names(api, Place(region, ""))))
        except LivePullError as error:
            return [], self._refused(api, self.reads.domains, error, region)
        count = f"{len(names)} domain{'' if len(names) == 1 else 's'}"
        return names, Check(self.section, self.reads.domains.family, "ok", f"{count} listed")

    def _missing(self, names: Sequence[str], listed: Check) -> Iterator[Check]:
        if listed.state != "ok":
            return
        for domain in self.domains:
            if domain not in names:
                yield Check(
                    self.section,
                    "domains",
                    "failed",
                    f"{domain}, which the stack names, is not among them",
                    "Add it in the vendor's console, or correct it in the program.",
                    "missing",
                )

    def _read(self, api: Client, read: Read, place: Place) -> Check:
        if read.by_domain and not place.domain:
            return self._skipped(read, "the account has no domain to ask about")
        if self._is_out_of_reach:
            return self._skipped(read, "the service cannot be reached")
        answer: object = None
        try:
            answer = read.ask(api, place)
        except NotFound as error:
            if not read.by_domain:
                return self._refused(api, read, error, place.region)
        except LivePullError as error:
            return self._refused(api, read, error, place.region)
        what = answer if isinstance(answer, str) else f"{read.operation} answers"
        return Check(self.section, read.family, "ok", what)

    def _skipped(self, read: Read, why: str) -> Check:
        return Check(self.section, read.family, "skipped", f"not tried, as {why}")

    def _refused(self, api: Client, read: Read, error: LivePullError, region: str) -> Check:
        """Return the row of a read that did not succeed, with what to do about it."""
        grant = f"Grant {read.action} to the user of this access key."
        # A read leaves nothing behind, whatever became of it.
        hint = error.hint.replace(MAY_HAVE_TAKEN_EFFECT, "Run it again.")
        remedy = grant if isinstance(error, NoPermission) else hint
        self._is_out_of_reach = isinstance(error, TransportError) and not error.sent
        kind = kind_of(error, api, region)
        state: State = "warning" if kind == "throttled" else "failed"
        what = f"{read.operation}: {error.what}"
        return Check(self.section, read.family, state, line(what), line(remedy), kind)

    def _clocks(self, api: Client) -> Check:
        if self._is_out_of_reach:
            return Check(self.section, "clock", "skipped", "not known, as no answer came")
        ahead = api.vendor_now() - api.now()
        if abs(ahead) < CLOCK_MAY_BE_OFF:
            return Check(self.section, "clock", "ok", "as the vendor's")
        minutes = max(1, round(abs(ahead).total_seconds() / 60))
        side = "behind" if ahead > timedelta() else "ahead of"
        return Check(
            self.section,
            "clock",
            "warning",
            f"{minutes} minute{'' if minutes == 1 else 's'} {side} the vendor's",
            "Set this machine's clock: windows and signatures go by it.",
            "clock",
        )
