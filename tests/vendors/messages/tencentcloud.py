"""The refusals of Tencent Cloud CSS.

Codes: `errorcodes` of the official SDK, and the common error codes of API 3.0. Their texts there
are Chinese; the words here stand for them.
"""

from tests.conformance.cases import Case
from tests.conformance.cases.tencentcloud import LIVE_TASK, RULE, TEMPLATE
from tests.vendors.messages import Scene, ahead, arm, deleted, seed, taken

ELSEWHERE = seed(tencentcloud={"domains": ["elsewhere.example.com"]})
COMMENT = {"comment": "other"}


def _said(code: str, story: str, case: Case, verb: str = "create", words: str = "") -> Scene:
    """Return a scene in which the vendor is made to say a code."""
    edit = {} if verb != "update" else COMMENT if case is LIVE_TASK else {"description": "other"}
    return Scene(code, story, case, verb, edit, words=words or "It was refused.", status=200)


SCENES = (
    _said("AuthFailure", "keys that are refused", LIVE_TASK),
    Scene(
        "AuthFailure.SecretIdNotFound",
        "an access key that does not exist",
        LIVE_TASK,
        config={"tencentcloudAccessKey": "no-such-key"},
    ),
    Scene(
        "AuthFailure.SignatureFailure",
        "a wrong secret key",
        LIVE_TASK,
        config={"tencentcloudSecretKey": "a-wrong-key"},
    ),
    Scene(
        "AuthFailure.SignatureExpire",
        "a clock that is an hour off",
        LIVE_TASK,
        prepare=ahead,
    ),
    Scene(
        "AuthFailure.TokenFailure",
        "a security token that has expired",
        LIVE_TASK,
        words="Token error.",
    ),
    Scene(
        "AuthFailure.UnauthorizedOperation",
        "a user without this permission",
        LIVE_TASK,
        prepare=arm("deny", "CreateLivePullStreamTask"),
    ),
    _said("AuthFailure.InvalidAuthorization", "a signature that was spoilt", LIVE_TASK),
    _said("UnauthorizedOperation", "a user without any permission", LIVE_TASK, "read"),
    _said("UnauthorizedOperation.CamNoAuth", "the same, in more words", LIVE_TASK, "read"),
    Scene(
        "InvalidParameter",
        "a value that only the vendor refuses",
        LIVE_TASK,
        edit={"callbackUrl": f"https://hooks.example.org/{'x' * 2048}"},
    ),
    Scene(
        "InvalidParameter.InvalidTaskTime",
        "a window that is too long",
        LIVE_TASK,
        edit={"endTime": "2030-03-01T12:00:00Z"},
    ),
    _said(
        "InvalidParameter.InvalidToUrl", "an address that cannot be changed", LIVE_TASK, "update"
    ),
    Scene(
        "InvalidParameter.TaskNotExist",
        "an update of a task that somebody deleted",
        LIVE_TASK,
        "update",
        COMMENT,
        deleted,
    ),
    _said("InvalidParameter.InvalidTaskId", "an id that is none", LIVE_TASK, "update"),
    _said("ResourceNotFound.TaskId", "the same, in other words", LIVE_TASK, "update"),
    _said("ResourceNotFound.TaskNotFound", "the same, in yet others", LIVE_TASK, "update"),
    _said("FailedOperation.NotFound", "something that is not there", LIVE_TASK, "update"),
    _said("InternalError.NotFound", "the same, in other words", LIVE_TASK, "update"),
    Scene(
        "InvalidParameter.TaskNumMoreThanLimit",
        "too many tasks",
        LIVE_TASK,
        prepare=seed(tencentcloud={"limit_task_num": 0}),
    ),
    _said("LimitExceeded", "too many of anything", LIVE_TASK),
    _said("LimitExceeded.MaximumTask", "too many tasks in a day", LIVE_TASK),
    _said("FailedOperation.AlterTaskState", "a state that forbids this", LIVE_TASK, "update"),
    _said("FailedOperation.ConflictAction", "two changes at one time", LIVE_TASK, "update"),
    Scene(
        "InternalError.PushDomainNoRecord",
        "a domain that the account does not have",
        LIVE_TASK,
        prepare=ELSEWHERE,
    ),
    _said("InternalError.DomainNotExist", "the same, in other words", RULE),
    Scene(
        "InternalError.RuleAlreadyExist",
        "a rule where there is one",
        RULE,
        prepare=taken(RULE),
    ),
    _said("FailedOperation.RuleAlreadyExist", "the same, in other words", RULE),
    _said("InternalError.RuleOutLimit", "too many rules", RULE),
    Scene(
        "InvalidParameter.ConfNotFound",
        "a rule for a template that does not exist",
        RULE,
        prepare=seed(tencentcloud={"templates": [{"TemplateName": "t", "TemplateId": 7}]}),
    ),
    _said("InternalError.ConfNotFound", "the same, in other words", RULE),
    _said("InvalidParameter.TemplateNotFound", "the same, in yet others", RULE),
    _said("ResourceNotFound.TemplateNotExists", "the same, once more", RULE),
    _said("InternalError.RuleNotFound", "no rule for a domain", TEMPLATE, "update"),
    _said("InvalidParameter.RuleNotFound", "the same, in other words", TEMPLATE, "update"),
    _said("InternalError.ConfOutLimit", "too many templates", TEMPLATE),
    _said("FailedOperation.ConfInUsed", "a template that a rule binds", TEMPLATE, "delete"),
    _said("InternalError.ConfInUsed", "the same, in other words", TEMPLATE, "delete"),
    _said("InvalidParameter.ConfInUsed", "the same, in yet others", TEMPLATE, "delete"),
    _said("ResourceInUse", "the same, once more", TEMPLATE, "delete"),
    _said("FailedOperation.JiFeiNoEnoughFund", "an account that owes", LIVE_TASK),
    _said("FailedOperation.OutOfService", "an account that is stopped", LIVE_TASK),
    _said("ResourceNotFound.ForbidService", "an account that is blocked", LIVE_TASK),
    _said("ResourceNotFound.FreezeService", "an account that is frozen", LIVE_TASK),
    _said("ResourceNotFound.StopService", "a service that is stopped", LIVE_TASK),
    _said("ResourceNotFound.UserDisableService", "a service that the user stopped", LIVE_TASK),
    _said("ResourceNotFound.UserNotExist", "an account that did not open CSS", LIVE_TASK),
    _said("InvalidAction", "an endpoint of something else", LIVE_TASK),
    _said("NoSuchVersion", "an endpoint of another version", LIVE_TASK),
    _said("UnsupportedRegion", "a region that runs no tasks", LIVE_TASK),
    _said("MissingParameter", "a call that lost a part on its way", LIVE_TASK),
    _said("UnknownParameter", "a call that got a part on its way", LIVE_TASK),
    Scene(
        "RequestLimitExceeded",
        "too many calls",
        LIVE_TASK,
        prepare=arm("throttle", "CreateLivePullStreamTask"),
    ),
    _said("RequestLimitExceeded.UinLimitExceeded", "too many of the account", LIVE_TASK, "read"),
    _said("LimitExceeded.RateLimitExceeded", "the same, in other words", LIVE_TASK, "read"),
    Scene(
        "InternalError",
        "a vendor in trouble, in a creation",
        LIVE_TASK,
        prepare=arm("error_in_200", "CreateLivePullStreamTask"),
    ),
    _said("InternalError.DBError", "a vendor in trouble, in a refresh", LIVE_TASK, "read"),
    _said("FailedOperation.CallOtherSvrError", "a vendor in trouble, later", TEMPLATE, "delete"),
    Scene("Made.Up", "any other code", LIVE_TASK, words="words", status=200),
)
