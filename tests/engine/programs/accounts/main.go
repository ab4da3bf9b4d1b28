// Command accounts uses what the relays' example does not: a provider of its own, a look and a schedule.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/pulumi-livepull/sdk/go/livepull"
	"example.com/pulumi-livepull/sdk/go/livepull/huaweicloud"
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
			Windows: huaweicloud.WindowArray{huaweicloud.WindowArgs{
				Name:      pulumi.String("first"),
				StartTime: pulumi.String("2030-01-01T20:00:00Z"),
				EndTime:   pulumi.String("2030-01-01T22:00:00Z"),
			}},
			SourceType: huaweicloud.PullTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/one")},
		})
		if err == nil {
			ctx.Export("ids", shows.TaskIds)
		}
		return err
	})
}
