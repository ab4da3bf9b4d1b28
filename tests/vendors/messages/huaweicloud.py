"""The refusals of Huawei Cloud Live.

Codes and words: the page "视频直播 LIVE-错误码" (api-live), which was read in part; the gateway's
codes as the emulator has them.
"""

from tests.conformance.cases.huaweicloud import CALLBACK, FILE_TASK, LIVE_TASK
from tests.vendors.messages import Scene, arm, deleted, seed, taken

ELSEWHERE = seed(huaweicloud={"domains": ["elsewhere.example.com"]})
NO_LIST = arm("deny", "ListRecordCallbackConfigs")

SCENES = (
    Scene(
        "LIVE.100011001",
        "a value that only the vendor refuses",
        LIVE_TASK,
        edit={"appName": "a" * 129},
    ),
    Scene(
        "LIVE.100011001",
        "an update of a task that somebody deleted",
        FILE_TASK,
        "update",
        {"vodLoopTime": 5},
        deleted,
    ),
    Scene(
        "LIVE.100011001",
        "an update of a callback that somebody deleted",
        CALLBACK,
        "update",
        {"signType": "HMACSHA256"},
        deleted,
    ),
    Scene(
        "LIVE.100011003",
        "a user without permission",
        LIVE_TASK,
        words="You do not have permission to access the API.",
        status=401,
    ),
    Scene(
        "LIVE.100011004",
        "an endpoint without https",
        LIVE_TASK,
        words="The protocol is not supported. The API only supports the HTTPS protocol.",
    ),
    Scene(
        "LIVE.100011006",
        "an operation that is switched off",
        LIVE_TASK,
        "read",
        words="This API is not supported in this version or is in the maintenance state.",
    ),
    Scene(
        "LIVE.100011008",
        "maintenance",
        LIVE_TASK,
        "delete",
        words="The API is in the maintenance state.",
    ),
    Scene(
        "LIVE.100011009",
        "an account that Live does not know",
        LIVE_TASK,
        words="The requested user does not exist.",
    ),
    Scene(
        "LIVE.100011011",
        "a method that the operation does not take",
        FILE_TASK,
        "update",
        {"vodLoopTime": 5},
        words="The method specified in the request is not supported.",
    ),
    Scene(
        "LIVE.100011012",
        "a body that is not taken for JSON",
        CALLBACK,
        words="Unsupported media type.",
    ),
    Scene(
        "LIVE.100011013",
        "an account without real-name authentication",
        LIVE_TASK,
        words="You have not completed real-name authentication.",
    ),
    Scene(
        "LIVE.100011014",
        "an account that is shut out",
        LIVE_TASK,
        words="Your account is not allowed to access the service",
        status=401,
    ),
    Scene(
        "LIVE.100011022",
        "a recording that only just stopped",
        CALLBACK,
        words="LIVE.Record task exist.",
    ),
    Scene(
        "LIVE.103011018",
        "a callback for a domain and app that have one",
        CALLBACK,
        prepare=taken(CALLBACK),
    ),
    Scene(
        "LIVE.103011018",
        "the same, and which one cannot be found out",
        CALLBACK,
        prepare=taken(CALLBACK, NO_LIST),
    ),
    Scene(
        "LIVE.103011019",
        "a task for a domain that the account does not have",
        LIVE_TASK,
        prepare=ELSEWHERE,
    ),
    Scene(
        "LIVE.103011019",
        "a callback for a domain that the account does not have",
        CALLBACK,
        prepare=ELSEWHERE,
    ),
    Scene(
        "LIVE.103011020",
        "too many domains",
        CALLBACK,
        words="The maximum number of domain names has been reached.",
    ),
    Scene(
        "LIVE.103011021",
        "a vendor without its database",
        CALLBACK,
        "update",
        {"signType": "HMACSHA256"},
        words="Failed to access the database.",
    ),
    Scene(
        "LIVE.103011022",
        "a domain that is not ready",
        LIVE_TASK,
        words="This operation is not allowed in the current state.",
    ),
    Scene(
        "APIG.0301",
        "a wrong secret access key",
        LIVE_TASK,
        config={"huaweicloudSecretKey": "a-wrong-key"},
    ),
    Scene(
        "APIG.0306",
        "a user without permission",
        LIVE_TASK,
        prepare=arm("deny", "CreatePullTask"),
    ),
    Scene(
        "APIG.0306",
        "a user who may not even look up the project",
        LIVE_TASK,
        prepare=arm("deny", "KeystoneListProjects"),
    ),
    Scene(
        "APIG.0308",
        "too many calls",
        LIVE_TASK,
        prepare=arm("throttle", "CreatePullTask"),
    ),
    Scene(
        "X.401",
        "any other code with 401",
        LIVE_TASK,
        words="words",
        status=401,
    ),
    Scene(
        "X.403",
        "any other code with 403",
        LIVE_TASK,
        words="words",
        status=403,
    ),
    Scene(
        "X.404",
        "any other code with 404",
        LIVE_TASK,
        "read",
        words="words",
        status=404,
    ),
    Scene(
        "X.429",
        "any other code with 429",
        LIVE_TASK,
        words="words",
        status=429,
    ),
    Scene(
        "X.400",
        "any other code",
        LIVE_TASK,
        words="words",
    ),
    Scene(
        "X.500",
        "any code with 500, in a creation",
        LIVE_TASK,
        words="words",
        status=500,
    ),
    Scene(
        "X.500",
        "any code with 500, in a refresh",
        LIVE_TASK,
        "read",
        words="words",
        status=500,
    ),
)
