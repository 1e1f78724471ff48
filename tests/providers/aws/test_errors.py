"""What errors of AWS make of a scope."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from resh.model.scope import Status
from resh.providers.aws.errors import failure


@pytest.mark.parametrize(
    ("code", "message", "error", "status"),
    [
        ("ValidationException", 'Could not find model "arn:shop".', "ResourceNotFound", Status.FAILED),
        ("ValidationException", "RecordNotFound", "ResourceNotFound", Status.FAILED),
        ("ValidationException", "Requested resource not found.", "ResourceNotFound", Status.FAILED),
        ("ValidationException", "Algorithm shop does not exist.", "ResourceNotFound", Status.FAILED),
        ("InvalidParameterValue", "No Application named 'shop' found.", "ResourceNotFound", Status.FAILED),
        ("DirectConnectClientException", "Could not find Connection with ID dxcon-1", "ResourceNotFound", Status.FAILED),
        ("BadRequestException", "The request is rejected since no such resource found.", "ResourceNotFound", Status.FAILED),
        (
            "BadRequestException",
            "The request is rejected because the input detectorId is not owned by the current account.",
            "ResourceNotFound",
            Status.FAILED,
        ),
        ("DirectConnectClientException", "No association exists for the gateway", "ResourceNotFound", Status.FAILED),
        ("ValidationException", "Status (InService) not in ([Stopped, Failed]).", "ValidationException", Status.FAILED),
        ("AccessDenied", "The role does not exist", "AccessDenied", Status.DENIED),
        ("UnknownOperationException", "", "UnknownOperationException", Status.SKIPPED),
        ("NoLongerSupportedException", "Glacier is closed to new accounts", "NoLongerSupportedException", Status.SKIPPED),
        ("ThrottlingException", "Rate exceeded", "ThrottlingException", Status.THROTTLED),
    ],
)
def test_refusals(code: str, message: str, error: str, status: Status) -> None:
    found = failure("s:Operation", ClientError({"Error": {"Code": code, "Message": message}}, "Operation"))
    assert (found.error, found.status) == (error, status)
