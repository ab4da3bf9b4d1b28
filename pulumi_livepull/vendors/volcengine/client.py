"""Client for Volcengine Live: the endpoint, the envelope of answers and the error codes."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from pulumi_livepull.core.answers import (
    find_object,
    list_or_null_in,
    page_numbers,
    unreadable,
)
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.regional import checked_endpoint
from pulumi_livepull.errors import (
    ApiError,
    Denied,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
)

VERSION = "2023-01-01"
PAGE = 500

_KEYS = "Check the access key, its secret and, for temporary keys, the security token."
_RIGHTS = "Give the user of this access key the permissions for Live."
_THROTTLED = "Lower livepull:requestsPerSecond, or run it again later."
_FAULT = "A proxy changed the request, or this is a fault of pulumi-livepull: report this message."
_ENDPOINT = "Check config livepull:{vendor}Endpoint: Live is not at that address."
_UNLISTED = "Look up the code in the vendor's API reference; its support asks for the request id."

# Sources: the page of common errors (公共错误码), those of the operations and, for the gateway, the
# platform's common errors (docs/6369/68677). The names of the throttling codes are the platform's:
# the Live page could not be read that far (assumption A145).
_CODES: dict[str, tuple[type[ApiError], str]] = {
    "AccessDenied": (NoPermission, _RIGHTS),
    "AccountFlowLimitExceeded": (Throttled, _THROTTLED),
    "CommonErr": (ApiError, "The vendor advises you to run it again."),
    "FlowLimitExceeded": (Throttled, _THROTTLED),
    "InvalidAccessKey": (NotSignedIn, _KEYS),
    "InvalidActionOrVersion": (ApiError, _ENDPOINT),
    "InvalidParam": (ApiError, "Correct what it names, as the vendor's page for it says."),
    "InvalidSecretToken": (
        NotSignedIn,
        "Get new temporary keys; with permanent ones, set no security token.",
    ),
    "InvalidTimestamp": (NotSignedIn, "Set this machine's clock: it is over 15 minutes off."),
    "LackPolicy": (NoPermission, _RIGHTS),
    "LimitExceeded": (QuotaExceeded, "Delete what is no longer needed."),
    "MissingAuthenticationToken": (Denied, _FAULT),
    "MissingParameter": (ApiError, _FAULT),
    "MissingRequestInfo": (ApiError, _FAULT),
    "MissingSignature": (Denied, _FAULT),
    "RequestForbidden": (Denied, "Check that the domain and app belong to this account."),
    "RequestForbidden.AccountIDNotAllow": (
        Denied,
        "Check that the domain and app belong to this account.",
    ),
    "RequestForbidden.BillingStatus": (
        NotOpened,
        "Activate Live for this account, or pay its bill.",
    ),
    "ResourceNotFound": (NotFound, "Check the domain, app, stream and group."),
    "ServiceNotFound": (ApiError, _ENDPOINT),
    "SignatureDoesNotMatch": (NotSignedIn, _KEYS),
}


class VolcengineLive(Client):
    """Calls Live in one account; it has one endpoint and no regions."""

    vendor = "volcengine"
    own_address = "https://live.volcengineapi.com"
    reach_hint = "Check the network."

    def __init__(self, settings: Mapping[str, str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        endpoint = checked_endpoint(self.vendor, settings.get("endpoint", ""), settings)
        self._endpoint = endpoint or self.own_address
        if settings.get("endpoint"):
            self.reach_hint = f"Check config livepull:{self.vendor}Endpoint and the network."

    def address(self, region: str = "") -> str:
        """See `Client`."""
        return self._endpoint

    def call(self, action: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send one call and return its `Result`.

        Raises `ApiError` or `TransportError`. What makes something is never repeated.
        """
        result = self._reply(action, body).get("Result")
        # An empty result may be missing, null or an empty text.
        return result if isinstance(result, dict) else {}

    def _reply(self, action: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.send(
            "POST",
            f"{self._endpoint}/",
            operation=action,
            repeatable=not action.startswith("Create"),
            params={"Action": action, "Version": VERSION},
            headers={"Content-Type": "application/json"},
            json=body,
        )

    def listed(self, action: str, body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        """Return a list in an answer. Raises `TransportError` if it is missing."""
        return list_or_null_in(self.call(action, body), name)

    def pages(
        self, action: str, body: Mapping[str, Any], names: tuple[str, str] = ("Page", "Size")
    ) -> Iterator[Mapping[str, Any]]:
        """Yield every item of a list, page by page. `names` are the parameters for page number and
        size. The vendor returns the number of pages, or, with other parameter names, of items.
        """
        seen = 0
        for number in page_numbers():
            result = self.call(action, {**body, names[0]: number, names[1]: PAGE})
            found = list_or_null_in(result, "List")
            yield from found
            seen += len(found)
            if not found or not _goes_on(result, number, seen, len(found) == PAGE):
                return

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        """Return the answer, or raise the error in it, which may have status 200."""
        reply = find_object(response) or {}
        metadata = reply.get("ResponseMetadata")
        if not isinstance(metadata, dict):
            raise unreadable(response)
        error = metadata.get("Error")
        if response.is_success and not error:
            return reply
        error = error if isinstance(error, dict) else {"Message": str(error or "")}
        code = str(error.get("Code") or response.status_code)
        kind, hint = _CODES.get(code) or _CODES.get(code.partition(".")[0]) or (ApiError, _UNLISTED)
        if response.status_code == 429:
            kind, hint = Throttled, _THROTTLED
        raise kind(
            code,
            str(error.get("Message") or response.reason_phrase),
            status=response.status_code,
            request_id=str(metadata.get("RequestId") or ""),
            hint=hint.format(vendor=self.vendor),
        )


def _goes_on(result: Mapping[str, Any], number: int, seen: int, is_full: bool) -> bool:
    """Return whether another page follows, judging by the number of pages or items, or the page's
    length."""
    pagination, items = result.get("Pagination"), result.get("Total")
    pages = pagination.get("PageTotal") if isinstance(pagination, dict) else None
    if isinstance(pages, int):
        return number < pages
    return seen < items if isinstance(items, int) else is_full
