"""What an error of AWS makes of a scope, and its message fit to be shown.

`failure("ec2:DescribeVolumes", error)` is the only way from a botocore exception to resh's own. Codes: the common errors of
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the throttling codes that botocore retries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from botocore import exceptions as botocore
from botocore.parsers import ResponseParserError

from resh.model.scope import Status
from resh.providers.session import ReadFailed
from resh.text import one_line

_DENIED = frozenset(
    (
        "AuthFailure", "AuthorizationError", "AuthorizationErrorException", "ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId",
        "InvalidClientTokenId", "InvalidSecurity", "InvalidToken", "MissingAuthenticationToken", "NotAuthorized", "OptInRequired",
        "RequestExpired", "SignatureDoesNotMatch", "SubscriptionRequiredException", "TokenRefreshRequired", "UnauthorizedOperation",
        "UnrecognizedClientException", "UnauthorizedException", "ForbiddenException", "AllAccessDisabled", "IncompleteSignature",
    )
)  # fmt: skip
_THROTTLED = frozenset(
    (
        "BandwidthLimitExceeded", "EC2ThrottledException", "PriorRequestNotComplete", "ProvisionedThroughputExceededException",
        "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown", "TooManyRequests",
        "TooManyRequestsException", "RateExceeded",
    )
)  # fmt: skip
_PASSING = ("RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete")
_NOT_OFFERED = frozenset(("UnknownOperationException", "NoLongerSupportedException", "NotInRegion"))
"""A region may have a service, and not all of it; some services end."""
_VAGUE = frozenset(
    (
        "ValidationException", "InvalidParameterValue", "InvalidRequestException", "BadRequestException", "ClientException",
        "DirectConnectClientException",
    )
)  # fmt: skip
"""Codes of some services for all mistakes, SageMaker, GuardDuty and Batch among them; only the message says which."""
_NOT_FOUND = (
    r"Could not find|No association exists|RecordNotFound|Requested resource not found|.* does not exist|No \w+ (?:named \S+ )?found"
    r"|Cluster id '.*' is not valid|(?:Task|Location) \S+ (?:is )?not found"
    r"|The request is rejected (?:since no such resource found|because the input detectorId is not owned)"
)
_MEANT = (
    (re.compile(_NOT_FOUND), "ResourceNotFound"),
    (re.compile(r"Unrecognized engine name"), "NotInRegion"),  # RDS, of DocumentDB and Neptune where they are not offered
    (re.compile(r"Cannot \w+, (?:resource is being modified|found existing)"), "ResourceInUse"),
)
_NOT_ENABLED = re.compile(r"(?:Macie|Inspector) is not enabled")
"""Said under AccessDeniedException, whatever the policies are."""
_REFUSED = ("Unsuccessful", "FailedRequests", "failedAccounts", "Errors")
"""Where answers list what was not done."""
_NO_CREDENTIALS = (
    botocore.NoCredentialsError,
    botocore.PartialCredentialsError,
    botocore.CredentialRetrievalError,
    botocore.TokenRetrievalError,
    botocore.SSOError,
    botocore.NoAuthTokenError,
)
UNREACHABLE = (
    botocore.EndpointConnectionError,
    botocore.ConnectTimeoutError,
    botocore.ProxyConnectionError,
    botocore.ReadTimeoutError,  # each attempt takes aws.read_timeout: a region that hangs would take hours
)

_ENCODED = re.compile(r"\s*Encoded authorization failure message:.*", re.DOTALL)
_CANONICAL = re.compile(r"\s*The Canonical String for this request should have been.*", re.DOTALL)
_KEY_ID = re.compile(r"\b(A[KS]IA)[A-Z0-9]{12,}\b")
_SECRET = re.compile(r"(?i)((?:security-?token|session-?token|secret(?:accesskey)?|signature|password)\W{1,6})[A-Za-z0-9+/=%_.-]{8,}")
_SECRET_KEY = re.compile(
    r"(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
"""By its form alone: what another program says of its failure (a credential_process) may hold one anywhere."""
_TOKEN = re.compile(r"[A-Za-z0-9/+=_-]{100,}")
_HTML = re.compile(r"<\s*(?:!doctype|html|head|body)\b", re.IGNORECASE)
_LONGEST = 500


def failure(operation: str, error: Exception) -> ReadFailed:
    """The error as a scope reports it."""
    if isinstance(error, ReadFailed):
        return error
    if isinstance(error, botocore.ClientError):
        return _refused(operation, dict(error.response))
    if isinstance(error, _NO_CREDENTIALS):
        return ReadFailed(Status.DENIED, operation, type(error).__name__, mask(str(error)))
    if isinstance(error, botocore.EndpointConnectionError) and "Name or service not known" in str(error.kwargs.get("error", "")):
        return ReadFailed(Status.SKIPPED, operation, "NoEndpoint", mask(str(error)))
    if isinstance(error, ResponseParserError):
        return ReadFailed(Status.FAILED, operation, "BrokenAnswer", "the answer is cut off, or none of the service")
    return ReadFailed(Status.FAILED, operation, type(error).__name__, mask(str(error)) or type(error).__name__)


def is_passing(error: Exception) -> bool:
    """Whether a second attempt may well succeed: the server or the way to it was in trouble."""
    if isinstance(error, botocore.ClientError):
        code, http = error.response.get("Error", {}).get("Code"), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return code in _PASSING or http in (500, 502, 503, 504)
    return isinstance(error, botocore.ConnectionError | botocore.HTTPClientError)


def is_throttling(code: str) -> bool:
    return code in _THROTTLED or code.startswith(("Throttl", "Client.RequestLimitExceeded"))


class Refusal(NamedTuple):
    code: str
    message: str


def refusals(answer: Mapping[str, Any]) -> Iterator[Refusal]:
    """What was not done, by an answer that is no error: calls for several resources may succeed and do nothing."""
    for one in (refused for name in _REFUSED for refused in answer.get(name) or ()):
        error = {key.lower().removeprefix("error"): value for key, value in one.get("Error", one).items()}
        yield Refusal(str(error.get("code") or "Refused"), mask(str(error.get("message") or "AWS gives no reason")))
    for one in answer.get("UnprocessedAccounts") or ():
        yield Refusal("Unprocessed", mask(str(one.get("Result") or "AWS gives no reason")))


def mask(message: str) -> str:
    """One line without credentials, tokens or blobs that only AWS can read."""
    if _HTML.search(message):
        return "the answer is a web page, not the service's"
    text = _CANONICAL.sub("", _ENCODED.sub("", message))
    text = _TOKEN.sub("…", _SECRET_KEY.sub("…", text))
    text = _SECRET.sub(r"\1…", _KEY_ID.sub(r"\1…", text))
    text = one_line(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _refused(operation: str, response: dict[str, Any]) -> ReadFailed:
    error = response.get("Error", {})
    code, http = str(error.get("Code") or ""), response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    message = mask(str(error.get("Message") or "")) or f"HTTP {http}"
    if code in _VAGUE:
        code = next((meant for pattern, meant in _MEANT if pattern.match(message)), code)
    if _NOT_ENABLED.search(message):
        return ReadFailed(Status.SKIPPED, operation, "NotEnabled", message)
    return ReadFailed(_status(code, http), operation, code or f"HTTP{http}", message)


def _status(code: str, http: int) -> Status:
    if is_throttling(code) or http == 429:
        return Status.THROTTLED
    if code in _NOT_OFFERED:
        return Status.SKIPPED
    if code in _DENIED or "AccessDenied" in code or http in (401, 403):
        return Status.DENIED
    return Status.FAILED
