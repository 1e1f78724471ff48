"""The rule `empty_log_groups`: log groups in which nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found, age
from resh.cleanup.rules.survey import Survey

_PASSING_ON = "DELIVERY"
"""The class of groups that hand over to S3 or Firehose what they get: they may look empty, and are not.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
"""


@dataclass(frozen=True, slots=True)
class EmptyLogGroups:
    name: str = "empty_log_groups"
    description: str = "log groups in which nothing is stored, and that no filter makes a metric of"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        for document in survey.documents("is(aws_cloudwatch_log_group)"):
            reported, old = document["reported"], survey.since(document["reported"].get("ctime"))
            if reported.get("group_log_group_class") == _PASSING_ON:
                continue
            empty = reported.get("group_stored_bytes") == 0 and not reported.get("group_metric_filter_count")
            if empty and old is not None and old >= survey.seconds(self.name, "min_age"):
                yield Found(document["id"], f"nothing is stored in it, {age(old)} old")
