"""Accounts that are not in order: the service is closed, a token has expired; and their domains."""

from datetime import timedelta
from pkgutil import resolve_name

import pytest
from flask.testing import FlaskClient

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.reads import Place, Reads
from pulumi_livepull.core.regional import RegionalClient
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import NotOpened, NotSignedIn
from pulumi_livepull.vendors import NAMES, named
from tests.hosting import connect

READS: dict[str, Reads] = {
    name: resolve_name(f"pulumi_livepull.vendors.{name}.reads:READS") for name in NAMES
}
"""What the doctor asks each vendor."""

every_vendor = pytest.mark.parametrize("vendor", NAMES)


def client(emulator: Emulator, vendor: str, **config: str) -> Client:
    """Return a client of a vendor."""
    return connect(emulator, named(vendor).resources[0], **config)


def domains(api: Client) -> list[str]:
    """Ask a vendor for the domains of the account."""
    region = api.region(None) if isinstance(api, RegionalClient) else ""
    return list(READS[api.vendor].names(api, Place(region, "")))


def temporary(emulator: Emulator, vendor: str, token: str = "") -> Client:
    """Return a client with keys that expire in an hour, perhaps with another token."""
    keys = emulator.issue(vendor)
    return client(
        emulator,
        vendor,
        **{
            f"{vendor}AccessKey": keys.access_key_id,
            f"{vendor}SecretKey": keys.secret_access_key,
            f"{vendor}SecurityToken": token or keys.security_token,
        },
    )


@every_vendor
def test_a_service_that_is_not_opened_says_so(emulator: Emulator, vendor: str) -> None:
    """Whatever the vendor calls it, it is neither a wrong key nor a missing permission."""
    emulator.arm("not_opened")
    with pytest.raises(NotOpened):
        domains(client(emulator, vendor))
    domains(client(emulator, vendor))


@every_vendor
def test_temporary_keys_are_good_until_they_expire(emulator: Emulator, vendor: str) -> None:
    """By the emulator's clock, and with their own token only."""
    api = temporary(emulator, vendor)
    domains(api)
    emulator.clock.advance(timedelta(minutes=59))
    domains(api)
    emulator.clock.advance(timedelta(minutes=1))
    with pytest.raises(NotSignedIn):
        domains(api)
    with pytest.raises(NotSignedIn):
        domains(temporary(emulator, vendor, token="another"))


@every_vendor
def test_a_reset_withdraws_what_was_issued(emulator: Emulator, vendor: str) -> None:
    """As it takes back everything else."""
    api = temporary(emulator, vendor)
    emulator.reset()
    with pytest.raises(NotSignedIn):
        domains(api)
    domains(client(emulator, vendor))


@every_vendor
def test_the_domains_that_were_seeded_are_listed(emulator: Emulator, vendor: str) -> None:
    """Each by its name."""
    emulator.seed({vendor: {"domains": ["b.example.com", "a.example.com"]}})
    assert domains(client(emulator, vendor)) == ["a.example.com", "b.example.com"]


@every_vendor
def test_where_every_domain_is_one_those_are_listed_that_things_name(
    emulator: Emulator, vendor: str
) -> None:
    """An account that lists none would make every relay look misplaced."""
    api = client(emulator, vendor)
    assert domains(api) == []
    kinds = named(vendor).resources
    kind = next(kind for kind in kinds if kind.example.keys() & READS[vendor].fields)
    kind.model_validate(kind.example).create(api)
    [domain] = domains(api)
    assert domain.endswith(".example.com")


def test_keys_are_issued_over_http_as_a_program_prints_them(emulator: Emulator) -> None:
    """So that `curl` is a credentials program."""
    app: FlaskClient = emulator.app.test_client()
    made = app.post("/_emulator/keys", json={"vendor": "alicloud", "seconds": 60}).get_json()
    assert made["Version"] == 1
    assert {"AccessKeyId", "SecretAccessKey", "SessionToken"} < set(made)
    assert made["Expiration"] == (emulator.clock.now() + timedelta(seconds=60)).isoformat()
    for wrong in ({}, {"vendor": "none"}, {"vendor": "alicloud", "seconds": "x"}):
        assert app.post("/_emulator/keys", json=wrong).status_code == 400
