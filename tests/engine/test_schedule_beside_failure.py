"""A schedule next to a wrong input: the failure is reported, and the plugin ends in time."""

from tests.engine.stacks import Stack, days_from_now, spelled

PROGRAM = """\
name: relay
runtime: yaml
resources:
  shows:
    type: livepull:huaweicloud:PullTaskSchedule
    properties:
      sourceType: PullLivePushLive
      sourceUrls: [ "https://play.example.org/live/a.flv" ]
      destinationUrl: rtmp://push.example.com/live/one
      windows:
        - {{ name: first, startTime: "{start}", endTime: "{end}" }}
  wrong:
    type: livepull:huaweicloud:PullTask
    properties:
      sourceType: PullLivePushLive
      sourceUrls: [ "no address" ]
      destinationUrl: rtmp://push.example.com/live/two
"""


def test_a_plugin_that_makes_a_schedule_ends_when_something_else_fails(hosted: Stack) -> None:
    """Else the engine waits for 5 seconds, kills it, and calls that a bug of the provider.

    That it also names the schedule, with its own connection to the plugin, is the engine's doing.
    """
    times = {"start": spelled(days_from_now(1)), "end": spelled(days_from_now(2))}
    (hosted.folder / "__main__.py").unlink(missing_ok=True)
    (hosted.folder / "Pulumi.yaml").write_text(PROGRAM.format(**times))
    for _ in range(3):
        text = hosted.preview(fails=True).text
        assert "sourceUrls[0]" in text
        assert "exited prematurely" not in text
