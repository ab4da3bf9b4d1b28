"""Client for Huawei Cloud Live: endpoints, projects, the envelope of answers and error codes."""

import json as jsonlib
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import httpx

from pulumi_livepull.core.answers import (
    find_object,
    is_digits,
    list_in,
    page_numbers,
    read_only,
    required_text,
    unreadable,
)
from pulumi_livepull.core.regional import RegionalClient, checked_endpoint
from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Conflict,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
    WrongRegion,
)

REGIONS = ("cn-north-1", "cn-north-4", "cn-east-3", "ap-southeast-2", "ap-southeast-3")
"""Regions with Live. Source: the official Python SDK, `live_region.py`."""

PAGE = 100
"""Items per page, the maximum of the lists. Source: api-live/ListPullTasks."""

_KEYS_HINT = (
    "Check the access key, its secret and, for temporary keys, the security token. "
    "A clock more than 15 minutes off has the same effect."
)
_DOMAIN_HINT = (
    "Add {domain} as an ingest domain in the Live console, or set `region` to the one it lives in."
)

_RIGHTS = "Give the user of this access key the permissions for Live in this project."
_SLOWER = "Lower livepull:requestsPerSecond, or run it again later."
_LATER = "Run it again later. If it keeps failing, give the vendor's support the request id."
_FAULT = "A proxy changed the request, or this is a fault of pulumi-livepull: report this message."
_UNLISTED = "Look up the code in the vendor's API reference; its support asks for the request id."

# Sources: the page "视频直播 LIVE-错误码" (api-live) for LIVE codes; the gateway's APIG codes as
# the vendor's Terraform provider treats them. LIVE.100011001 also stands for things that do not
# exist, so it proves nothing. Two codes come with 401 although the keys are right.
_CODES: dict[str, tuple[type[ApiError], str]] = {
    "LIVE.100011001": (
        ApiError,
        "Correct what it names. The same code may mean that it does not exist: "
        "then run pulumi refresh.",
    ),
    "LIVE.100011003": (NoPermission, _RIGHTS),
    "LIVE.100011004": (ApiError, "Give config livepull:huaweicloudEndpoint an https address."),
    "LIVE.100011006": (
        WrongRegion,
        f"It is in maintenance, or not available in this region. {_LATER}",
    ),
    "LIVE.100011008": (ApiError, f"The service is in maintenance. {_LATER}"),
    "LIVE.100011009": (
        NotOpened,
        "Check the project id, and that Live is activated for the account of this access key.",
    ),
    "LIVE.100011011": (ApiError, _FAULT),
    "LIVE.100011012": (ApiError, _FAULT),
    "LIVE.100011013": (NotOpened, "Complete the real-name authentication of the account."),
    "LIVE.100011014": (NotOpened, "The console says why the account is blocked from Live."),
    "LIVE.100011022": (Conflict, "Run it again in 10 s: a recording must have stopped that long."),
    "LIVE.103011018": (
        Conflict,
        "It exists already: set `adopt` to its id to manage it here, or delete it first.",
    ),
    "LIVE.103011019": (ApiError, _DOMAIN_HINT),
    "LIVE.103011020": (
        QuotaExceeded,
        "Delete domains that are no longer needed, or ask the vendor for more.",
    ),
    "LIVE.103011021": (ApiError, f"The service is having trouble. {_LATER}"),
    "LIVE.103011022": (
        Conflict,
        "Look in the Live console at the state of {domain}, which does not allow this now, and run "
        "it again.",
    ),
    "APIG.0301": (NotSignedIn, _KEYS_HINT),
    "APIG.0308": (Throttled, _SLOWER),
}

# What a status means if the code is not listed.
_STATUSES: dict[int, tuple[type[ApiError], str]] = {
    401: (NotSignedIn, _KEYS_HINT),
    403: (NoPermission, _RIGHTS),
    404: (NotFound, "Check the region and the project id."),
    429: (Throttled, _SLOWER),
}


class HuaweiLive(RegionalClient):
    """Client for Live in one account, in any region.

    Ids are `region/id`, so that a stack may use several regions. A project belongs to one region:
    the configured project to the configured region. Those of other regions are looked up once.
    """

    vendor = "huaweicloud"
    region_variables = ("HW_REGION_NAME",)
    regions = REGIONS
    reach_hint = f"Check the region (Live is in {', '.join(REGIONS)}) and the network."

    def __init__(self, settings: Mapping[str, str], *arguments: Any, **options: Any) -> None:
        super().__init__(settings, *arguments, **options)
        endpoint = partial(checked_endpoint, self.vendor, settings=settings)
        self._endpoints = {
            name.removeprefix("endpoint."): endpoint(_first(addresses))
            for name, addresses in settings.items()
            if name.startswith("endpoint.")
        }
        self._iam_endpoint = endpoint(settings.get("iam_endpoint", "")) or self._endpoint
        self._projects: dict[str, str] = {}
        if "project_id" in settings:
            self._projects[self._region] = self._project(settings["project_id"])
        self._projects_lock = threading.Lock()

    def has_own_endpoint(self, region: str) -> bool:
        """See `RegionalClient`. An environment variable may set one for a region."""
        return super().has_own_endpoint(region) or region in self._endpoints

    def scope(self, resource_id: str) -> str:
        """Return the project that holds `resource_id`."""
        return self.project(self.place(resource_id)[0])

    def project(self, region: str) -> str:
        """Return the id of the project that belongs to `region`."""
        with self._projects_lock:
            known = self._projects.get(region) or ("" if self._region else self._projects.get(""))
            if not known:
                with read_only():
                    known = self._projects[region] = self._find_project(region)
            return known

    def address(self, region: str = "") -> str:
        """See `Client`."""
        endpoint = self._endpoint or self._endpoints.get(
            region, "https://live.{region}.myhuaweicloud.com"
        )
        return endpoint.replace("{region}", region)

    def call(
        self,
        method: str,
        path: str,
        *,
        region: str,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """Send one call; `{project_id}` in `path` is filled in.

        Raises `ApiError` or `TransportError`. All calls except POST may be repeated, because a PUT
        sends the complete settings.
        """
        project = self.project(region)
        return self.send(
            method,
            self.address(region) + path.replace("{project_id}", project),
            operation=f"{method} {path.partition('{project_id}')[2].split('/callbacks/')[0]}",
            repeatable=method != "POST",
            params={name: str(value) for name, value in (params or {}).items()},
            headers={"X-Project-Id": project, "Content-Type": "application/json"},
            json=json,
        )

    def pages(
        self, path: str, items: str, *, region: str, params: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        """Yield every item of a list, page by page."""
        for number in page_numbers():
            offset = (number - 1) * PAGE
            page = self.call(
                "GET", path, region=region, params={**params, "offset": offset, "limit": PAGE}
            )
            found = list_in(page, items)
            yield from found
            total = str(page.get("total"))
            if len(found) < PAGE or (is_digits(total) and number * PAGE >= int(total)):
                return

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        """Return the answer, or raise the error of its code or status."""
        if response.status_code == 204:
            return {}
        reply = find_object(response)
        # An error with status 200 must not count as a successful deletion.
        if not response.is_success or (reply and _refusal(reply)):
            raise _error(response, reply or {})
        if not reply:
            raise unreadable(response)
        return reply

    def _find_project(self, region: str) -> str:
        # Source: the official SDK's lookup, which accepts a single entry and refuses several.
        endpoint = self._iam_endpoint or "https://iam.{region}.myhuaweicloud.com"
        try:
            reply = self.send(
                "GET",
                endpoint.replace("{region}", region) + "/v3/projects",
                operation="GET projects",
                repeatable=True,
                params={"name": region},
                headers={"Content-Type": "application/json"},
            )
        except ApiError as error:
            if error.status != 401:
                error.hint += f" {_PROJECT_HINT}"
            raise
        found = {required_text(project, "id") for project in list_in(reply, "projects")}
        if len(found) != 1:
            raise ConfigError(
                f"huaweicloud: the account has {len(found) or 'no'} projects for region {region}",
                _PROJECT_HINT,
            )
        return self._project(found.pop())

    def _project(self, text: str) -> str:
        return self.checked(text, "project id", "0123456789abcdef0123456789abcdef")


_PROJECT_HINT = (
    "Run: pulumi config set livepull:huaweicloudProjectId <id> (console: My Credentials, Projects)."
)


def _first(addresses: str) -> str:
    """Return the first of a region's addresses, in the format that the official SDK reads."""
    address = addresses.split(",", maxsplit=1)[0].strip()
    return address if address.startswith("http") else f"https://{address}"


def _error(response: httpx.Response, reply: Mapping[str, Any]) -> ApiError:
    """Return the error in an answer, in any of the vendor's formats.

    Sources: the official SDK's exception handler, which reads all of these; for the detail, the
    page of error codes.
    """
    fields = (
        reply
        if _named(reply, "code")
        else next((inner for inner in reply.values() if isinstance(inner, dict)), reply)
    )
    code = _named(fields, "code") or str(response.status_code)
    kind, hint = _CODES.get(code) or _STATUSES.get(response.status_code) or (ApiError, _UNLISTED)
    words = (_named(fields, "message") or response.reason_phrase, _named(fields, "detail"))
    return kind(
        code,
        ": ".join(filter(None, words)),
        status=response.status_code,
        request_id=response.headers.get("X-Request-Id")
        or str(fields.get("request_id") or reply.get("request_id") or ""),
        hint=hint.replace("{domain}", _domain_of(response.request)),
    )


_SPELLINGS = {
    "code": ("error_code", "errorCode", "code"),
    "message": ("error_msg", "errorMsg", "message"),
    "detail": ("error_detail",),
}


def _refusal(reply: Mapping[str, Any]) -> bool:
    return bool(reply.get("error_code") or reply.get("errorCode"))


def _named(fields: Mapping[str, Any], what: str) -> str:
    return next((str(fields[name]) for name in _SPELLINGS[what] if fields.get(name)), "")


def _domain_of(request: httpx.Request) -> str:
    """Return the ingest domain that a request was about."""
    try:
        asked = jsonlib.loads(request.content)
    except ValueError:
        asked = {}
    return str(asked.get("domain") or asked.get("publish_domain") or "the domain")
