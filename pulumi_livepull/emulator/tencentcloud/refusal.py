"""The errors that Tencent Cloud answers with, all of them with a status of 200.

Codes: tencentcloud-sdk-python-live 3.1.195, `errorcodes`; those of the gateway are the common error
codes of API 3.0. Assumption A090: which of several codes with one meaning an operation answers
with, where its page does not list it.
"""

from pulumi_livepull.emulator.refusal import Invalid, Refusal


def invalid(wrong: Invalid | str) -> Refusal:
    """A parameter is wrong."""
    return Refusal(200, "InvalidParameter", f"Invalid parameter: {wrong}.")


def invalid_time(message: str) -> Refusal:
    """The times of a task are out of what they may be."""
    return Refusal(200, "InvalidParameter.InvalidTaskTime", f"Task time is invalid: {message}.")


def id_taken() -> Refusal:
    """A task has this own id already.

    Assumption A091: no page says how that is answered. Switch: `repeats`.
    """
    return Refusal(200, "InvalidParameter", "SpecifyTaskId exists already.")


def no_task(task_id: str) -> Refusal:
    """There is no such task (document/product/267/56967)."""
    return Refusal(200, "InvalidParameter.TaskNotExist", f"The task does not exist: {task_id}.")


def not_running(task_id: str) -> Refusal:
    """The task does not run, so it cannot be restarted."""
    return Refusal(200, "FailedOperation.AlterTaskState", f"Task {task_id} is not running.")


def too_many_tasks() -> Refusal:
    """The account may have no more tasks."""
    return Refusal(200, "InvalidParameter.TaskNumMoreThanLimit", "Too many tasks.")


def too_many_templates() -> Refusal:
    """The account may have no more templates."""
    return Refusal(200, "InternalError.ConfOutLimit", "Too many templates.")


def no_template() -> Refusal:
    """There is no such template (document/api/267/30816)."""
    return Refusal(200, "InvalidParameter.ConfNotFound", "The template does not exist.")


def template_in_use() -> Refusal:
    """A rule binds the template."""
    return Refusal(200, "FailedOperation.ConfInUsed", "The template is in use.")


def rule_exists() -> Refusal:
    """The domain and app have a rule."""
    return Refusal(200, "InternalError.RuleAlreadyExist", "The rule exists already.")


def no_rule() -> Refusal:
    """The domain and app have no rule."""
    return Refusal(200, "InvalidParameter.RuleNotFound", "The rule does not exist.")


def no_domain() -> Refusal:
    """The account does not have this push domain."""
    return Refusal(200, "InternalError.PushDomainNoRecord", "The push domain does not exist.")


def trouble() -> Refusal:
    """The service is having trouble."""
    return Refusal(200, "InternalError", "Internal error.")


def unknown_parameter(message: str) -> Refusal:
    """A parameter is unknown (gateway)."""
    return Refusal(200, "UnknownParameter", f"The parameter is not recognized: {message}.")


def missing(message: str) -> Refusal:
    """A parameter is missing (gateway)."""
    return Refusal(200, "MissingParameter", f"The request lacks {message}.")


def no_such_action(action: str) -> Refusal:
    """There is no such action (gateway)."""
    return Refusal(200, "InvalidAction", f"The action does not exist: {action}.")


def no_such_version(version: str) -> Refusal:
    """There is no such version (gateway)."""
    return Refusal(200, "NoSuchVersion", f"The version does not exist: {version}.")


def no_such_region(region: str) -> Refusal:
    """The operation is not in this region (gateway)."""
    return Refusal(200, "UnsupportedRegion", f"The region is not supported: {region}.")


def malformed_signature(message: str) -> Refusal:
    """The header Authorization cannot be read (gateway)."""
    return Refusal(200, "AuthFailure.InvalidAuthorization", f"The signature is no such: {message}.")


def no_such_key() -> Refusal:
    """The secret id does not exist (gateway)."""
    return Refusal(200, "AuthFailure.SecretIdNotFound", "The SecretId is not found.")


def wrong_time() -> Refusal:
    """The caller's clock is off (gateway)."""
    return Refusal(200, "AuthFailure.SignatureExpire", "The signature has expired.")


def wrong_signature(message: str) -> Refusal:
    """The signature is not what the gateway computes (gateway)."""
    return Refusal(200, "AuthFailure.SignatureFailure", f"The signature is wrong: {message}.")


def denied() -> Refusal:
    """The caller lacks the permission (gateway)."""
    return Refusal(200, "AuthFailure.UnauthorizedOperation", "You are not authorized to do this.")


def not_opened() -> Refusal:
    """The account did not activate CSS."""
    return Refusal(200, "ResourceNotFound.UserNotExist", "The user does not exist.")


def wrong_token() -> Refusal:
    """A security token is not that of its key, or has expired (gateway)."""
    return Refusal(200, "AuthFailure.TokenFailure", "The token is wrong or has expired.")


def throttled() -> Refusal:
    """There were too many calls (gateway)."""
    return Refusal(200, "RequestLimitExceeded", "Your current request frequency is too high.")
