provider "tencentcloud" {
  region = "ap-guangzhou"
}

variable "domain" {
  type    = string
  default = "push.example.com"
}

resource "tencentcloud_css_pull_stream_task" "playlist" {
  source_type      = "PullVodPushLive"
  source_urls      = ["https://files.example.org/1.mp4", "https://files.example.org/2.mp4"]
  domain_name      = var.domain
  app_name         = "live"
  stream_name      = "playlist"
  start_time       = "2030-01-01T13:00:00Z"
  end_time         = "2030-01-02T12:00:00Z"
  operator         = "admin"
  comment          = "evening"
  vod_loop_times   = -1
  vod_refresh_type = "ContinueBreakPoint"
  callback_events  = ["TaskStart", "TaskExit"]
  callback_url     = "https://hooks.example.org/tasks"
  file_index       = 2
  offset_time      = 30
  status           = "enable"
  watermark_list {
    picture_url = "https://files.example.org/logo.png"
    x_position  = 5
    location    = 0
  }
}

resource "tencentcloud_css_callback_template" "hooks" {
  template_name     = "hooks"
  record_notify_url = "https://hooks.example.org/recordings"
  callback_key      = "00000000000000000000000000000000"
}

resource "tencentcloud_css_callback_rule_attachment" "rule" {
  domain_name = var.domain
  app_name    = "live"
  template_id = tencentcloud_css_callback_template.hooks.id
}

output "task" {
  value = tencentcloud_css_pull_stream_task.playlist.id
}

resource "tencentcloud_css_pull_stream_task" "elsewhere" {
  source_type = "PullLivePushLive"
  source_urls = ["rtmp://play.example.org/live/1"]
  domain_name = ""
  app_name    = ""
  stream_name = ""
  to_url      = "rtmp://push.example.net/live/one"
  start_time  = "2030-01-01T13:00:00Z"
  end_time    = "2030-01-02T12:00:00Z"
  operator    = "admin"
}

resource "tencentcloud_css_pull_stream_task_restart" "again" {
  task_id  = tencentcloud_css_pull_stream_task.playlist.id
  operator = "admin"
}
