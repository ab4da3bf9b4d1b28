"""Accounts that are not in order: the service is closed, a token has expired; and their domains."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import NotOpened, NotSignedIn
from pulumi_livepull.vendors import (
    VENDORS,
    alicloud,
    byteplus,
    huaweicloud,
    tencentcloud,
    volcengine,
)
from tests.hosting import connect

LISTS: dict[str, tuple[type[Resource], Any]] = {
    vendor.name: (vendor.resources[0], read)
    for vendor, read in zip(
        VENDORS,
        (
            lambda api: api.call("GET", "/v1/{project_id}/domain", region="cn-north-4"),
            lambda api: api.call("DescribeLiveUserDomains", {}),
            lambda api: api.call("ListDomainDetail", {"PageNum": 1, "PageSize": 10}),
            lambda api: api.call("ListDomainDetail", {"PageNum": 1, "PageSize": 10}),
            lambda api: api.call("DescribeLiveDomains", {}),
        ),
        strict=True,
    )
}
NAMING: dict[str, type[Resource]] = {
    "huaweicloud": huaweicloud.RecordCallback,
    "alicloud": alicloud.RecordNotifyConfig,
    "volcengine": volcengine.RelaySource,
    "byteplus": byteplus.RelaySource,
    "tencentcloud": tencentcloud.CallbackRule,
}
"""A resource of each vendor whose example names a domain."""

every_vendor = pytest.mark.parametrize("vendor", LISTS)


def client(emulator: Emulator, vendor: str, **config: str) -> Client:
    """Return a client of a vendor."""
    return connect(emulator, LISTS[vendor][0], **config)


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
        LISTS[vendor][1](client(emulator, vendor))
    LISTS[vendor][1](client(emulator, vendor))


@every_vendor
def test_temporary_keys_are_good_until_they_expire(emulator: Emulator, vendor: str) -> None:
    """By the emulator's clock, and with their own token only."""
    api = temporary(emulator, vendor)
    LISTS[vendor][1](api)
    emulator.clock.advance(timedelta(minutes=59))
    LISTS[vendor][1](api)
    emulator.clock.advance(timedelta(minutes=1))
    with pytest.raises(NotSignedIn):
        LISTS[vendor][1](api)
    with pytest.raises(NotSignedIn):
        LISTS[vendor][1](temporary(emulator, vendor, token="another"))


@every_vendor
def test_a_reset_withdraws_what_was_issued(emulator: Emulator, vendor: str) -> None:
    """As it takes back everything else."""
    api = temporary(emulator, vendor)
    emulator.reset()
    with pytest.raises(NotSignedIn):
        LISTS[vendor][1](api)
    LISTS[vendor][1](client(emulator, vendor))


@every_vendor
def test_the_domains_that_were_seeded_are_listed(emulator: Emulator, vendor: str) -> None:
    """Each by its name."""
    emulator.seed({vendor: {"domains": ["b.example.com", "a.example.com"]}})
    listed = str(LISTS[vendor][1](client(emulator, vendor)))
    assert 0 < listed.index("a.example.com") < listed.index("b.example.com")


@every_vendor
def test_where_every_domain_is_one_those_are_listed_that_things_name(
    emulator: Emulator, vendor: str
) -> None:
    """An account that lists none would make every relay look misplaced."""
    api = client(emulator, vendor)
    assert "example" not in str(LISTS[vendor][1](api))
    kind = NAMING[vendor]
    kind.model_validate(kind.example).create(api)
    assert "example.com" in str(LISTS[vendor][1](api))


def test_keys_are_issued_over_http_as_a_program_prints_them(emulator: Emulator) -> None:
    """So that `curl` is a credentials program."""
    app: FlaskClient = emulator.app.test_client()
    made = app.post("/_emulator/keys", json={"vendor": "alicloud", "seconds": 60}).get_json()
    assert made["Version"] == 1
    assert {"AccessKeyId", "SecretAccessKey", "SessionToken"} < set(made)
    assert made["Expiration"] == (emulator.clock.now() + timedelta(seconds=60)).isoformat()
    for wrong in ({}, {"vendor": "none"}, {"vendor": "alicloud", "seconds": "x"}):
        assert app.post("/_emulator/keys", json=wrong).status_code == 400
