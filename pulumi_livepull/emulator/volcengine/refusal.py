"""The errors of Volcengine: those of Live, and those of the gateway, which have a number.

Pages: 公共错误码 of Live (docs/6469) and, for statuses and the codes of throttling, the common
errors of the platform, which its sibling products share.
"""

from pulumi_livepull.emulator.refusal import Invalid, Refusal, WrongType


class GatewayRefusal(Refusal):
    """An error of the gateway, whose code is also a number."""

    def __init__(self, status: int, code: str, number: int, message: str) -> None:
        super().__init__(status, code, message)
        self.number = number


def invalid(wrong: Invalid | str) -> Refusal:
    """A parameter is invalid or has the wrong type (Live)."""
    code = "InvalidParam.BindError" if isinstance(wrong, WrongType) else "InvalidParam"
    return Refusal(400, code, f"The parameter is invalid: {wrong}.")


def wrong_state(message: str) -> Refusal:
    """The task's state does not allow this. Assumption A117: the pages have no code for it."""
    return invalid(message)


def exists_already(message: str) -> Refusal:
    """The name is in use. Assumption A118: the pages have no code for it."""
    return invalid(message)


def not_found(what: str) -> Refusal:
    """The resource does not exist (Live). Assumption A119: also for an update."""
    return Refusal(404, "ResourceNotFound", f"The resource is not found: {what}.")


def common() -> Refusal:
    """An unspecific error with status 200 (Live)."""
    return Refusal(200, "CommonErr", "Something went wrong; try again.")


def incomplete(message: str) -> Refusal:
    """The request is incomplete (gateway)."""
    return GatewayRefusal(400, "MissingRequestInfo", 100004, f"The request lacks {message}.")


def no_such_action(action: str, version: str) -> Refusal:
    """Live has no such action, or not in this version (gateway)."""
    message = f"Could not find operation {action} for version {version}."
    return GatewayRefusal(404, "InvalidActionOrVersion", 100008, message)


def malformed_signature(message: str) -> Refusal:
    """The Authorization header is malformed (gateway)."""
    return GatewayRefusal(400, "MissingSignature", 100005, f"The signature is no such: {message}.")


def wrong_time(message: str) -> Refusal:
    """The caller's clock is off, or its time is malformed (gateway; 400 as on Live's page)."""
    return GatewayRefusal(400, "InvalidTimestamp", 100006, f"The X-Date is invalid: {message}.")


def no_such_key() -> Refusal:
    """The access key does not exist (gateway)."""
    return GatewayRefusal(401, "InvalidAccessKey", 100009, "The access key is invalid.")


def wrong_signature(message: str) -> Refusal:
    """The signature does not match (gateway)."""
    message = f"The signature does not match: {message}."
    return GatewayRefusal(401, "SignatureDoesNotMatch", 100010, message)


def denied() -> Refusal:
    """The caller lacks the permission (gateway)."""
    return GatewayRefusal(403, "AccessDenied", 100013, "User is not authorized to do this.")


def not_opened() -> Refusal:
    """The account did not activate Live, or owes (Live; status: assumption A120)."""
    message = "The billing status of the account is abnormal."
    return Refusal(403, "RequestForbidden.BillingStatus", message)


def wrong_token() -> Refusal:
    """A security token is not that of its key, or has expired (docs/6369/68677).

    Assumption A121: the number, which no page that could be read has.
    """
    return GatewayRefusal(401, "InvalidSecretToken", 100026, "The secret token is invalid.")


def throttled() -> Refusal:
    """The gateway received too many calls. Assumption A122: the platform's code; Live's page has
    none."""
    return GatewayRefusal(429, "FlowLimitExceeded", 100018, "Request was rejected: flow limit.")
