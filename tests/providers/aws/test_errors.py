"""What errors of AWS make of a scope."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from resh.model.scope import Status
from resh.providers.aws.errors import failure, refusals


@pytest.mark.parametrize(
    ("code", "message", "error", "status"),
    [
        ("ValidationException", 'Could not find model "arn:shop".', "ResourceNotFound", Status.FAILED),
        ("ValidationException", "RecordNotFound", "ResourceNotFound", Status.FAILED),
        ("ValidationException", "Requested resource not found.", "ResourceNotFound", Status.FAILED),
        ("ValidationException", "Algorithm shop does not exist.", "ResourceNotFound", Status.FAILED),
        ("InvalidParameterValue", "No Application named 'shop' found.", "ResourceNotFound", Status.FAILED),
        ("InvalidParameterValue", "Unrecognized engine name: docdb", "NotInRegion", Status.SKIPPED),
        ("ClientException", "Cannot delete, resource is being modified.", "ResourceInUse", Status.FAILED),
        ("ClientException", "Cannot delete, found existing JobQueue relationship", "ResourceInUse", Status.FAILED),
        ("ClientException", "Error executing request, Exception : arn is not valid", "ClientException", Status.FAILED),
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
        ("InvalidRequestException", "Cluster id 'j-1' is not valid.", "ResourceNotFound", Status.FAILED),
        ("InvalidRequestException", "Task arn:aws:datasync:eu-west-1:1:task/task-1 is not found.", "ResourceNotFound", Status.FAILED),
        ("InvalidRequestException", "Invalid request: nothing of it", "InvalidRequestException", Status.FAILED),
        ("AccessDeniedException", "Macie is not enabled.", "NotEnabled", Status.SKIPPED),
        ("AccessDenied", "The role does not exist", "AccessDenied", Status.DENIED),
        ("UnknownOperationException", "", "UnknownOperationException", Status.SKIPPED),
        ("NoLongerSupportedException", "Glacier is closed to new accounts", "NoLongerSupportedException", Status.SKIPPED),
        ("ThrottlingException", "Rate exceeded", "ThrottlingException", Status.THROTTLED),
    ],
)
def test_refusals(code: str, message: str, error: str, status: Status) -> None:
    found = failure("s:Operation", ClientError({"Error": {"Code": code, "Message": message}}, "Operation"))
    assert (found.error, found.status) == (error, status)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ({}, []),
        ({"Unsuccessful": [{"Error": {"Code": "InUse", "Message": "it is in use"}}]}, [("InUse", "it is in use")]),
        ({"FailedRequests": [{"WorkspaceId": "ws-1", "ErrorCode": "Busy", "ErrorMessage": "wait"}]}, [("Busy", "wait")]),
        ({"failedAccounts": [{"accountId": "1", "errorCode": "ACCESS_DENIED", "errorMessage": "no"}]}, [("ACCESS_DENIED", "no")]),
        ({"UnprocessedAccounts": [{"AccountId": "1", "Result": "not associated"}]}, [("Unprocessed", "not associated")]),
        ({"UnprocessedAccounts": [{"AccountId": "1"}], "FailedRequests": None}, [("Unprocessed", "AWS gives no reason")]),
    ],
)
def test_answers_that_say_what_was_not_done(answer: dict[str, Any], refused: list[tuple[str, str]]) -> None:
    assert list(refusals(answer)) == refused
