"""Huawei's client: what its codes and envelopes mean, and how regions become projects."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Conflict,
    Denied,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
    TransportError,
    WrongRegion,
)
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud.client import REGIONS, HuaweiLive
from pulumi_livepull.vendors.huaweicloud.pull_task import TASK, PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import CALLBACKS
from tests.hosting import KEYS, NOW, connect

REGION = "cn-north-4"
KEYS_HINT = (
    "Check the access key, its secret and, for temporary keys, the security token. "
    "A clock more than 15 minutes off has the same effect."
)


def answering(
    answer: Callable[[httpx.Request], httpx.Response] | httpx.Response, **config: str
) -> HuaweiLive:
    """Return a client whose every call gets an answer, and that never tries twice."""
    settings = {"livepull:huaweicloudProjectId": "p", "livepull:maxRetries": "0"}
    settings |= {f"livepull:{key}": value for key, value in config.items()}
    api = VENDORS[0].client(
        {name: value for name, value in (KEYS | settings).items() if value},
        {},
        transport=httpx.MockTransport(
            answer if callable(answer) else lambda request: answer  # one call, one answer
        ),
        clock=lambda: NOW,
        pause=lambda seconds: None,
    )
    assert isinstance(api, HuaweiLive)
    return api


def refused(response: httpx.Response, **body: Any) -> ApiError:
    """Return the error that a reply becomes."""
    with pytest.raises(ApiError) as failure:
        answering(response).call("POST", TASK, region=REGION, json=body)
    return failure.value


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "LIVE.100011001", ApiError),
        # The status says that the keys are wrong, and the page that they may not.
        (401, "LIVE.100011003", NoPermission),
        (400, "LIVE.100011004", ApiError),
        (400, "LIVE.100011006", WrongRegion),
        (400, "LIVE.100011008", ApiError),
        (400, "LIVE.100011009", NotOpened),
        (400, "LIVE.100011011", ApiError),
        (400, "LIVE.100011012", ApiError),
        (400, "LIVE.100011013", NotOpened),
        (401, "LIVE.100011014", NotOpened),
        (400, "LIVE.100011022", Conflict),
        (400, "LIVE.103011018", Conflict),
        (404, "LIVE.103011019", ApiError),
        (400, "LIVE.103011020", QuotaExceeded),
        (400, "LIVE.103011021", ApiError),
        (400, "LIVE.103011022", Conflict),
        (401, "APIG.0301", NotSignedIn),
        (400, "APIG.0301", NotSignedIn),
        (429, "APIG.0308", Throttled),
        (400, "APIG.0308", Throttled),
        (401, "APIG.9999", NotSignedIn),
        (403, "APIG.0306", NoPermission),
        (404, "X.1", NotFound),
        (429, "X.1", Throttled),
        (400, "LIVE.999999999", ApiError),
        (409, "X.1", ApiError),
    ],
)
def test_a_code_has_one_meaning(status: int, code: str, kind: type[ApiError]) -> None:
    """An unlisted code is what its status says, or a plain error, never a guess.

    The hints for users are in `tests/vendors/messages`.
    """
    error = refused(httpx.Response(status, json={"error_code": code, "error_msg": "words"}))
    assert type(error) is kind
    assert (error.code, error.status) == (code, status)
    assert error.what == f'{code} "words" (HTTP {status})'


def test_the_detail_that_the_page_sends_us_to_is_reported() -> None:
    """The message for a wrong parameter is always the same; another field says which one it is."""
    reply = {"error_code": "X.1", "error_msg": "words", "error_detail": "end_time is too late"}
    assert refused(httpx.Response(400, json=reply)).what == (
        'X.1 "words: end_time is too late" (HTTP 400)'
    )


def test_a_missing_domain_is_named_in_the_hint() -> None:
    """Whatever the field is called."""
    reply = {"error_code": "LIVE.103011019", "error_msg": "domain not exists"}
    for field in ("domain", "publish_domain"):
        error = refused(httpx.Response(404, json=reply), **{field: "push.example.com"})
        assert error.hint.startswith("Add push.example.com as an ingest domain in the Live")


@pytest.mark.parametrize(
    "reply",
    [
        {"error_code": "X.1", "error_msg": "words"},
        {"errorCode": "X.1", "errorMsg": "words"},
        {"code": "X.1", "message": "words"},
        {"error": {"error_code": "X.1", "error_msg": "words"}},
        {"error": {"code": "X.1", "message": "words"}},
        {"request_id": "r", "badRequest": {"errorCode": "X.1", "errorMsg": "words"}},
        {"error_code": "X.1", "error_msg": "words", "encoded_authorization_message": "long"},
    ],
)
def test_every_spelling_of_an_error_is_read(reply: dict[str, Any]) -> None:
    """The official SDK reads all of these."""
    error = refused(httpx.Response(400, json=reply))
    assert error.what == 'X.1 "words" (HTTP 400)'.replace(
        ")", ", request id r)" if error.request_id else ")"
    )


@pytest.mark.parametrize(
    ("header", "body", "request_id"),
    [
        ("from-header", "from-body", "from-header"),
        (None, "from-body", "from-body"),
        (None, None, ""),
    ],
)
def test_the_request_id_is_found(header: str | None, body: str | None, request_id: str) -> None:
    """In body and header of pull tasks, only in the header of callbacks; support asks for it."""
    error = refused(
        httpx.Response(
            400,
            json={"error_code": "X.1", "error_msg": "m"} | ({"request_id": body} if body else {}),
            headers={"X-request-id": header} if header else {},
        )
    )
    assert error.request_id == request_id


def test_a_request_id_outside_of_a_nested_error_is_found() -> None:
    """It identifies the request wherever it is."""
    reply = {"request_id": "r", "error": {"code": "X.1", "message": "words"}}
    assert refused(httpx.Response(400, json=reply)).request_id == "r"


@pytest.mark.parametrize(
    ("response", "what"),
    [
        (httpx.Response(400, html="<h1>no</h1>"), '400 "Bad Request" (HTTP 400)'),
        (httpx.Response(403, text="no"), '403 "Forbidden" (HTTP 403)'),
        (httpx.Response(400, json=["no"]), '400 "Bad Request" (HTTP 400)'),
        (httpx.Response(400, json={}), '400 "Bad Request" (HTTP 400)'),
        (httpx.Response(400, json={"error": "no"}), '400 "Bad Request" (HTTP 400)'),
        (httpx.Response(400, json={"error_code": 7}), '7 "Bad Request" (HTTP 400)'),
    ],
)
def test_a_refusal_that_says_nothing_is_recognised_by_its_status(
    response: httpx.Response, what: str
) -> None:
    """Proxies between us and the vendor respond in their own formats."""
    assert refused(response).what == what


@pytest.mark.parametrize(
    "response",
    [httpx.Response(200, json=[]), httpx.Response(200, json={}), httpx.Response(200, text="OK")],
)
def test_a_success_that_is_not_a_mapping_is_not_an_answer(response: httpx.Response) -> None:
    """The request may have taken effect."""
    with pytest.raises(TransportError, match=r"unreadable answer \(HTTP 200\)"):
        answering(response).call("GET", TASK, region=REGION)


def test_no_content_is_an_empty_answer() -> None:
    """As for the deletion of a callback."""
    assert answering(httpx.Response(204)).call("DELETE", TASK, region=REGION) == {}


# Where a call goes.


def gone_to(**config: str) -> Callable[[str], httpx.Request]:
    """Return what calls a region and returns the request."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"projects": [{"id": "found"}]})

    api = answering(answer, **config)

    def call(region: str) -> httpx.Request:
        api.call("GET", TASK, region=region, params={"limit": 1})
        return requests[-1]

    return call


def test_a_call_goes_to_the_host_of_its_region() -> None:
    """With the project in the path and in a header."""
    request = gone_to()(REGION)
    assert str(request.url) == (
        "https://live.cn-north-4.myhuaweicloud.com/v1/p/pull/stream/task?limit=1"
    )
    assert request.headers["X-Project-Id"] == "p"


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("http://127.0.0.1:4510", "http://127.0.0.1:4510/v1/p/pull/stream/task?limit=1"),
        (
            "https://live.{region}.example.com/",
            "https://live.cn-north-4.example.com/v1/p/pull/stream/task?limit=1",
        ),
    ],
)
def test_an_endpoint_replaces_the_vendors_own(endpoint: str, url: str) -> None:
    """For example, with the emulator's or a private cloud's."""
    assert str(gone_to(huaweicloudEndpoint=endpoint)(REGION).url) == url


@pytest.mark.parametrize("region", ["a b", "a:b", "attacker.example/", "x@y", "a?b", "a#b", ".."])
def test_a_region_that_cannot_be_one_is_refused_in_words(region: str) -> None:
    """It becomes part of a host name, so it must neither crash the program nor send calls
    elsewhere.
    """

    def answer(request: httpx.Request) -> httpx.Response:
        pytest.fail(f"a signed request went to {request.url}")

    api = answering(answer)
    with pytest.raises(ConfigError, match="region"):
        api.call("GET", TASK, region=api.region(region))
    with pytest.raises(ConfigError, match="region"):
        api.call("GET", TASK, region=api.place(f"{region}/7864b3dc")[0])


# Projects.


def lookups(emulator: Emulator) -> list[str]:
    """Return the regions whose projects were looked up."""
    return [
        entry.query["name"]
        for entry in emulator.journal
        if entry.operation == "KeystoneListProjects"
    ]


def client(emulator: Emulator, **config: str) -> HuaweiLive:
    """Return a client of the emulator."""
    api = connect(emulator, **config)
    assert isinstance(api, HuaweiLive)
    return api


def test_a_project_is_looked_up_once_for_each_region(emulator: Emulator) -> None:
    """A project belongs to one region."""
    emulator.seed({"huaweicloud": {"projects": {REGION: "north", "cn-east-3": "east"}}})
    api = client(emulator)
    assert [api.project(REGION), api.project("cn-east-3"), api.project(REGION)] == [
        "north",
        "east",
        "north",
    ]
    assert lookups(emulator) == [REGION, "cn-east-3"]
    assert api.scope("cn-east-3/one") == "east"


def test_the_configured_project_is_that_of_the_configured_region(emulator: Emulator) -> None:
    """Other regions have other projects."""
    emulator.seed({"huaweicloud": {"projects": {"cn-east-3": "east"}}})
    api = client(emulator, huaweicloudProjectId="mine")
    assert (api.project(REGION), lookups(emulator)) == ("mine", [])
    assert (api.project("cn-east-3"), lookups(emulator)) == ("east", ["cn-east-3"])


def test_without_a_configured_region_the_project_is_for_all() -> None:
    """Nothing says which region it belongs to, and the user set it."""
    api = answering(httpx.Response(500), huaweicloudRegion="")
    assert api.project("cn-east-3") == "p"


@pytest.mark.parametrize(
    ("projects", "count"), [([], "no"), ([{"id": "a"}, {"id": "b"}], "2")], ids=["none", "two"]
)
def test_a_project_is_not_guessed(projects: list[dict[str, str]], count: str) -> None:
    """Like the official SDK, it takes a single project and refuses several."""
    reply = httpx.Response(200, json={"projects": projects})
    with pytest.raises(ConfigError) as failure:
        answering(reply, huaweicloudProjectId="").project(REGION)
    assert str(failure.value) == (
        f"huaweicloud: the account has {count} projects for region {REGION}\n"
        "Run: pulumi config set livepull:huaweicloudProjectId <id> "
        "(console: My Credentials, Projects)."
    )


@pytest.mark.parametrize(
    "reply", [{}, {"projects": None}, {"projects": {}}, {"projects": [{}]}, {"projects": ["p"]}]
)
def test_a_lookup_without_a_project_is_reported_clearly(reply: dict[str, Any]) -> None:
    """An unexpected reply is not a bug in the program."""
    with pytest.raises((ConfigError, TransportError)):
        answering(httpx.Response(200, json=reply), huaweicloudProjectId="").project(REGION)


def test_a_lookup_that_is_not_allowed_says_how_to_do_without(emulator: Emulator) -> None:
    """Some keys may use Live but not IAM."""
    emulator.arm("deny", "KeystoneListProjects")
    with pytest.raises(Denied) as failure:
        client(emulator).project(REGION)
    assert "Run: pulumi config set livepull:huaweicloudProjectId <id>" in failure.value.hint


def test_a_lookup_with_wrong_keys_is_about_the_keys(emulator: Emulator) -> None:
    """Setting a project id would not help."""
    with pytest.raises(Denied) as failure:
        client(emulator, huaweicloudSecretKey="wrong").project(REGION)
    assert failure.value.hint == KEYS_HINT


@pytest.mark.parametrize(
    ("config", "host"),
    [
        ({}, "iam.cn-north-4.myhuaweicloud.com"),
        ({"huaweicloudEndpoint": "https://all.example.com"}, "all.example.com"),
        ({"huaweicloudIamEndpoint": "https://iam.example.com"}, "iam.example.com"),
        (
            {
                "huaweicloudEndpoint": "https://all.example.com",
                "huaweicloudIamEndpoint": "https://{region}.iam.example.com",
            },
            "cn-north-4.iam.example.com",
        ),
    ],
)
def test_projects_are_requested_where_they_are_known(config: dict[str, str], host: str) -> None:
    """An emulator serves both APIs; a private cloud may have two hosts."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.host}{request.url.path}?{request.url.query.decode()}")
        return httpx.Response(200, json={"projects": [{"id": "found"}]})

    assert answering(answer, huaweicloudProjectId="", **config).project(REGION) == "found"
    assert asked == [f"{host}/v3/projects?name=cn-north-4"]


# Ids and lists.


def test_an_id_is_the_region_and_the_vendors_own(emulator: Emulator) -> None:
    """A bare id, as the console shows it, is in the configured region."""
    api = client(emulator)
    assert api.place("cn-east-3/one") == ("cn-east-3", "one")
    assert api.place("one") == (REGION, "one")


def test_a_bare_id_without_a_region_says_what_to_do() -> None:
    """Nothing says which region to read."""
    with pytest.raises(ConfigError, match=r"no region found\. Looked at `region`, then config"):
        answering(httpx.Response(200), huaweicloudRegion="").place("one")


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_a_list_is_read_to_its_end(emulator: Emulator, count: int) -> None:
    """A page has at most 100 items, and later pages must be read too."""
    api = client(emulator)
    task = {
        "source_type": "PullLivePushLive",
        "source_urls": ["rtmp://h/x"],
        "destination_url": "rtmp://h/y",
    }
    emulator.seed({"huaweicloud": {"tasks": {api.project(REGION): [task] * count}}})
    found = list(api.pages(TASK, "task_infos", region=REGION, params={}))
    assert len({each["task_id"] for each in found}) == count
    pages = [entry for entry in emulator.journal if entry.operation == "ListPullTasks"]
    assert len(pages) == max(1, -(-count // 100))


def test_the_last_of_many_tasks_is_found(emulator: Emulator) -> None:
    """Even if the vendor ignores the filter by id."""
    infos = [{"task_id": str(number)} for number in range(150)]

    def answer(request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params["offset"])
        page = infos[offset : offset + 100]
        return httpx.Response(200, json={"task_infos": page, "total": len(infos)})

    api = answering(answer)
    assert (PullTask.read(api, f"{REGION}/149") or {})["task_id"] == "149"
    assert PullTask.read(api, f"{REGION}/150") is None


@pytest.mark.parametrize("total", [None, "2", 2, 2.0, 10**9])
def test_an_odd_total_ends_no_list_early_and_none_too_late(total: Any) -> None:
    """The vendor's total may be wrong."""

    def answer(request: httpx.Request) -> httpx.Response:
        first = request.url.params["offset"] == "0"
        items = [{"id": "a"}, {"id": "b"}] if first else []
        return httpx.Response(200, json={"callback_config": items, "total": total})

    listed = answering(answer).pages(CALLBACKS, "callback_config", region=REGION, params={})
    assert [each["id"] for each in listed] == ["a", "b"]


def test_the_regions_are_those_of_the_official_sdk() -> None:
    """A message lists them if a host cannot be reached."""
    assert len(set(REGIONS)) == len(REGIONS) == 5


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "DELETE"])
def test_only_a_creation_is_never_repeated(method: str) -> None:
    """All other calls have the same effect if they are repeated."""
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        raise httpx.ReadTimeout("slow")

    with pytest.raises(TransportError):
        answering(answer, maxRetries="2").call(method, TASK, region=REGION)
    assert len(sent) == (1 if method == "POST" else 3)
