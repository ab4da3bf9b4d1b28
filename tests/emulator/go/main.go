// Command go lives a task's life against the emulator with a vendor's own SDK for Go.
//
// It takes the vendor's name and the emulator's address, and prints the id of the task.
package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	live "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/live/v1"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/live/v1/model"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	"github.com/volcengine/volc-sdk-golang/base"
)

const (
	key     = "livepull-emulator"
	secret  = "livepull-emulator-secret"
	project = "0123456789abcdef0123456789abcdef"
	source  = "rtmp://play.example.com/live/one"
	target  = "rtmp://push.example.com/live/one"
)

func main() {
	lives := map[string]func(string) string{
		"huaweicloud":  huaweicloud,
		"alicloud":     alicloud,
		"volcengine":   volcengine,
		"tencentcloud": tencentcloud,
	}
	fmt.Println(lives[os.Args[1]](os.Args[2]))
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func huaweicloud(address string) string {
	credentials := must(
		basic.NewCredentialsBuilder().WithAk(key).WithSk(secret).WithProjectId(project).SafeBuild())
	where := region.NewRegion("cn-north-4", address)
	client := live.NewLiveClient(must(
		live.LiveClientBuilder().WithRegion(where).WithCredential(credentials).SafeBuild()))
	to := target
	made := must(client.CreatePullTask(&model.CreatePullTaskRequest{Body: &model.LivePullStreamTask{
		SourceType: model.GetLivePullStreamTaskSourceTypeEnum().PULL_LIVE_PUSH_LIVE, SourceUrls: []string{source}, DestinationUrl: &to,
	}}))
	found := must(client.ListPullTasks(&model.ListPullTasksRequest{TaskId: made.TaskId}))
	if len(*found.TaskInfos) != 1 {
		panic("it is not listed")
	}
	must(client.DeletePullTask(&model.DeletePullTaskRequest{TaskId: *made.TaskId}))
	return *made.TaskId
}

func alicloud(address string) string {
	client := must(sdk.NewClientWithAccessKey("cn-shanghai", key, secret))
	call := func(action string, given map[string]string) map[string]any {
		request := requests.NewCommonRequest()
		request.Scheme, request.Domain = "http", must(url.Parse(address)).Host
		request.Version, request.ApiName = "2016-11-01", action
		for name, value := range given {
			request.QueryParams[name] = value
		}
		answer := must(client.ProcessCommonRequest(request))
		var said map[string]any
		must(0, json.Unmarshal(answer.GetHttpContentBytes(), &said))
		return said
	}
	spelled := func(days int) string {
		return time.Now().UTC().AddDate(0, 0, days).Format("2006-01-02T15:04:05Z")
	}
	made := call("CreateLivePullToPush", map[string]string{
		"Region": "cn-shanghai", "SourceType": "live", "SourceProtocol": "rtmp",
		"SourceUrls": `["` + source + `"]`, "DstUrl": target,
		"StartTime": spelled(1), "EndTime": spelled(2),
	})
	which := map[string]string{"Region": "cn-shanghai", "TaskId": made["TaskId"].(string)}
	call("DescribeLivePullToPush", which)
	call("DeleteLivePullToPush", which)
	return which["TaskId"]
}

func volcengine(address string) string {
	operations := []string{"CreatePullToPushTask", "ListPullToPushTaskV2", "DeletePullToPushTask"}
	known := map[string]*base.ApiInfo{}
	for _, name := range operations {
		known[name] = &base.ApiInfo{
			Method: "POST", Path: "/", Query: url.Values{"Action": {name}, "Version": {"2023-01-01"}},
		}
	}
	client := base.NewClient(&base.ServiceInfo{
		Timeout: time.Minute, Scheme: "http", Host: must(url.Parse(address)).Host,
		Credentials: base.Credentials{Service: "live", Region: "cn-north-1"},
	}, known)
	client.SetAccessKey(key)
	client.SetSecretKey(secret)
	call := func(action string, given map[string]any) map[string]any {
		answer, _, err := client.Json(action, nil, string(must(json.Marshal(given))))
		var said struct{ Result any }
		must(0, json.Unmarshal(must(answer, err), &said))
		result, _ := said.Result.(map[string]any)
		return result
	}
	made := call("CreatePullToPushTask", map[string]any{
		"Type": 0, "SrcAddr": source, "DstAddr": target,
		"StartTime": time.Now().AddDate(0, 0, 1).Unix(),
		"EndTime":   time.Now().AddDate(0, 0, 2).Unix(),
	})
	task := made["TaskId"].(string)
	call("ListPullToPushTaskV2", map[string]any{"Page": 1, "Size": 10})
	call("DeletePullToPushTask", map[string]any{"TaskId": task})
	return task
}

func tencentcloud(address string) string {
	how := profile.NewClientProfile()
	how.HttpProfile.Scheme, how.HttpProfile.Endpoint = "http", must(url.Parse(address)).Host
	client := common.NewCommonClient(common.NewCredential(key, secret), "ap-guangzhou", how)
	call := func(action string, given map[string]any) map[string]any {
		request := tchttp.NewCommonRequest("live", "2018-08-01", action)
		must(0, request.SetActionParameters(given))
		response := tchttp.NewCommonResponse()
		must(0, client.Send(request, response))
		var said struct{ Response map[string]any }
		must(0, json.Unmarshal(response.GetBody(), &said))
		return said.Response
	}
	spelled := func(days int) string {
		return time.Now().UTC().AddDate(0, 0, days).Format("2006-01-02T15:04:05Z")
	}
	made := call("CreateLivePullStreamTask", map[string]any{
		"SourceType": "PullLivePushLive", "SourceUrls": []string{source}, "ToUrl": target,
		"StartTime": spelled(1), "EndTime": spelled(2), "Operator": "me",
	})
	task := made["TaskId"].(string)
	found := call("DescribeLivePullStreamTasks", map[string]any{"TaskId": task})
	if len(found["TaskInfos"].([]any)) != 1 {
		panic("it is not listed")
	}
	call("DeleteLivePullStreamTask", map[string]any{"TaskId": task, "Operator": "me"})
	return task
}
