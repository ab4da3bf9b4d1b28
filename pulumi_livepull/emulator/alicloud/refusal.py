"""The errors of Alibaba Cloud.

Codes of tasks: the error tables of CreateLivePullToPush, StopLivePullToPush and the like. Codes of
callbacks: those of DescribeLiveRecordNotifyConfig and the list of common errors of Live. Codes of
scheduled pulls: those of AddLivePullStreamInfoConfig and the same list. Codes of the gateway: the
pages on ACS3 signatures and on RPC calls, which leave some statuses open.
"""

from pulumi_livepull.emulator.refusal import Refusal

A_TIME = "a time such as 2025-01-02T03:04:05Z"


def invalid(message: str) -> Refusal:
    """A parameter is invalid (CreateLivePullToPush)."""
    return Refusal(400, "InvalidParameter", f"The parameter is invalid: {message}.")


def illegal_duration() -> Refusal:
    """A task would end before it starts (CreateLivePullToPush)."""
    return Refusal(400, "InvalidParam.CodeIllegalDuration", "StartTime must be before EndTime.")


def task_exists(dst_url: str) -> Refusal:
    """Another task pushes to this address (CreateLivePullToPush).

    Assumption A033: the page does not say what two tasks must have in common for this code.
    """
    return Refusal(400, "CodeConfigAlreadyExists", f"A task pushes to {dst_url} already.")


def no_such_task() -> Refusal:
    """The region has no such task (DeleteLivePullToPush, StopLivePullToPush).

    Assumption A034: the other operations answer the same; their pages list no codes.
    """
    return Refusal(400, "CodeTaskNotExist", "The task does not exist.")


def task_has_stopped() -> Refusal:
    """Only a running task can be stopped (StopLivePullToPush)."""
    return Refusal(400, "CodeTaskHasStopped", "The task has stopped.")


def wrong_state(message: str) -> Refusal:
    """The task's state does not allow this change.

    Assumption A035: the page of UpdateLivePullToPush has the rules, but no code for violations.
    """
    return invalid(message)


def callback_exists(domain: str) -> Refusal:
    """The domain already has a callback (common errors)."""
    return Refusal(400, "ConfigAlreadyExists", f"{domain} has a configuration already.")


def no_such_callback(domain: str) -> Refusal:
    """The domain has no callback (DescribeLiveRecordNotifyConfig).

    Assumption A036: update and delete answer the same; their pages list no codes.
    """
    return Refusal(404, "InvalidConfig.NotFound", f"{domain} has no configuration.")


def malformed_notify_url() -> Refusal:
    """The callback's address is not one (AddLiveRecordNotifyConfig)."""
    return Refusal(400, "InvalidNotifyUrl.Malformed", "NotifyUrl must start http:// or https://.")


def pull_exists(key: str) -> Refusal:
    """The stream already has a pull (AddLivePullStreamInfoConfig; the code: common errors)."""
    return Refusal(400, "ConfigAlreadyExists", f"{key} has a configuration already.")


def no_such_pull(key: str) -> Refusal:
    """The stream has no pull. Assumption A037: the same code as for a callback; no page has one."""
    return Refusal(404, "InvalidConfig.NotFound", f"{key} has no configuration.")


def malformed_start() -> Refusal:
    """The start of a pull is not a time (AddLivePullStreamInfoConfig)."""
    return Refusal(400, "InvalidStartTime.Malformed", f"StartTime must be {A_TIME}.")


def malformed_end() -> Refusal:
    """The end of a pull is not a time (AddLivePullStreamInfoConfig)."""
    return Refusal(400, "InvalidEndTime.Malformed", f"EndTime must be {A_TIME}.")


def wrong_end() -> Refusal:
    """The end of a pull does not fit its start or the current time (AddLivePullStreamInfoConfig).

    The vendor misspells the code.
    """
    words = "EndTime must be in the future, and at most 7 days after StartTime."
    return Refusal(400, "InvalidEndTime.Missmatch", words)


def no_such_domain(domain: str) -> Refusal:
    """The account has no such domain (common errors)."""
    return Refusal(404, "InvalidDomain.NotFound", f"The domain {domain} does not exist.")


def no_such_action(action: str) -> Refusal:
    """The product has no such operation (gateway)."""
    return Refusal(404, "InvalidAction.NotFound", f"The action {action} is not found.")


def no_such_version(version: str) -> Refusal:
    """The product has no such version (gateway)."""
    return Refusal(400, "InvalidVersion", f"The version {version} is not found.")


def incomplete_signature(message: str) -> Refusal:
    """The signature is incomplete (gateway; status: assumption A038)."""
    return Refusal(400, "IncompleteSignature", f"The signature is incomplete: {message}.")


def no_such_key() -> Refusal:
    """The access key does not exist (gateway)."""
    return Refusal(404, "InvalidAccessKeyId.NotFound", "The access key is not found.")


def wrong_signature(message: str) -> Refusal:
    """The signature does not match (gateway)."""
    return Refusal(400, "SignatureDoesNotMatch", f"The signature does not match: {message}.")


def expired() -> Refusal:
    """The caller's clock is over 15 minutes off (gateway)."""
    return Refusal(400, "InvalidTimeStamp.Expired", "The x-acs-date is over 15 minutes off.")


def nonce_used() -> Refusal:
    """A nonce was used twice (gateway)."""
    return Refusal(400, "SignatureNonceUsed", "The signature nonce has been used.")


def not_opened() -> Refusal:
    """The account has not activated Live (common errors; status: assumption A039)."""
    return Refusal(400, "LiveServiceNotFound", "The live service is not activated.")


def wrong_token() -> Refusal:
    """A security token is not that of its key, or has expired (gateway; one code for both).

    Source: terraform-provider-alicloud and the official tools, which act upon this code.
    """
    return Refusal(400, "InvalidSecurityToken.Expired", "The security token has expired.")


def throttled() -> Refusal:
    """The user has sent too many calls: 400, not 429 (gateway)."""
    return Refusal(400, "Throttling.User", "Request was denied due to user flow control.")


def denied() -> Refusal:
    """The caller lacks the permission (gateway; which of `Forbidden.*` it is: assumption A040)."""
    return Refusal(403, "Forbidden.RAM", "The user is not authorized to do this.")
