"""Calls Tencent Cloud CSS: endpoint, the reply envelope and the meaning of its codes."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from pulumi_livepull.core.answers import find_object, list_in, page_numbers, unreadable
from pulumi_livepull.core.client import IN_TROUBLE
from pulumi_livepull.core.regional import RegionalClient
from pulumi_livepull.errors import (
    ApiError,
    Conflict,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
    TransportError,
    WrongRegion,
)

VERSION = "2018-08-01"
PAGE = 20
"""The longest page. Source: models.DescribeLivePullStreamTasksRequest, `PageSize`."""

OPERATOR = "pulumi-livepull"

REGIONS = (
    *("ap-bangkok", "ap-beijing", "ap-guangzhou", "ap-hongkong", "ap-mumbai", "ap-seoul"),
    *("ap-shanghai", "ap-singapore", "ap-tokyo"),
    *("eu-frankfurt", "na-ashburn", "na-siliconvalley"),
)
"""Regions that run relay tasks. Source: models.PullStreamTaskInfo, `Region`."""

_KEYS = "Check the access key, its secret and, for temporary keys, the security token."
_RIGHTS = "Give the user of this access key the permissions for CSS."
_ACCOUNT = "The console says what is wrong with the account, its bill or its service."
_THROTTLED = "Lower livepull:requestsPerSecond, or run it again later."
_ENDPOINT = "Check config livepull:tencentcloudEndpoint: CSS is not at that address."
_FAULT = "A proxy changed the request, or this is a fault of pulumi-livepull: report this message."
_CORRECT = "Correct what it names."
_TASK = "Check the region and the task id."
_TEMPLATE = "Check the id of the template."
_IN_USE = "Delete the callback rules of this template first."
_RULE = "Check the domain and the app."
_FEWER = "Delete what is no longer needed, or ask the vendor for more."
_TAKEN = "The domain and app have a rule already: set `adopt` to `domain/app`, or delete it first."
_DOMAIN = "Add the domain in the CSS console, or correct it."
_UNLISTED = "Look up the code in the vendor's API reference; its support asks for the request id."

# Sources: tencentcloud-sdk-python-live 3.1.195, `errorcodes`; the error tables of
# document/api/267/30816 and document/product/267/56967; for `AuthFailure.`, `Invalid`, `NoSuch` and
# `RequestLimitExceeded`, the common error codes of API 3.0, which all its products share.
_CODES: dict[str, tuple[type[ApiError], str]] = {
    "AuthFailure": (NotSignedIn, _KEYS),
    "AuthFailure.SignatureExpire": (
        NotSignedIn,
        "Set this machine's clock: it is over 5 minutes off.",
    ),
    "AuthFailure.UnauthorizedOperation": (NoPermission, _RIGHTS),
    "FailedOperation.AlterTaskState": (
        Conflict,
        "Run pulumi refresh, and look at `status`: the task's state does not allow this now.",
    ),
    "FailedOperation.ConfInUsed": (Conflict, _IN_USE),
    "FailedOperation.ConflictAction": (Conflict, "Another change is under way: run it again."),
    "FailedOperation.JiFeiNoEnoughFund": (NotOpened, _ACCOUNT),
    "FailedOperation.NotFound": (NotFound, "Check the id."),
    "FailedOperation.OutOfService": (NotOpened, _ACCOUNT),
    "FailedOperation.RuleAlreadyExist": (Conflict, _TAKEN),
    "InternalError.ConfInUsed": (Conflict, _IN_USE),
    "InternalError.ConfNotFound": (NotFound, _TEMPLATE),
    "InternalError.ConfOutLimit": (QuotaExceeded, _FEWER),
    "InternalError.DomainNotExist": (ApiError, _DOMAIN),
    "InternalError.NotFound": (NotFound, "Check the id."),
    "InternalError.PushDomainNoRecord": (ApiError, _DOMAIN),
    "InternalError.RuleAlreadyExist": (Conflict, _TAKEN),
    "InternalError.RuleNotFound": (NotFound, _RULE),
    "InternalError.RuleOutLimit": (QuotaExceeded, _FEWER),
    "InvalidAction": (ApiError, _ENDPOINT),
    "InvalidParameter.ConfInUsed": (Conflict, _IN_USE),
    "InvalidParameter.ConfNotFound": (NotFound, _TEMPLATE),
    "InvalidParameter.InvalidTaskId": (NotFound, _TASK),
    "InvalidParameter.InvalidTaskTime": (
        ApiError,
        "Give an end in the future, after the start and less than 30 days later. The start of a "
        "task can only move to the future.",
    ),
    "InvalidParameter.InvalidToUrl": (
        ApiError,
        "Correct `to_url`. If the task has another one and the vendor refuses the change, make a "
        "new task: pulumi up --replace <its URN>.",
    ),
    "InvalidParameter.RuleNotFound": (NotFound, _RULE),
    "InvalidParameter.TaskNotExist": (NotFound, _TASK),
    "InvalidParameter.TaskNumMoreThanLimit": (QuotaExceeded, _FEWER),
    "InvalidParameter.TemplateNotFound": (NotFound, _TEMPLATE),
    "LimitExceeded": (QuotaExceeded, _FEWER),
    "LimitExceeded.RateLimitExceeded": (Throttled, _THROTTLED),
    "MissingParameter": (ApiError, _FAULT),
    "NoSuchVersion": (ApiError, _ENDPOINT),
    "RequestLimitExceeded": (Throttled, _THROTTLED),
    "ResourceInUse": (Conflict, _IN_USE),
    "ResourceNotFound.ForbidService": (NotOpened, _ACCOUNT),
    "ResourceNotFound.FreezeService": (NotOpened, _ACCOUNT),
    "ResourceNotFound.StopService": (NotOpened, _ACCOUNT),
    "ResourceNotFound.TaskId": (NotFound, _TASK),
    "ResourceNotFound.TaskNotFound": (NotFound, _TASK),
    "ResourceNotFound.TemplateNotExists": (NotFound, _TEMPLATE),
    "ResourceNotFound.UserDisableService": (NotOpened, _ACCOUNT),
    "ResourceNotFound.UserNotExist": (NotOpened, "Activate CSS for this account."),
    "UnauthorizedOperation": (NoPermission, _RIGHTS),
    "UnknownParameter": (ApiError, _FAULT),
    "UnsupportedRegion": (WrongRegion, "Correct the region."),
}
_PREFIXES: dict[str, tuple[type[ApiError], str]] = {
    "AuthFailure.": (NotSignedIn, _KEYS),
    "InvalidParameter": (ApiError, _CORRECT),
    "LimitExceeded.": (QuotaExceeded, _FEWER),
    "RequestLimitExceeded.": (Throttled, _THROTTLED),
    "UnauthorizedOperation.": (NoPermission, _RIGHTS),
}
_TROUBLE = frozenset(
    {
        "FailedOperation.CallOtherSvrError",
        "FailedOperation.CallOtherSvrFailed",
        "FailedOperation.DatabaseNotAccessible",
        "InternalError",
        "InternalError.CallOtherSvrError",
        "InternalError.ConnectDbError",
        "InternalError.DBError",
        "InternalError.NetworkError",
        "InternalError.SystemError",
        "InternalError.UpdateDataError",
    }
)
"""Codes that do not tell whether the work was done. They too come with a status of 200."""


class TencentLive(RegionalClient):
    """Calls CSS in one account. Ids of tasks are `region/id`: every call about one needs the
    region."""

    vendor = "tencentcloud"
    region_variables = ("TENCENTCLOUD_REGION",)
    regions = REGIONS
    reach_hint = "Check the network."

    def __init__(self, settings: Mapping[str, str], *arguments: Any, **options: Any) -> None:
        super().__init__(settings, *arguments, **options)
        self.operator = settings.get("operator", "") or OPERATOR

    def address(self, region: str = "") -> str:
        """See `Client`."""
        endpoint = self._endpoint or "https://live.tencentcloudapi.com"
        return endpoint.replace("{region}", region or self._region)

    def call(self, action: str, body: Mapping[str, Any], *, region: str = "") -> Mapping[str, Any]:
        """Send one call and return its `Response`.

        Raises `ApiError` or `TransportError`. What makes or interrupts something is never repeated.
        """
        return self.send(
            "POST",
            f"{self.address(region)}/",
            operation=action,
            repeatable=not action.startswith(("Create", "Restart")),
            headers={
                "Content-Type": "application/json",
                "X-TC-Action": action,
                "X-TC-Version": VERSION,
                **({"X-TC-Region": region} if region else {}),
            },
            json=body,
        )

    def tasks(self, region: str, **which: str) -> Iterator[Mapping[str, Any]]:
        """Yield every relay task of a region that matches, page by page."""
        for number in page_numbers():
            asked = {**which, "PageNum": number, "PageSize": PAGE}
            page = self.call("DescribeLivePullStreamTasks", asked, region=region)
            found = list_in(page, "TaskInfos")
            yield from found
            pages = page.get("TotalPage")
            more = number < pages if isinstance(pages, int) else len(found) == PAGE
            if not found or not more:
                return

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        """Return the reply, or raise the error in it, which comes with a status of 200."""
        reply = (find_object(response) or {}).get("Response")
        if not isinstance(reply, dict):
            raise unreadable(response)
        error = reply.get("Error")
        if response.is_success and not error:
            return reply
        error = error if isinstance(error, dict) else {"Message": str(error or "")}
        code = str(error.get("Code") or response.status_code)
        kind, hint = _meaning(code)
        refused = kind(
            code,
            str(error.get("Message") or response.reason_phrase),
            status=response.status_code,
            request_id=str(reply.get("RequestId") or ""),
            hint=hint,
        )
        if code in _TROUBLE:
            raise TransportError(
                f"{refused.what} from {response.url.host}", IN_TROUBLE, sent=True
            ) from refused
        raise refused


def _meaning(code: str) -> tuple[type[ApiError], str]:
    by_prefix = (row for prefix, row in _PREFIXES.items() if code.startswith(prefix))
    return _CODES.get(code) or next(by_prefix, (ApiError, _UNLISTED))
