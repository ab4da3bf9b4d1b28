// Command examples makes the examples of the schema. `make generate` writes it.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/alicloud"
	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/byteplus"
	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/huaweicloud"
	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/tencentcloud"
	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/volcengine"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		if _, err := huaweicloud.NewPullTask(ctx, "huaweicloud.PullTask", &huaweicloud.PullTaskArgs{
			SourceType: huaweicloud.PullTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/main")},
			Domain:     pulumi.String("push.example.com"),
			AppName:    pulumi.String("live"),
			StreamName: pulumi.String("main"),
			StartTime:  pulumi.String("2030-01-01T20:00:00+08:00"),
			EndTime:    pulumi.String("2030-01-01T22:00:00+08:00"),
		}); err != nil {
			return err
		}
		if _, err := huaweicloud.NewRecordCallback(ctx, "huaweicloud.RecordCallback", &huaweicloud.RecordCallbackArgs{
			PublishDomain:     pulumi.String("push.example.com"),
			App:               pulumi.String("live"),
			NotifyCallbackUrl: pulumi.String("https://hooks.example.org/recordings"),
		}); err != nil {
			return err
		}
		if _, err := alicloud.NewLivePullToPush(ctx, "alicloud.LivePullToPush", &alicloud.LivePullToPushArgs{
			SourceType:     alicloud.LivePullToPushSourceTypeLive,
			SourceProtocol: pulumi.String("rtmp"),
			SourceUrls:     pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/main")},
			DstUrl:         pulumi.String("rtmp://push.example.com/live/main"),
			StartTime:      pulumi.String("2030-01-01T20:00:00+08:00"),
			EndTime:        pulumi.String("2030-01-01T22:00:00+08:00"),
		}); err != nil {
			return err
		}
		if _, err := alicloud.NewLivePullStreamInfoConfig(ctx, "alicloud.LivePullStreamInfoConfig", &alicloud.LivePullStreamInfoConfigArgs{
			DomainName: pulumi.String("live.example.com"),
			AppName:    pulumi.String("live"),
			StreamName: pulumi.String("main"),
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/main")},
			StartTime:  pulumi.String("2030-01-01T20:00:00+08:00"),
			EndTime:    pulumi.String("2030-01-01T22:00:00+08:00"),
		}); err != nil {
			return err
		}
		if _, err := alicloud.NewRecordNotifyConfig(ctx, "alicloud.RecordNotifyConfig", &alicloud.RecordNotifyConfigArgs{
			DomainName: pulumi.String("live.example.com"),
			NotifyUrl:  pulumi.String("https://hooks.example.org/recordings"),
		}); err != nil {
			return err
		}
		if _, err := volcengine.NewPullToPushTask(ctx, "volcengine.PullToPushTask", &volcengine.PullToPushTaskArgs{
			Type:      pulumi.Int(0),
			SrcAddr:   pulumi.String("rtmp://origin.example.com/live/main"),
			DstAddr:   pulumi.String("rtmp://push.example.com/live/main"),
			StartTime: pulumi.String("2030-01-01T20:00:00+08:00"),
			EndTime:   pulumi.String("2030-01-01T22:00:00+08:00"),
		}); err != nil {
			return err
		}
		if _, err := volcengine.NewPullToPushGroup(ctx, "volcengine.PullToPushGroup", &volcengine.PullToPushGroupArgs{
			Name:        pulumi.String("sports"),
			ProjectName: pulumi.String("default"),
		}); err != nil {
			return err
		}
		if _, err := volcengine.NewRelaySource(ctx, "volcengine.RelaySource", &volcengine.RelaySourceArgs{
			Domain:   pulumi.String("pull.example.com"),
			App:      pulumi.String("live"),
			Stream:   pulumi.String("main"),
			SrcAddrS: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/main")},
		}); err != nil {
			return err
		}
		if _, err := volcengine.NewCallback(ctx, "volcengine.Callback", &volcengine.CallbackArgs{
			MessageType:  pulumi.String("record"),
			Vhost:        pulumi.String("main"),
			App:          pulumi.String("live"),
			CallbackUrls: pulumi.StringArray{pulumi.String("https://hooks.example.org/recordings")},
		}); err != nil {
			return err
		}
		if _, err := byteplus.NewPullToPushTask(ctx, "byteplus.PullToPushTask", &byteplus.PullToPushTaskArgs{
			Type:      pulumi.Int(0),
			SrcAddr:   pulumi.String("rtmp://origin.example.com/live/main"),
			DstAddr:   pulumi.String("rtmp://push.example.com/live/main"),
			StartTime: pulumi.String("2030-01-01T20:00:00+08:00"),
			EndTime:   pulumi.String("2030-01-01T22:00:00+08:00"),
		}); err != nil {
			return err
		}
		if _, err := byteplus.NewPullToPushGroup(ctx, "byteplus.PullToPushGroup", &byteplus.PullToPushGroupArgs{
			Name:        pulumi.String("sports"),
			ProjectName: pulumi.String("default"),
		}); err != nil {
			return err
		}
		if _, err := byteplus.NewRelaySource(ctx, "byteplus.RelaySource", &byteplus.RelaySourceArgs{
			Domain:   pulumi.String("pull.example.com"),
			App:      pulumi.String("live"),
			Stream:   pulumi.String("main"),
			SrcAddrS: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/main")},
		}); err != nil {
			return err
		}
		if _, err := byteplus.NewCallback(ctx, "byteplus.Callback", &byteplus.CallbackArgs{
			MessageType:  pulumi.String("record"),
			Vhost:        pulumi.String("main"),
			App:          pulumi.String("live"),
			CallbackUrls: pulumi.StringArray{pulumi.String("https://hooks.example.org/recordings")},
		}); err != nil {
			return err
		}
		if _, err := tencentcloud.NewPullStreamTask(ctx, "tencentcloud.PullStreamTask", &tencentcloud.PullStreamTaskArgs{
			SourceType: tencentcloud.PullStreamTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/main")},
			DomainName: pulumi.String("push.example.com"),
			AppName:    pulumi.String("live"),
			StreamName: pulumi.String("main"),
			StartTime:  pulumi.String("2030-01-01T20:00:00+08:00"),
			EndTime:    pulumi.String("2030-01-01T22:00:00+08:00"),
		}); err != nil {
			return err
		}
		if _, err := tencentcloud.NewCallbackTemplate(ctx, "tencentcloud.CallbackTemplate", &tencentcloud.CallbackTemplateArgs{
			TemplateName:    pulumi.String("recordings"),
			RecordNotifyUrl: pulumi.String("https://hooks.example.org/recordings"),
		}); err != nil {
			return err
		}
		if _, err := tencentcloud.NewCallbackRule(ctx, "tencentcloud.CallbackRule", &tencentcloud.CallbackRuleArgs{
			DomainName: pulumi.String("push.example.com"),
			AppName:    pulumi.String("live"),
			TemplateId: pulumi.Int(1000),
		}); err != nil {
			return err
		}
		return nil
	})
}
