// Command event-relays relays the feeds of an event through two clouds.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/huaweicloud"
	"github.com/placeholder--owner/pulumi-livepull/sdk/go/livepull/volcengine"
)

const usage = "usage: event-relays up|preview|destroy EVENT.json"

// verbs are what can be done with the stack of an event.
var verbs = map[string]func(context.Context, auto.Stack) error{
	"up": func(ctx context.Context, stack auto.Stack) error {
		out, errs := optup.ProgressStreams(os.Stdout), optup.ErrorProgressStreams(os.Stderr)
		_, err := stack.Up(ctx, out, errs)
		return err
	},
	"preview": func(ctx context.Context, stack auto.Stack) error {
		out, errs := optpreview.ProgressStreams(os.Stdout), optpreview.ErrorProgressStreams(os.Stderr)
		_, err := stack.Preview(ctx, out, errs)
		return err
	},
	"destroy": func(ctx context.Context, stack auto.Stack) error {
		out, errs := optdestroy.ProgressStreams(os.Stdout), optdestroy.ErrorProgressStreams(os.Stderr)
		_, err := stack.Destroy(ctx, out, errs)
		return err
	},
}

// An Event has an ingest domain on each cloud, and feeds: live streams to pull.
type Event struct {
	Name, StartTime, EndTime string
	Domains                  struct{ Huaweicloud, Volcengine string }
	Feeds                    []struct{ Name, Source string }
	Recordings               string
	Config                   map[string]string
}

// relays is the program of the stack: each feed goes to Huawei Cloud and, as a spare, to Volcengine.
func (event Event) relays(ctx *pulumi.Context) error {
	app := pulumi.String(event.Name)
	start, end := pulumi.String(event.StartTime), pulumi.String(event.EndTime)
	onHuawei := pulumi.String(event.Domains.Huaweicloud)
	onVolcengine := pulumi.String(event.Domains.Volcengine)

	_, err := huaweicloud.NewRecordCallback(ctx, "recordings", &huaweicloud.RecordCallbackArgs{
		PublishDomain:     onHuawei,
		App:               app,
		NotifyCallbackUrl: pulumi.String(event.Recordings),
		SignType:          huaweicloud.RecordCallbackSignTypeHMACSHA256,
		Key:               pulumi.String(os.Getenv("CALLBACK_KEY")), // The SDK makes a secret of it.
	})
	if err != nil {
		return err
	}
	tasks := pulumi.IDArray{}
	for _, feed := range event.Feeds {
		stream, source := pulumi.String(feed.Name), pulumi.String(feed.Source)
		task, err := huaweicloud.NewPullTask(ctx, feed.Name, &huaweicloud.PullTaskArgs{
			SourceType: huaweicloud.PullTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{source},
			Domain:     onHuawei,
			AppName:    app,
			StreamName: stream,
			StartTime:  start,
			EndTime:    end,
		})
		if err != nil {
			return err
		}
		spare, err := volcengine.NewPullToPushTask(ctx, feed.Name, &volcengine.PullToPushTaskArgs{
			Type:      pulumi.Int(0), // One live stream; 1 plays files.
			SrcAddr:   source,
			Domain:    onVolcengine,
			App:       app,
			Stream:    stream,
			StartTime: start,
			EndTime:   end,
		})
		if err != nil {
			return err
		}
		tasks = append(tasks, task.ID(), spare.ID())
	}
	ctx.Export("tasks", tasks)
	return nil
}

func run(ctx context.Context, verb, file string) error {
	do, known := verbs[verb]
	if !known {
		return errors.New(usage)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var event Event
	if err := json.Unmarshal(text, &event); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	stack, err := auto.UpsertStackInlineSource(ctx, event.Name, "event-relays", event.relays)
	if err != nil {
		return err
	}
	config := auto.ConfigMap{}
	for key, value := range event.Config {
		config[key] = auto.ConfigValue{Value: value}
	}
	if err := stack.SetAllConfig(ctx, config); err != nil {
		return err
	}
	if err := do(ctx, stack); err != nil {
		return fmt.Errorf("%s failed", verb) // The engine has told why.
	}
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(1)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
