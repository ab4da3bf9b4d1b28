"""The plugin's settings in a stack: several providers, new keys, wrong ones; import; secrets."""

import json

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from pulumi_livepull.hosts.configuration import EXPLICIT_HINT
from pulumi_livepull.vendors import VENDORS
from tests.engine.stacks import PROJECT, REGION, Stack, callbacks, writes

NO_PROGRAM = "--generate-code=false"
ELSEWHERE = "cn-east-3"
PROJECT_THERE = "fedcba9876543210fedcba9876543210"
TWO = """
from pulumi_livepull import Provider

def callback(name, **options):
    huaweicloud.RecordCallback(
        name,
        publish_domain="push.example.com",
        app="live",
        notify_callback_url="https://hooks.example.org/" + name,
        opts=pulumi.ResourceOptions(**options),
    )

there = Provider(
    "there",
    huaweicloud_access_key="{key}",
    huaweicloud_secret_key="{secret}",
    huaweicloud_region="cn-east-3",
    huaweicloud_endpoint="{url}",
)
callback("mine")
callback("theirs", provider=there)
"""


def test_each_provider_uses_its_own_keys_and_a_new_key_replaces_nothing(
    hosted: Stack, emulator: Emulator
) -> None:
    """Two accounts in one stack; not even a new endpoint changes a resource."""
    there = Emulator("key-there", "HUSH-there")
    there.seed({"huaweicloud": {"projects": {ELSEWHERE: PROJECT_THERE}}})
    with running(there) as url:
        hosted.program(TWO.format(key="key-there", secret="HUSH-there", url=url))
        made = hosted.up()
        assert made.plan == {"mine": "create", "theirs": "create"}
    assert hosted.resources["mine"]["id"].startswith(f"{REGION}/")
    assert hosted.resources["theirs"]["id"].startswith(f"{ELSEWHERE}/")
    (theirs,) = there.huaweicloud.snapshot()["callbacks"][PROJECT_THERE]
    assert theirs["notify_callback_url"] == "https://hooks.example.org/theirs"
    (mine,) = callbacks(emulator)

    rotated = Emulator("key-new", "HUSH-new", clock=emulator.clock)
    rotated.huaweicloud.state, before = there.huaweicloud.state, len(writes(there))
    with running(rotated) as url:
        hosted.program(TWO.format(key="key-new", secret="HUSH-new", url=url))
        changed = hosted.up()
        assert changed.plan == {"mine": "same", "theirs": "same"}
        assert hosted.refresh().plan == {"mine": "same", "theirs": "same"}
        assert "HUSH" not in made.text + changed.text + hosted.checkpoint
        hosted.destroy()
    assert (len(writes(there)), writes(rotated)) == (before, ["DeleteRecordCallbackConfig"])
    assert mine not in callbacks(emulator)


PLAIN = """
name: relay
runtime: yaml
resources:
  own:
    type: pulumi:providers:livepull
    properties:
      volcengineAccessKey: key
      volcengineSecretKey: HUSH-own
      volcengineSecurityToken: HUSH-token
"""


def test_a_key_that_was_given_plain_is_encrypted_in_the_state(
    hosted: Stack, emulator: Emulator
) -> None:
    """For a default provider, here in Python, and for an explicit one in YAML."""
    hosted.configure("alicloudSecretKey", "HUSH-default")
    hosted.program(FOUND.replace("protect", "retain_on_delete"))
    hosted.up()
    assert secret_settings(hosted, "default") == {f"{vendor.name}SecretKey" for vendor in VENDORS}
    (hosted.folder / "Pulumi.yaml").write_text(PLAIN)
    made = hosted.up()
    assert secret_settings(hosted, "own") == {"volcengineSecretKey", "volcengineSecurityToken"}
    assert "HUSH" not in made.text + hosted.checkpoint


def secret_settings(stack: Stack, provider: str) -> set[str]:
    """The settings of a provider that are encrypted in the state; one begins with this name."""
    resources = json.loads(stack.checkpoint)["checkpoint"]["latest"]["resources"]
    (inputs,) = [one["inputs"] for one in resources if f":livepull::{provider}" in one["urn"]]
    return {name for name, value in inputs.items() if "ciphertext" in str(value)}


WRONG = {
    "huaweicloudSecretKey": None,
    "alicloudAccessKey": None,
    "alicloudSecretKey": None,
    "volcengineEndpoint": "live.example.com",
    "maxRetries": "often",
}
OF_DEFAULT = {
    "huaweicloudAccessKey": "is set but config livepull:huaweicloudSecretKey is not\nSet both",
    "volcengineEndpoint": "\nRun: pulumi config set livepull:volcengineEndpoint https://<host>",
    "maxRetries": "\nRun: pulumi config set livepull:maxRetries <number>",
}
EXPLICIT = """
from pulumi_livepull import Provider

Provider("own", alicloud_region="cn-shanghai", huaweicloud_access_key="key", timeout_seconds=-1)
"""
OWN_KEYS = dict.fromkeys(
    ("huaweicloudAccessKey", "alicloudAccessKey", "timeoutSeconds"), EXPLICIT_HINT
)


def test_all_that_is_wrong_with_a_configuration_is_reported_at_once(
    hosted: Stack, emulator: Emulator
) -> None:
    """Each with how to set it: an explicit provider has none of the stack's config.

    A vendor without keys in the config may not be used: its first resource asks for them.
    """
    for setting, value in WRONG.items():
        hosted.configure(setting, value)
    for program, failures in [(FOUND, OF_DEFAULT), (EXPLICIT, OWN_KEYS)]:
        hosted.program(program)
        messages = hosted.preview(fails=True).said("error")
        assert len(messages) == len(failures), messages
        for setting, words in failures.items():
            assert [each for each in messages if setting in each and words in each], messages
            assert not [each for each in messages if "<nil>" in each]
    assert not list(emulator.journal)


def test_an_address_with_a_key_in_it_is_refused_without_it(hosted: Stack) -> None:
    """Pulumi prints the value of a setting that a failure names."""
    hosted.configure("volcengineEndpoint", "https://user:HUSH@h/?key=HUSH")
    hosted.program(FOUND.replace("HUSH", "x"))
    refused = hosted.preview("--diff", fails=True)
    (said,) = refused.said("error")
    assert "volcengine: the endpoint 'https://***@h/?*** is not an address\nRun: pulumi" in said
    assert "HUSH" not in refused.text


EXISTING = {
    "id": "b0a1",
    "publish_domain": "push.example.com",
    "app": "live",
    "notify_callback_url": "https://hooks.example.org/?token=HUSH",
    "key": "HUSH" + "0" * 32,
}
CALLBACK = "livepull:huaweicloud:RecordCallback"
FOUND = """
huaweicloud.RecordCallback(
    "found",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="https://hooks.example.org/?token=HUSH",
    opts=pulumi.ResourceOptions(protect=True),
)
"""


def test_an_import_by_id_is_followed_by_an_empty_preview(hosted: Stack, emulator: Emulator) -> None:
    """The message names the inputs that the vendor never returns, and for a wrong id shows an
    example.
    """
    hosted.program("")
    hosted.up()
    emulator.seed({"huaweicloud": {"callbacks": {PROJECT: [EXISTING]}}})
    wrong = hosted.bring_in(CALLBACK, "found", "b0a2", NO_PROGRAM, fails=True)
    assert 'there is no "b0a2"\nWrite the id as region/id, such as' in wrong.said("error")[0]
    assert hosted.resources == {}

    brought = hosted.bring_in(CALLBACK, "found", "b0a1", NO_PROGRAM)
    assert brought.plan == {"found": "import"}
    assert "the vendor never returns `key`: if you use it, set it" in brought.said("warning")[0]
    assert hosted.resources["found"]["id"] == f"{REGION}/b0a1"
    hosted.program(FOUND)
    assert hosted.preview("--expect-no-changes").plan == {"found": "same"}
    assert "HUSH" not in brought.text + hosted.checkpoint
    assert writes(emulator) == []
