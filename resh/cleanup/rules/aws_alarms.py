"""The rule `aws_alarms`: alarms of instances that are gone. A living instance that an alarm watches keeps it; so does another account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey, identity, is_alive
from resh.graph.base import Document
from resh.model.node import node_id


@dataclass(frozen=True, slots=True)
class AwsAlarms:
    name: str = "aws_alarms"
    description: str = "alarms of instances that are gone"
    effect: Effect = Effect.MARK

    def find(self, survey: Survey) -> Iterator[Found]:
        for document in survey.documents("is(aws_cloudwatch_alarm)"):
            watched = sorted(set(_instances(document)))
            if not watched or _looks_elsewhere(document) or not survey.read(document, "aws_ec2_instance"):
                continue
            if not any(_lives(document, rid, survey) for rid in watched):
                yield Found(document["id"], f"watches {', '.join(watched)}, which {'is' if len(watched) == 1 else 'are'} gone")


def _instances(document: Document) -> Iterator[str]:
    """Ids of all instances that it watches, directly or in a formula."""
    reported = document["reported"]
    own = reported.get("cloudwatch_dimensions") or []
    parts = [
        ((part.get("metric_stat") or {}).get("metric") or {}).get("dimensions") or [] for part in reported.get("cloudwatch_metrics") or ()
    ]
    for dimension in (*own, *(dimension for part in parts for dimension in part)):
        if dimension.get("name") == "InstanceId" and dimension.get("value"):
            yield str(dimension["value"])


def _looks_elsewhere(document: Document) -> bool:
    """Whether some of its metrics are another account's, whose instances may not be collected."""
    own = identity(document, "account")
    return any(part.get("account_id") not in (None, "", own) for part in document["reported"].get("cloudwatch_metrics") or ())


def _lives(document: Document, rid: str, survey: Survey) -> bool:
    place = (identity(document, "cloud"), identity(document, "account"), identity(document, "region"))
    instance = survey.store.node(node_id(*place, "aws_ec2_instance", rid))
    return instance is not None and is_alive(instance)
