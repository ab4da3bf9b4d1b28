"""Client for Alibaba Cloud Live: endpoints, the envelope of answers and the error codes."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from pulumi_livepull.core.answers import (
    find_object,
    is_digits,
    list_or_null_in,
    page_numbers,
    unreadable,
)
from pulumi_livepull.core.regional import RegionalClient
from pulumi_livepull.errors import (
    ApiError,
    Conflict,
    Denied,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
)
from pulumi_livepull.vendors.alicloud.regions import CENTRAL, TASKS

VERSION = "2016-11-01"
PAGE = 100

_DOCS = "https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-"
_KEYS = "Check the access key, its secret and, for temporary keys, the security token."
_RIGHTS = "Give the user of this access key the permissions for Live."
_THROTTLED = "Lower livepull:requestsPerSecond, or run it again later."
_TIMES = "Set RFC 3339 times: an end in the future, at most 7 days after the start."
_ENDPOINT = (
    "Check the region, and config livepull:alicloudEndpoint if it is set: whatever answers "
    "there does not know {action}."
)
_UNLISTED = f"The vendor lists its codes at {_DOCS}errorcodes; its support asks for the request id."

# Sources: the error tables of CreateLivePullToPush, StopLivePullToPush, DeleteLivePullToPush,
# AddLiveRecordNotifyConfig, DescribeLiveRecordNotifyConfig and AddLivePullStreamInfoConfig, Alibaba
# Live's list of common errors and, for the gateway's, the pages on ACS3 signatures and RPC calls.
_CODES: dict[str, tuple[type[ApiError], str]] = {
    "CodeConfigAlreadyExists": (
        Conflict,
        "Another task pushes to this `dst_url`: delete it, or set `adopt` to its id.",
    ),
    "CodeInvalidAliUid": (NotOpened, "Add a domain to Live in this account first."),
    "CodeNotEnoughResource": (
        QuotaExceeded,
        "Delete tasks that are no longer needed, or ask the vendor for more.",
    ),
    "CodeTaskHasStopped": (Conflict, "Run pulumi refresh: the task is stopped already."),
    "CodeTaskNotExist": (NotFound, "Check the region and the task id."),
    "ConfigAlreadyExists": (
        Conflict,
        "The domain has one already: set `adopt` to the domain to manage it here, or delete it "
        "first.",
    ),
    "Forbidden": (NoPermission, _RIGHTS),
    "IllegalOperation": (Denied, "Check that {domain} belongs to this account."),
    "InvalidAccessKeyId.NotFound": (NotSignedIn, _KEYS),
    "InvalidAction.NotFound": (ApiError, _ENDPOINT),
    "InvalidConfig.NotFound": (NotFound, "Check the domain."),
    "InvalidDomain.NotFound": (ApiError, "Add {domain} in the Live console, or correct it."),
    "InvalidIdentity.ServiceDisabled": (
        NotOpened,
        "The console says why the account is blocked from ApsaraVideo Live.",
    ),
    "InvalidTimeStamp.Expired": (
        NotSignedIn,
        "Set this machine's clock: it is over 15 minutes off.",
    ),
    "InvalidVersion": (ApiError, _ENDPOINT),
    "LiveServiceNotFound": (NotOpened, "Activate ApsaraVideo Live for this account."),
    "SignatureDoesNotMatch": (NotSignedIn, _KEYS),
    "SignatureNonceUsed": (
        ApiError,
        "Run it again. If it keeps failing, a proxy on the way sends each call twice.",
    ),
}
_PREFIXES: dict[str, tuple[type[ApiError], str]] = {
    "Throttling": (Throttled, _THROTTLED),
    "IncompleteSignature": (
        Denied,
        "A proxy on the way removes headers: bypass it.",
    ),
    "InvalidNotifyUrl": (
        ApiError,
        "Give an http or https address that the vendor can reach, with special characters encoded.",
    ),
    "InvalidEndTime": (ApiError, _TIMES),
    "InvalidStartTime": (ApiError, _TIMES),
    "InvalidParam": (ApiError, f"Correct what it names, as the page says: {_DOCS}{{page}}"),
    "InvalidSecurityToken": (
        NotSignedIn,
        "Get new temporary keys; with permanent ones, set no security token.",
    ),
    "Forbidden": (NoPermission, _RIGHTS),
    "NoPermission": (NoPermission, _RIGHTS),
}


class AlicloudLive(RegionalClient):
    """Client for Live in one account. Task ids are `region/id`, because every call needs the
    region."""

    vendor = "alicloud"
    region_variables = ("ALICLOUD_REGION",)
    regions = TASKS
    reach_hint = "Check the region and the network."

    def address(self, region: str = "") -> str:
        """See `Client`. Many regions share the central endpoint."""
        central = not region or region in CENTRAL
        endpoint = self._endpoint or (
            "https://live.aliyuncs.com" if central else "https://live.{region}.aliyuncs.com"
        )
        return endpoint.replace("{region}", region or self._region)

    def call(
        self, action: str, params: Mapping[str, Any], *, region: str = ""
    ) -> Mapping[str, Any]:
        """Send one call, always with POST, because a list of sources can be long.

        Raises `ApiError` or `TransportError`. A create is never repeated.
        """
        return self.send(
            "POST",
            f"{self.address(region)}/",
            operation=action,
            repeatable=not action.startswith(("Create", "Add")),
            params={name: str(value) for name, value in params.items()}
            | ({"Region": region} if region else {}),
            headers={"x-acs-action": action, "x-acs-version": VERSION},
        )

    def tasks(self, region: str, **filters: str) -> Iterator[Mapping[str, Any]]:
        """Yield every task of a region that matches the fuzzy filters, page by page."""
        seen = 0
        for number in page_numbers():
            page = self.call(
                "DescribeLivePullToPushList",
                {**filters, "PageNumber": number, "PageSize": PAGE},
                region=region,
            )
            found = list_or_null_in(page, "TaskList")
            yield from found
            seen, total = seen + len(found), page.get("Total")
            more = seen < total if isinstance(total, int) else len(found) == PAGE
            if not found or not more:
                return

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        """Return the answer, or raise the error of its code, whatever the status."""
        reply = find_object(response)
        if reply is None or (response.is_success and not reply):
            raise unreadable(response)
        code = str(reply.get("Code") or reply.get("code") or "")
        if response.is_success and not code:
            code = str(reply.get("RetCode") or "0")
            if code == "0":
                return reply
        kind, hint = _meaning(code)
        asked = response.request
        action = asked.headers.get("x-acs-action", "")
        if "x-acs-retry-after" in response.headers:
            kind, hint = Throttled, _THROTTLED
        message = reply.get("Message") or reply.get("message") or reply.get("Description") or ""
        raise kind(
            code or str(response.status_code),
            str(message),
            status=response.status_code,
            request_id=str(reply.get("RequestId") or ""),
            hint=hint.format(
                action=action,
                page=action.lower(),
                domain=asked.url.params.get("DomainName", "the domain"),
            ),
        )

    def asked_to_wait(self, response: httpx.Response) -> float | None:
        """Return the pause that the gateway asks for. Source: the official SDK, which reads
        milliseconds."""
        text = response.headers.get("x-acs-retry-after", "")
        return int(text) / 1000 if is_digits(text) else super().asked_to_wait(response)


def _meaning(code: str) -> tuple[type[ApiError], str]:
    by_prefix = (row for prefix, row in _PREFIXES.items() if code.startswith(prefix))
    return _CODES.get(code) or next(by_prefix, (ApiError, _UNLISTED))
