"""The stories to record: what stacks do, and what befalls the clouds meanwhile."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.hosts.record import Teller

HUAWEICLOUD = """
relay = huaweicloud.PullTask(
    "relay",
    source_type="PullLivePushLive",
    source_urls=["rtmp://play.example.org/live/{source}"],
    destination_url="rtmp://push.example.com/live/channel",
    end_time="2030-01-03T12:00:00Z",
)
player = huaweicloud.PullTask(
    "player",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4", "https://vod.example.org/{second}.mp4"],
    domain="push.example.com",
    app_name="live",
    stream_name="player",
    vod_loop_time={rounds},
    opts=pulumi.ResourceOptions(depends_on=[relay]),
)
huaweicloud.RecordCallback(
    "recordings",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="https://hooks.example.org/recordings",
    sign_type="MD5",
    key="{key}",
    opts=pulumi.ResourceOptions(depends_on=[player]),
)
"""
FIRST = {"source": "a", "second": "2", "rounds": "3", "key": "0" * 32}


def huaweicloud(tell: "Teller") -> None:
    """A stack is created, left alone, updated, replaced, repaired, and destroyed."""
    tell.program(HUAWEICLOUD.format(**FIRST))
    tell.run("up")
    changed = {"source": "b", "second": "3", "rounds": "None", "key": "1" * 32}
    tell.program(HUAWEICLOUD.format(**changed))
    tell.run("preview")
    tell.run("up")
    tell.meanwhile(task=0, becomes={"vod_loop_time": "9"})
    tell.meanwhile(task=1, becomes=None)
    tell.run("refresh")
    tell.run("up")
    tell.run("destroy")


def alicloud(tell: "Teller") -> None:
    """A task is updated, which stops it for a while, and then replaced."""
    program = """
    from pulumi_livepull import alicloud

    live = alicloud.LivePullToPush(
        "live",
        source_type="live",
        source_protocol="rtmp",
        source_urls=["rtmp://play.example.org/live/{source}"],
        dst_url="rtmp://push.example.com/live/{stream}",
        start_time="2030-01-01T13:00:00Z",
        end_time="2030-01-03T12:00:00Z",
    )
    alicloud.RecordNotifyConfig(
        "notify",
        domain_name="push.example.com",
        notify_url="https://hooks.example.org/{source}",
        opts=pulumi.ResourceOptions(depends_on=[live]),
    )
    """
    tell.program(program.format(source="a", stream="one"))
    tell.run("up")
    tell.program(program.format(source="b", stream="one"))
    tell.run("up")
    tell.program(program.format(source="b", stream="two"))
    tell.run("up")
    tell.run("destroy")


def volcengine(tell: "Teller") -> None:
    """Objects in lists change at their index; a source whose key changes is replaced."""
    program = """
    from pulumi_livepull import volcengine

    files = volcengine.PullToPushTask(
        "files",
        type=1,
        vod_src_addrs=[
            {{"src_addr": "https://files.example.org/1.mp4"}},
            {{"src_addr": "https://files.example.org/2.mp4", "end_offset": {end}}},
        ],
        cycle_mode=-1,
        domain="push.example.com",
        app="live",
        stream="files",
        start_time="2030-01-01T12:00:00Z",
        end_time="2030-01-03T12:00:00Z",
    )
    source = volcengine.RelaySource(
        "source",
        domain="pull.example.com",
        app="live",
        stream="{stream}",
        src_addr_s=["rtmp://play.example.org/live/a"],
        opts=pulumi.ResourceOptions(depends_on=[files]),
    )
    volcengine.Callback(
        "callback",
        message_type="record",
        vhost="space",
        app="live",
        callback_urls=["https://hooks.example.org/recordings"],
        opts=pulumi.ResourceOptions(depends_on=[source]),
    )
    """
    tell.program(program.format(end=30, stream="one"))
    tell.run("up")
    tell.program(program.format(end=60, stream="two"))
    tell.run("up")
    tell.run("refresh")
    tell.run("destroy")


PUSH = '"rtmp://push.example.com/live/key"'
PLAYER = """
{name} = huaweicloud.PullTask(
    "{name}",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4"],
    destination_url={destination},
    {more}
)
"""


def player(name: str, destination: str = PUSH, more: str = "") -> str:
    """Return the part of a program that plays files."""
    return PLAYER.format(name=name, destination=destination, more=more)


def unknowns(tell: "Teller") -> None:
    """An output of one resource is an input of the next: unknown in a preview, then known."""
    one = player("one")
    two = player("two", 'pulumi.Output.concat("rtmp://push.example.com/live/", one.task_id)')
    tell.program(one, two)
    tell.run("preview")
    tell.run("up")
    tell.program(one.replace("live/key", "other/key"), two)
    tell.run("preview")


def secrets(tell: "Teller") -> None:
    """Values that the program marks stay secret, and so do fields that are always secret."""
    given = (
        'vod_loop_time=pulumi.Output.secret({rounds}), callback_url="https://h.example.org/?k=1"'
    )
    tell.program(player("quiet", more=given.format(rounds=2)))
    tell.run("up")
    tell.program(player("quiet", more=given.format(rounds=4)))
    tell.run("up")
    tell.run("refresh")


def providers(tell: "Teller") -> None:
    """Each explicit provider has its own region and plugin, next to the default one."""
    provider = """
    from pulumi_livepull import Provider

    settings = pulumi.Config("livepull")
    bj1 = Provider(
        "bj1",
        huaweicloud_region="cn-north-1",
        huaweicloud_endpoint=settings.require("huaweicloudEndpoint"),
        huaweicloud_access_key="livepull-emulator",
        huaweicloud_secret_key="livepull-emulator-secret",
        max_retries={retries},
    )
    """
    with_it = "opts=pulumi.ResourceOptions(provider=bj1, depends_on=[here])"
    for retries in (2, 3):
        own = provider.format(retries=retries)
        tell.program(own, player("here"), player("there", more=with_it))
        tell.run("up")
    tell.run("destroy")


def adoption(tell: "Teller") -> None:
    """A resource is imported by its id, and read by another program that does not own it."""
    tell.program(player("relay", more="vod_loop_time=2"))
    tell.run("up")
    made = tell.stack.resources["relay"]
    tell.stack.command("state", "delete", made["urn"], "--stack", "dev", "--yes")
    tell.adopt(made["type"], "relay", made["id"])
    tell.run("preview")
    got = f'\nhuaweicloud.PullTask.get("seen", "{made["id"]}")\n'
    tell.program(player("relay", more="vod_loop_time=2"), got)
    tell.run("up")


def functions(tell: "Teller") -> None:
    """Resources are looked up and listed, and an address is signed; in a preview, too."""
    made = player("relay", more="vod_loop_time=2")
    tell.program(made)
    tell.run("up")
    # One asks after the other. A recording moves no time that is spelled so, and what is signed
    # depends on it.
    asked = f"""
    got = huaweicloud.get_pull_task(id="{tell.stack.resources["relay"]["id"]}")
    listed = huaweicloud.list_pull_tasks(source_type=got.source_type)
    signed = huaweicloud.sign_push_url(
        push_url=listed.items.apply(lambda _: "rtmp://push.example.com/live/1"),
        key=pulumi.Output.secret("0123456789abcdef"),
        expires="2040-01-01T00:00:00+00:00",
    )
    pulumi.export("all", [got, listed, signed])
    """
    tell.program(made, asked)
    tell.run("preview")


def failures(tell: "Teller") -> None:
    """Bad inputs, a refusal, and a creation that is unfinished until the next run."""
    tell.program(player("relay", more="vod_loop_time=0"))
    tell.run("preview", fails=True)
    tell.program(player("relay", more="running=False"))
    tell.meanwhile(fault="deny", operation="CreatePullTask")
    tell.run("up", fails=True)
    tell.meanwhile(fault="deny", operation="ModifyPullTask")
    tell.run("up", fails=True)
    tell.run("up")
    tell.program(player("relay", more="running=False, vod_loop_time=2"))
    tell.meanwhile(fault="deny", operation="ModifyPullTask")
    tell.run("up", fails=True)
    tell.run("destroy")


STORIES: dict[str, Callable[["Teller"], None]] = {
    story.__name__: story
    for story in (
        *(huaweicloud, alicloud, volcengine),
        *(unknowns, secrets, providers, adoption, functions, failures),
    )
}
