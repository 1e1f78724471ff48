"""Answers of operations that moto does not have, in its place; every other call goes to the server.

    scripted("lightsail", "get_disks", {"disks": [{"name": "data", …}]})
    document = cloud.find("aws_lightsail_disk", "data")
    assert scripted.asked("lightsail", "delete_disk") == [{"diskName": "data"}]

An answer that the model of the service does not know is a mistake of the test.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

Answer = dict[str, Any] | ClientError


class Scripted:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._answers: dict[tuple[str, str], list[Answer]] = {}
        self._asked: list[tuple[str, str, dict[str, Any]]] = []
        self._real: Any = getattr(BaseClient, "_make_api_call")  # noqa: B009 - botocore's stubs do not have it
        patch.setattr(BaseClient, "_make_api_call", lambda client, *call: self._call(client, *call))

    def __call__(self, service: str, operation: str, *answers: Answer) -> None:
        """One answer after the other; the last stays."""
        self._answers[service, operation] = list(answers)

    def asked(self, service: str, operation: str) -> list[dict[str, Any]]:
        """The parameters of every call so far."""
        return [params for *call, params in self._asked if call == [service, operation]]

    def _call(self, client: Any, name: str, params: dict[str, Any]) -> Any:
        model = client.meta.service_model
        call = model.service_name, xform_name(name)
        if call not in self._answers:
            return self._real(client, name, params)
        self._asked.append((*call, params))
        answers = self._answers[call]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, ClientError):
            raise answer
        shape = model.operation_model(name).output_shape
        report = str(ParamValidator().validate(answer, shape).generate_report()) if shape else ""
        assert not report, f"{name}: {report}"
        return {**answer}


def refused(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "")
