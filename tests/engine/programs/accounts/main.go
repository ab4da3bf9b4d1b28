// Command accounts uses what the relays' example does not: a provider of its own, a look, a schedule and its windows.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull"
	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/huaweicloud"
	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/windows"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		if _, err := livepull.NewProvider(ctx, "accounts", &livepull.ProviderArgs{
			HuaweicloudRegion: pulumi.String("cn-north-4"),
		}); err != nil {
			return err
		}
		task, err := huaweicloud.NewPullTask(ctx, "relay", &huaweicloud.PullTaskArgs{
			SourceType: huaweicloud.PullTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/one")},
		})
		if err != nil {
			return err
		}
		ctx.Export("status", task.Status)
		id := pulumi.ID("cn-north-4/one")
		seen, err := huaweicloud.GetPullTask(ctx, "seen", id, nil)
		if err != nil {
			return err
		}
		ctx.Export("seen", seen.Status)
		shows, err := huaweicloud.NewPullTaskSchedule(ctx, "shows", &huaweicloud.PullTaskScheduleArgs{
			Windows: windows.WindowArray{windows.WindowArgs{
				Name:      pulumi.String("first"),
				StartTime: pulumi.String("2030-01-01T20:00:00Z"),
				EndTime:   pulumi.String("2030-01-01T22:00:00Z"),
			}},
			SourceType: huaweicloud.PullTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/one")},
		})
		if err != nil {
			return err
		}
		ctx.Export("ids", shows.TaskIds)
		_, err = huaweicloud.NewPullTaskSchedule(ctx, "evenings", &huaweicloud.PullTaskScheduleArgs{
			Windows: windows.RecurringOutput(ctx, windows.RecurringOutputArgs{
				Rule:     pulumi.String("FREQ=DAILY"),
				Start:    pulumi.String("2030-01-05T20:00"),
				Duration: pulumi.String("PT1H30M"),
				TimeZone: pulumi.String("Europe/Berlin"),
			}).Windows(),
			SourceType: huaweicloud.PullTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/one")},
		})
		return err
	})
}
