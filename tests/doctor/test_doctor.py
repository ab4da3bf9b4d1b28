"""`livepull doctor` tells each kind of broken account from the others, and changes nothing."""

import json
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import httpx
import pytest

from pulumi_livepull.__main__ import main
from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.doctor import command, machine
from pulumi_livepull.doctor.check import Check
from pulumi_livepull.doctor.network import Network
from pulumi_livepull.doctor.stack import Stack, _held
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import export
from pulumi_livepull.vendors import NAMES, VENDORS, alicloud, named, volcengine
from tests.hosting import KEYS, NOW, connect
from tests.marks import CORE, Watch, everything_logged

DOMAIN = "push.example.com"
TASKS = {
    name: next(
        read
        for read in resolve_name(f"pulumi_livepull.vendors.{name}.reads:READS").families
        if read.family == "relay tasks"
    )
    for name in NAMES
}
READS = {name: read.operation for name, read in TASKS.items()}
ACTIONS = {name: read.action for name, read in TASKS.items()}
CHANGES = ("Create", "Add", "Update", "Modify", "Delete", "Stop", "Restart")

REGIONAL = [vendor.name for vendor in VENDORS if "region" in vendor.resources[0].properties()]

every_vendor = pytest.mark.parametrize("vendor", NAMES)


def good_way(ends: datetime = NOW + timedelta(days=90), proxy: str = "") -> Network:
    """Return a network on which everything works."""
    return Network(lambda host, port: 2, lambda *_: ("TLSv1.3", ends), lambda *_: proxy)


def options(emulator: Emulator, **more: Any) -> dict[str, Any]:
    """Return what makes clients call the emulator and never wait."""
    waited: list[float] = []
    return {
        "transport": httpx.WSGITransport(app=emulator.app),
        "clock": emulator.clock.now,
        "pause": waited.append,
        "monotonic": lambda: sum(waited),
        **more,
    }


def examined(
    emulator: Emulator,
    *vendors: str,
    config: Mapping[str, str] = KEYS,
    environ: Mapping[str, str] | None = None,
    stack: Stack | None = None,
    network: Network | None = None,
    **more: Any,
) -> list[Check]:
    """Return every row about some vendors, or about those that are in use."""
    return list(
        command.examine(
            stack or Stack("dev", config, [], needs_plugin=False),
            [named(vendor) for vendor in vendors],
            environ or {},
            options=options(emulator, **more),
            network=network or good_way(),
        )
    )


def of(checks: list[Check], section: str) -> dict[str, Check]:
    """Return the rows of a section by name."""
    return {check.name: check for check in checks if check.section == section}


@pytest.fixture(autouse=True)
def seeded(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each account one domain, and this machine an engine."""
    emulator.seed({name: {"domains": [DOMAIN]} for name in NAMES})
    ok = Check(machine.SECTION, "engine", "ok", "pulumi v3.255.0")
    monkeypatch.setattr(machine, "_engine", lambda: ok)
    yield
    for entry in emulator.journal:
        assert not (entry.operation or "").startswith(CHANGES), "a doctor changes nothing"


@every_vendor
def test_an_account_in_order_is_ready(emulator: Emulator, vendor: str) -> None:
    """Every family of operations answers, and so does the list of domains."""
    checks = examined(emulator, vendor)
    assert [check for check in checks if check.state in {"failed", "warning", "skipped"}] == []
    rows = of(checks, vendor)
    assert rows["domains"].what == "1 domain listed"
    assert rows["clock"].what == "as the vendor's"
    assert rows["keys"].what == f"from config livepull:{vendor}AccessKey"
    assert rows["address"].what.startswith("https://")
    assert command.is_ready(checks)
    asked = {entry.operation for entry in emulator.journal if entry.vendor == vendor}
    families = named(vendor).resources
    assert len(asked) >= len(families)


@every_vendor
def test_wrong_keys_are_not_signed_in(emulator: Emulator, vendor: str) -> None:
    """Unknown and wrong ones alike; what helps is to check them."""
    for key in ("AccessKey", "SecretKey"):
        rows = of(
            examined(emulator, vendor, config=KEYS | {f"livepull:{vendor}{key}": "x"}), vendor
        )
        assert rows["relay tasks"].kind == "not_signed_in"
        assert rows["relay tasks"].state == "failed"
        assert "Check the access key" in rows["relay tasks"].remedy


@every_vendor
def test_keys_that_ran_out_are_not_signed_in(emulator: Emulator, vendor: str) -> None:
    """Their token says so at the vendor's."""
    keys = emulator.issue(vendor, timedelta(seconds=-1))
    config = KEYS | {
        f"livepull:{vendor}AccessKey": keys.access_key_id,
        f"livepull:{vendor}SecretKey": keys.secret_access_key,
        f"livepull:{vendor}SecurityToken": keys.security_token,
    }
    rows = of(examined(emulator, vendor, config=config), vendor)
    assert rows["relay tasks"].kind == "not_signed_in"
    assert rows["keys"].what.endswith(", temporary")


@every_vendor
def test_a_missing_permission_names_the_action_to_grant(emulator: Emulator, vendor: str) -> None:
    """The one of the call that was refused; the others are looked at all the same."""
    emulator.arm("deny", READS[vendor])
    checks = examined(emulator, vendor)
    row = of(checks, vendor)["relay tasks"]
    assert (row.state, row.kind) == ("failed", "no_permission")
    assert row.remedy == f"Grant {ACTIONS[vendor]} to the user of this access key."
    assert [check.name for check in checks if check.state == "failed"] == ["relay tasks"]


@every_vendor
def test_a_service_that_is_not_opened_is_told_from_a_missing_permission(
    emulator: Emulator, vendor: str
) -> None:
    """No grant would help."""
    emulator.arm("not_opened", READS[vendor])
    row = of(examined(emulator, vendor), vendor)["relay tasks"]
    assert (row.state, row.kind) == ("failed", "not_opened")
    assert "Grant" not in row.remedy
    assert "ctivate" in row.remedy


@pytest.mark.parametrize("vendor", REGIONAL)
def test_a_region_that_the_vendor_does_not_have_is_wrong(emulator: Emulator, vendor: str) -> None:
    """Whether the name is unknown, the project is missing or the vendor says so."""
    emulator.seed({"huaweicloud": {"projects": {"cn-north-4": "0" * 32}}})
    config = KEYS | {f"livepull:{vendor}Region": "xx-nowhere-1"}
    checks = examined(emulator, vendor, config=config)
    wrong = [check for check in checks if check.kind == "wrong_region"]
    assert wrong[0].name == "region"
    assert "xx-nowhere-1" in wrong[0].what
    if vendor != "alicloud":  # The emulator has one name for all regions.
        assert any(check.state == "failed" for check in wrong)


def test_a_region_whose_name_nobody_knows_is_wrong(emulator: Emulator) -> None:
    """As of Alibaba, where each has a host of its own."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Name or service not known", request=request)

    config = KEYS | {"livepull:alicloudRegion": "xx-nowhere-1"}
    checks = examined(emulator, "alicloud", config=config, transport=httpx.MockTransport(refuse))
    rows = of(checks, "alicloud")
    assert rows["domains"].kind == "wrong_region"
    assert rows["clock"].state == "skipped"
    assert not command.is_ready(checks)


def test_a_region_that_is_needed_and_nowhere_named_is_told(emulator: Emulator) -> None:
    """Before anything is sent."""
    config = {key: value for key, value in KEYS.items() if not key.endswith("Region")}
    row = of(examined(emulator, "alicloud", config=config), "alicloud")["region"]
    assert (row.state, row.kind) == ("failed", "wrong_region")
    assert "pulumi config set livepull:alicloudRegion" in row.remedy


def test_a_throttling_is_only_a_warning(emulator: Emulator) -> None:
    """It says nothing of the account."""
    emulator.arm("throttle", READS["volcengine"], 2)
    checks = examined(emulator, "volcengine")
    row = of(checks, "volcengine")["relay tasks"]
    assert (row.state, row.kind) == ("warning", "throttled")
    assert command.is_ready(checks)


def test_where_keys_were_found_and_what_that_hides(emulator: Emulator, tmp_path: Path) -> None:
    """So that nobody wonders why the keys in a file have no effect."""
    path = tmp_path / ".volc" / "config"
    path.parent.mkdir()
    path.write_text('{"ak": "of-file", "sk": "secret-of-file"}', "utf-8")
    environ = {
        "HOME": str(tmp_path),
        "VOLC_ACCESSKEY": "livepull-emulator",
        "VOLC_SECRETKEY": "livepull-emulator-secret",
    }
    row = of(examined(emulator, "volcengine", config={}, environ=environ), "volcengine")["keys"]
    assert row.what == "from VOLC_ACCESSKEY; hides those in ak in ~/.volc/config"
    rows = of(examined(emulator, "volcengine", environ=environ), "volcengine")
    assert rows["keys"].state == "note"
    assert "config livepull:volcengineAccessKey; hides those in VOLC_ACCESSKEY" in rows["keys"].what


def test_a_setting_says_where_it_is_from_and_what_it_hides(emulator: Emulator) -> None:
    """A variable that is left over is a common reason for a wrong region."""
    environ = {"HW_REGION_NAME": "cn-east-3", "HW_PROJECT_ID": "0" * 32}
    rows = of(examined(emulator, "huaweicloud", environ=environ), "huaweicloud")
    assert rows["region"].what == (
        "cn-north-4, from config livepull:huaweicloudRegion; hides HW_REGION_NAME"
    )
    assert rows["project id"].what == f"{'0' * 32}, from HW_PROJECT_ID"
    assert rows["the project"].what == "0" * 32


def test_without_any_keys_the_row_says_where_it_looked(emulator: Emulator) -> None:
    """For each vendor that was named; without one, that nobody has any."""
    environ = {"HOME": "/nowhere"}
    row = of(examined(emulator, "byteplus", config={}, environ=environ), "byteplus")["keys"]
    assert (row.state, row.kind) == ("failed", "not_signed_in")
    assert "Looked at config livepull:byteplusAccessKey" in row.what
    checks = examined(emulator, config={}, environ=environ)
    assert of(checks, "accounts")["keys"].state == "failed"


def test_only_vendors_that_are_in_use_are_looked_at(emulator: Emulator) -> None:
    """Those with keys anywhere, also half of them, or with something in the stack."""
    environ = {"HOME": "/nowhere", "TENCENTCLOUD_SECRET_ID": "half"}
    checks = list(command.examine(None, [], environ, options=options(emulator)))
    assert {check.section for check in checks} == {machine.SECTION, "tencentcloud"}
    assert "TENCENTCLOUD_SECRET_KEY is not" in of(checks, "tencentcloud")["keys"].what


def test_a_malformed_setting_is_told(emulator: Emulator) -> None:
    """As the preview would."""
    config = KEYS | {"livepull:volcengineEndpoint": "http://elsewhere.example.com"}
    row = of(examined(emulator, "volcengine", config=config), "volcengine")["settings"]
    assert (row.state, row.kind) == ("failed", "settings")


@pytest.mark.parametrize(("off", "words"), [(2, "2 minutes behind"), (-90, "90 minutes ahead of")])
def test_a_clock_that_is_off_is_a_warning(emulator: Emulator, off: int, words: str) -> None:
    """The provider corrects its signatures, but windows go by this machine's clock."""
    here = emulator.clock.now() - timedelta(minutes=off)
    # A caller that keeps real time is let in, so what decides is the emulator's clock.
    checks = examined(emulator, "volcengine", clock=lambda: here)
    row = of(checks, "volcengine")["clock"]
    assert (row.state, row.kind) == ("warning", "clock")
    assert row.what == f"{words} the vendor's"
    assert command.is_ready(checks)


def broken(error: Exception) -> Any:
    """Return a function that raises."""

    def fail(*_: object) -> Any:
        raise error

    return fail


def test_a_name_that_is_not_known_is_told(emulator: Emulator) -> None:
    """TLS cannot be tried then."""
    network = Network(broken(OSError(-2, "Name or service not known")), broken(OSError()), str_)
    rows = of(examined(emulator, "volcengine", network=network), "volcengine")
    assert rows["name"].what == "live.volcengineapi.com has no address: Name or service not known"
    assert rows["name"].kind == "unreachable"
    assert rows["TLS"].state == "skipped"


def str_(*_: object) -> str:
    """Return that there is no proxy."""
    return ""


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "unreachable", "Connection refused"),
        (TimeoutError("timed out"), "unreachable", "timed out"),
    ],
)
def test_a_connection_that_fails_is_told(
    emulator: Emulator, error: Exception, kind: str, words: str
) -> None:
    """With what the system says of it."""
    network = Network(lambda *_: 1, broken(error), str_)
    row = of(examined(emulator, "volcengine", network=network), "volcengine")["TLS"]
    assert (row.state, row.kind) == ("failed", kind)
    assert row.what == f"no connection to live.volcengineapi.com:443: {words}"


def test_a_certificate_that_is_not_trusted_is_told(emulator: Emulator) -> None:
    """What answers may be a proxy; or a company's own authority is not known to Python."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    network = Network(lambda *_: 1, broken(error), str_)
    row = of(examined(emulator, "volcengine", network=network), "volcengine")["TLS"]
    assert row.kind == "untrusted"
    assert row.what.endswith("is not trusted: self-signed certificate")
    assert "SSL_CERT_FILE" in row.remedy


def test_a_certificate_that_ends_soon_is_a_warning(emulator: Emulator) -> None:
    """It may be that of a proxy which nobody looks after."""
    network = good_way(ends=NOW + timedelta(days=3))
    row = of(examined(emulator, "volcengine", network=network), "volcengine")["TLS"]
    assert row.state == "warning"
    assert "good until 2030-01-04" in row.what


def test_a_proxy_is_named_without_its_password(emulator: Emulator) -> None:
    """Its name is looked up, not that of the vendor."""
    network = good_way(proxy=f"http://user:{CORE}@proxy.example.com:3128")
    checks = examined(emulator, "volcengine", network=network)
    rows = of(checks, "volcengine")
    assert rows["proxy"].what == (
        "live.volcengineapi.com is reached through http://***@proxy.example.com:3128"
    )
    assert rows["name"].what.startswith("proxy.example.com")
    socks = good_way(proxy="socks5://proxy.example.com:1080")
    row = of(examined(emulator, "volcengine", network=socks), "volcengine")["TLS"]
    assert (row.state, row.what) == ("skipped", "not tried, as the proxy is one of socks5")


def test_an_address_without_encryption_is_noted(emulator: Emulator) -> None:
    """As that of an emulator."""
    config = KEYS | {"livepull:volcengineEndpoint": "http://127.0.0.1:4510"}
    rows = of(examined(emulator, "volcengine", config=config), "volcengine")
    assert rows["TLS"].what == "127.0.0.1 is called without encryption"
    assert rows["endpoint"].what.endswith("from config livepull:volcengineEndpoint")


def test_what_is_read_by_domain_is_skipped_without_one(emulator: Emulator) -> None:
    """An account without a domain may be new: that is no failure."""
    emulator.reset()
    checks = examined(emulator, "alicloud")
    rows = of(checks, "alicloud")
    assert rows["scheduled pulls"].state == rows["recording callbacks"].state == "skipped"
    assert command.is_ready(checks)


def test_what_the_vendor_may_not_list_is_no_reason_to_call_a_domain_missing(
    emulator: Emulator,
) -> None:
    """Then the stack's own domain is what is asked about."""
    emulator.arm("deny", "ListDomainDetail")
    stack = stack_of(emulator)
    rows = of(examined(emulator, "volcengine", stack=stack), "volcengine")
    assert rows["domains"].kind == "no_permission"
    assert rows["relay sources"].state == "ok"


def make(emulator: Emulator, kind: type[Resource], **inputs: Any) -> dict[str, Any]:
    """Make a thing and return it as a state has it."""
    api = connect(emulator, kind)
    spelled = {kind.properties()[name].camel: value for name, value in kind.example.items()}
    checked = lifecycle.check(kind, {}, spelled | inputs, NOW).inputs
    made = lifecycle.create(kind, api, checked)
    emulator.journal.clear()
    return {
        "urn": f"urn:pulumi:dev::demo::{kind.token}::one",
        "type": kind.token.replace("livepull:", "pulumi-python:dynamic/livepull/"),
        "id": made.id,
        "outputs": made.state,
    }


SOURCE, TASK = volcengine.RelaySource, alicloud.LivePullToPush


def stack_of(emulator: Emulator, *resources: Mapping[str, Any], domain: str = DOMAIN) -> Stack:
    """Return a stack with a relay source, and perhaps others."""
    held = [make(emulator, SOURCE, domain=domain), *resources]
    return Stack("dev", KEYS, list(_held(held)), needs_plugin=False)


def test_every_resource_of_a_stack_is_read(emulator: Emulator) -> None:
    """One row says so."""
    checks = examined(emulator, stack=stack_of(emulator), environ={"HOME": "/nowhere"})
    assert of(checks, "stack dev")["resources"].what == "1 of 1 can be read"


def test_resources_of_other_vendors_are_left_out_if_one_is_named(emulator: Emulator) -> None:
    """Nobody asked for their keys, either."""
    checks = examined(emulator, "alicloud", stack=stack_of(emulator))
    assert of(checks, "stack dev")["resources"].what == "0 of 0 can be read"


def test_without_usable_keys_no_resource_can_be_read(emulator: Emulator) -> None:
    """The keys are what is wrong, and not the resource."""
    stack = stack_of(emulator)._replace(config={})
    environ = {"HOME": "/nowhere"}
    checks = examined(emulator, "volcengine", stack=stack, environ=environ)
    row = of(checks, "stack dev")["volcengine.RelaySource one"]
    assert (row.state, row.what) == ("skipped", "not read, as there are no usable keys")


def test_a_task_that_has_ended_and_is_gone_is_as_it_should_be(emulator: Emulator) -> None:
    """Alibaba deletes it by itself."""
    ends = (NOW + timedelta(hours=2)).isoformat()
    task = make(emulator, TASK, endTime=ends)
    held = list(_held([task]))
    emulator.clock.advance(timedelta(hours=3))
    stack = Stack("dev", KEYS, held, needs_plugin=False)
    checks = examined(emulator, "alicloud", stack=stack)
    assert TASK.read(connect(emulator, TASK), held[0].id) is None
    assert of(checks, "stack dev")["resources"].what == "1 of 1 can be read"


def test_a_resource_that_is_gone_is_told(emulator: Emulator) -> None:
    """With what makes it again."""
    stack = stack_of(emulator)
    SOURCE.delete(connect(emulator, SOURCE), stack.held[0].id)
    emulator.journal.clear()
    checks = examined(emulator, "volcengine", stack=stack)
    row = of(checks, "stack dev")["volcengine.RelaySource one"]
    assert (row.state, row.kind) == ("failed", "missing")
    assert "pulumi refresh" in row.remedy
    assert of(checks, "stack dev")["resources"].what == "0 of 1 can be read"


def test_a_resource_that_may_not_be_read_is_told(emulator: Emulator) -> None:
    """By its name in the program."""
    stack = stack_of(emulator)
    emulator.arm("deny", "ListRelaySourceV4", 10)
    row = of(examined(emulator, "volcengine", stack=stack), "stack dev")
    assert row["volcengine.RelaySource one"].kind == "no_permission"


def test_a_domain_that_the_account_does_not_have_is_told(emulator: Emulator) -> None:
    """Before `up` fails on it."""
    stack = stack_of(emulator)
    emulator.reset()
    emulator.seed({"volcengine": {"domains": ["other.example.com"]}})
    checks = examined(emulator, "volcengine", stack=stack)
    missing = [check for check in checks if check.section == "volcengine" and check.kind]
    assert [check.what for check in missing] == [
        f"{DOMAIN}, which the stack names, is not among them"
    ]


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        (
            {"provider": "urn:pulumi:dev::demo::pulumi:providers:livepull::mine::1"},
            "skipped",
            "a provider of the program's own",
        ),
        ({"id": f"unanswered/{NOW.isoformat()}/{NOW.isoformat()}"}, "warning", "no answer"),
    ],
)
def test_what_cannot_be_read_for_a_reason_is_no_failure(
    emulator: Emulator, change: dict[str, str], state: str, words: str
) -> None:
    """Only the program knows the keys of a provider of its own; a refresh settles a lost answer."""
    other = {**make(emulator, SOURCE, stream="two", domain=DOMAIN), **change}
    other["urn"] = other["urn"].replace("::one", "::two")
    checks = examined(emulator, "volcengine", stack=stack_of(emulator, other))
    row = of(checks, "stack dev")["volcengine.RelaySource two"]
    assert row.state == state
    assert words in row.what
    assert command.is_ready(checks)


@every_vendor
def test_no_secret_is_shown(emulator: Emulator, vendor: str) -> None:
    """Neither in a row nor in a log, whatever the vendor quotes."""
    secret, token = f"s{CORE}s", f"t{CORE}t"
    config = KEYS | {
        f"livepull:{vendor}SecretKey": secret,
        f"livepull:{vendor}SecurityToken": token,
    }

    def echo(request: httpx.Request) -> httpx.Response:
        said = f"key {secret} token {token} {request.headers}"
        return httpx.Response(403, json={"error_code": "X", "error_msg": said, "Message": said})

    watch = Watch()
    with everything_logged(watch):
        checks = examined(emulator, vendor, config=config, transport=httpx.MockTransport(echo))
    watch.see(command.text(checks), command.document(checks))
    assert watch.leaks() == []
    assert not command.is_ready(checks)


@pytest.fixture
def project(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the stack `dev` keys and a relay source, and let clients reach the emulator."""
    config = dict(KEYS) | {"livepull:host": "plugin"}
    held = make(emulator, SOURCE, domain=DOMAIN)

    def pulumi(*words: str, chosen: list[str]) -> str:
        assert chosen == ["--stack", "dev"]
        if words[0] == "config":
            return json.dumps({key: {"value": value} for key, value in config.items()})
        return json.dumps({"deployment": {"resources": [held, {**held, "delete": True}]}})

    monkeypatch.setattr(export, "command", pulumi)
    real = command.examine

    def reach(*given: Any) -> Iterator[Check]:
        return real(*given, options=options(emulator), network=good_way())

    monkeypatch.setattr(command, "examine", reach)
    return config


Output = pytest.CaptureFixture[str]


def test_the_command_shows_a_table_and_ends_with_two_if_something_is_missing(
    project: dict[str, str], capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack of the plugin needs the plugin."""
    monkeypatch.setenv("PULUMI_HOME", "/nowhere")
    assert main(["doctor", "--stack", "dev", "--vendor", "volcengine"]) == 2
    told = capsys.readouterr().out
    assert "  failed   plugin" in told
    assert "-> Run: livepull plugin install" in told
    assert "stack dev:\n  ok       resources  1 of 1 can be read" in told
    assert told.endswith("not ready: 1 failed\n")
    project["livepull:host"] = "dynamic"
    assert main(["doctor", "--stack", "dev", "--vendor", "volcengine"]) == 0
    assert capsys.readouterr().out.endswith("\nready\n")


@pytest.mark.parametrize("option", ["--json", "--format=json"])
def test_the_command_writes_json_for_programs(
    project: dict[str, str], capsys: Output, option: str
) -> None:
    """Every row with what is wrong in one word."""
    project["livepull:host"] = "dynamic"
    project["livepull:volcengineSecretKey"] = "wrong"
    assert main(["doctor", "--stack", "dev", "--vendor", "volcengine", option]) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["ready"]) == (1, False)
    assert {row["kind"] for row in told["checks"] if row["state"] == "failed"} == {"not_signed_in"}
    assert {tuple(row) for row in told["checks"]} == {
        ("section", "name", "state", "what", "remedy", "kind")
    }


def test_a_vendor_that_does_not_exist_is_a_failure_of_the_command(
    project: dict[str, str], capsys: Output
) -> None:
    """Nothing was looked at then."""
    assert main(["doctor", "--vendor", "volcengin"]) == 1
    assert capsys.readouterr().err == ("there is no vendor volcengin\nDid you mean volcengine?\n")


def test_every_vendor_says_how_it_is_read() -> None:
    """And names fields that its resources have."""
    for vendor in VENDORS:
        account = command.Account(vendor, {}, {})
        fields = {prop.name for kind in vendor.resources for prop in kind.inputs()}
        assert set(account.reads.fields) <= fields
        operations = {row.operation for row in Emulator().vendors[vendor.name].coverage()}
        families = (*account.reads.families, account.reads.domains)
        assert {read.operation for read in families} <= operations
        assert not any(read.operation.startswith(CHANGES) for read in families)
