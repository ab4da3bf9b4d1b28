"""The refusals of Volcengine Live.

Codes and words: the error tables of the operations and the page of common errors (公共错误码), and
for the gateway's the platform's common errors.
"""

from tests.conformance.cases.volcengine import CALLBACK, LIVE_TASK, RELAY_SOURCE
from tests.vendors.messages import Scene, ahead, arm, deleted

TITLE = {"title": "other"}

SCENES = (
    Scene(
        "CommonErr",
        "an error of no kind, in an answer of success",
        LIVE_TASK,
        prepare=arm("error_in_200", "CreatePullToPushTask"),
    ),
    Scene(
        "InvalidParam",
        "a value that only the vendor refuses",
        LIVE_TASK,
        edit={"callbackUrl": f"https://hooks.example.org/{'x' * 512}"},
    ),
    Scene(
        "InvalidParam.BindError",
        "a type that the vendor does not take",
        RELAY_SOURCE,
        words="Request parameter error, please check input data",
    ),
    Scene(
        "InvalidParam.OutOfRange",
        "a number that the vendor does not take",
        RELAY_SOURCE,
        "delete",
        words="The parameter is out of range.",
    ),
    Scene(
        "RequestForbidden",
        "a domain of another account",
        RELAY_SOURCE,
        words="The request is forbidden.",
        status=403,
    ),
    Scene(
        "RequestForbidden.AccountIDNotAllow",
        "the same, in more words",
        CALLBACK,
        words="this AccountID does not have permission to operate this resource",
        status=403,
    ),
    Scene(
        "RequestForbidden.BillingStatus",
        "an account that did not open Live, or owes",
        LIVE_TASK,
        words="The billing status of the account is abnormal.",
        status=403,
    ),
    Scene(
        "ResourceNotFound",
        "a task for a group that does not exist",
        LIVE_TASK,
        edit={"groupName": "nogroup"},
    ),
    Scene(
        "ResourceNotFound",
        "an update of a task that somebody deleted",
        LIVE_TASK,
        "update",
        TITLE,
        deleted,
    ),
    Scene(
        "ResourceNotFound",
        "an update of a relay source that somebody deleted",
        RELAY_SOURCE,
        "update",
        {"srcAddrS": ["rtmp://src.example.org/live/s2"]},
        deleted,
    ),
    Scene(
        "LimitExceeded",
        "too many tasks",
        LIVE_TASK,
        words="The limit is exceeded.",
    ),
    Scene(
        "MissingParameter",
        "a call that lost a part on its way",
        LIVE_TASK,
        words="The request is missing Action parameter.",
    ),
    Scene(
        "MissingAuthenticationToken",
        "a call that lost its signature on its way",
        LIVE_TASK,
        words="Request is missing Authentication Token.",
        status=401,
    ),
    Scene(
        "MissingRequestInfo",
        "a call that lost a header on its way",
        LIVE_TASK,
        words="The request is missing X-Date information.",
    ),
    Scene(
        "MissingSignature",
        "a signature that was spoilt on its way",
        LIVE_TASK,
        words="The request is missing signature.",
        status=401,
    ),
    Scene(
        "InvalidSecretToken",
        "a security token that has expired",
        LIVE_TASK,
        words="The secret token is invalid or expired.",
        status=401,
    ),
    Scene(
        "InvalidTimestamp",
        "a clock that is an hour off",
        LIVE_TASK,
        prepare=ahead,
    ),
    Scene(
        "ServiceNotFound",
        "an endpoint of something else",
        LIVE_TASK,
        words="This service[live] not found.",
        status=404,
    ),
    Scene(
        "InvalidActionOrVersion",
        "an endpoint of another version",
        LIVE_TASK,
        words="Could not find operation CreatePullToPushTask for version 2023-01-01.",
        status=404,
    ),
    Scene(
        "InvalidAccessKey",
        "an access key that does not exist",
        LIVE_TASK,
        config={"volcengineAccessKey": "no-such-key"},
    ),
    Scene(
        "SignatureDoesNotMatch",
        "a wrong secret access key",
        LIVE_TASK,
        config={"volcengineSecretKey": "a-wrong-key"},
    ),
    Scene(
        "LackPolicy",
        "a user without permission",
        LIVE_TASK,
        "read",
        words="Request was rejected because of lack of policy.",
        status=403,
    ),
    Scene(
        "AccessDenied",
        "a user without this permission",
        LIVE_TASK,
        prepare=arm("deny", "CreatePullToPushTask"),
    ),
    Scene(
        "FlowLimitExceeded",
        "too many calls",
        LIVE_TASK,
        prepare=arm("throttle", "CreatePullToPushTask"),
    ),
    Scene(
        "AccountFlowLimitExceeded",
        "too many calls of the account",
        LIVE_TASK,
        "read",
        words="Request was rejected because the request speed is beyond the flow limit.",
        status=429,
    ),
    Scene(
        "InternalError",
        "a vendor in trouble, in a creation",
        LIVE_TASK,
        words="Internal error.",
        status=500,
    ),
    Scene(
        "InternalServiceError.BadResponse",
        "a vendor in trouble, in a refresh",
        LIVE_TASK,
        "read",
        words="Internal service error.",
        status=502,
    ),
    Scene(
        "FailToConnect",
        "a vendor in trouble, in a deletion",
        RELAY_SOURCE,
        "delete",
        words="Failed to connect.",
        status=502,
    ),
    Scene(
        "InternalServiceTimeout",
        "a vendor in trouble, in an update",
        LIVE_TASK,
        "update",
        TITLE,
        words="Internal service timeout.",
        status=504,
    ),
    Scene("Made.Up", "any other code", LIVE_TASK, words="words"),
)
