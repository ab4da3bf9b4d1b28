"""The errors of Huawei Cloud, each with the page of its code."""

from pulumi_livepull.emulator.refusal import Refusal


def invalid(message: str, status: int = 400) -> Refusal:
    """A parameter is invalid, or names something that does not exist (api-live error codes)."""
    return Refusal(status, "LIVE.100011001", f"Invalid request parameter: {message}")


def wrong_method() -> Refusal:
    """The path exists, but not with this method (api-live error codes)."""
    return Refusal(400, "LIVE.100011011", "Method not supported")


def wrong_media_type() -> Refusal:
    """The body is not declared as JSON (api-live error codes)."""
    return Refusal(400, "LIVE.100011012", "Media type not supported: send application/json")


def exists_already(message: str) -> Refusal:
    """The resource already exists (api-live error codes)."""
    return Refusal(400, "LIVE.103011018", message)


def no_such_domain(domain: str) -> Refusal:
    """The account has no such ingest domain (api-live error codes)."""
    return Refusal(404, "LIVE.103011019", f"Domain does not exist: {domain}")


def unsigned(message: str) -> Refusal:
    """The gateway rejects the signature.

    Api-live error codes; status: assumption A073.
    """
    return Refusal(401, "APIG.0301", f"Incorrect IAM authentication information: {message}")


def not_opened() -> Refusal:
    """The account has not activated Live, or the project is another's (api-live error codes)."""
    return Refusal(400, "LIVE.100011009", "Invalid tenant: the project or the account is unknown")


def wrong_token() -> Refusal:
    """A security token is not that of its key, or has expired.

    Assumption A074: the gateway has one code for all that is wrong with a signature.
    """
    return unsigned("the security token is wrong or has expired")


def throttled() -> Refusal:
    """The gateway received too many calls (api-live error codes; status: assumption A075)."""
    return Refusal(429, "APIG.0308", "The throttling threshold has been reached: time:1 second")


def denied() -> Refusal:
    """The caller lacks the permission.

    Assumption A076: the gateway's "API access denied"; the Live pages give no code for this.
    """
    return Refusal(403, "APIG.0306", "API access denied")
