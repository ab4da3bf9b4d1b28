"""What a message says of a service that cannot be reached."""

import pytest

from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.vendors import VENDORS
from tests.hosting import KEYS


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_where_an_endpoint_is_configured_no_region_is_blamed(vendor: Vendor) -> None:
    """The message says that the endpoint cannot be reached."""
    region = {vendor.config_key("region"): "cn-north-4"}
    keys = {key: value for key, value in KEYS.items() if key.startswith(f"livepull:{vendor.name}")}
    plain = vendor.client({**keys, **region})
    assert "Endpoint" not in plain.reach_hint
    endpoint = {vendor.config_key("endpoint"): "http://127.0.0.1:1"}
    hint = vendor.client({**keys, **region, **endpoint}).reach_hint
    assert f"livepull:{vendor.name}Endpoint" in hint
    assert "region" not in hint
