"""Jira: an issue with the rows in its description. https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.notify.base import Field, Message, Values, address, cut
from resh.web.request import basic

if TYPE_CHECKING:
    from resh.notify.courier import Courier

_SUMMARY, _DESCRIPTION = 255, 30_000
_PATH = "/rest/api/2/issue"


class Jira:
    name = "jira"
    description = "issues of a project in Jira"
    fields = (
        Field("url", "address of Jira, such as https://example.atlassian.net", connection=True, check=address),
        Field("username", "who makes the issue", connection=True),
        Field("token", "API token of that user", secret=True, connection=True),
        Field("project_id", "number or key of the project"),
        Field("reporter_id", "id of the account that reports the issue", optional=True),
        Field("issue_type", "number or name of its type", "Task"),
        Field("labels", "labels of the issue, separated by commas", "created-by-resh"),
    )

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        project, kind = values["project_id"], values["issue_type"]
        fields = {
            "summary": cut(" ".join(message.title.split()), _SUMMARY),
            "description": message.plain(_DESCRIPTION),
            "project": {"id" if project.isdecimal() else "key": project},
            "issuetype": {"id" if kind.isdecimal() else "name": kind},
            "labels": [label.strip() for label in values["labels"].split(",") if label.strip()],
            **({"reporter": {"id": values["reporter_id"]}} if values["reporter_id"] else {}),
        }
        url = values["url"].rstrip("/")
        url = url if url.endswith(_PATH) else url + _PATH
        courier.post(url, {"fields": fields}, (basic(f"{values['username']}:{values['token']}"),))
