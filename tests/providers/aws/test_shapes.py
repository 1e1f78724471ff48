"""What service models tell about a kind is read off them once."""

from __future__ import annotations

import botocore.session

from resh.providers.aws.catalogs import catalog
from resh.providers.aws.shapes import Models


def test_each_kind_is_looked_through_once() -> None:
    models = Models(botocore.session.Session().get_service_model)
    queue, topic = (next(resource for resource in catalog().all if resource.kind == kind) for kind in ("aws_sqs_queue", "aws_sns_topic"))
    first = models.properties(queue)
    assert "sqs_visibility_timeout" in {prop.name for prop in first}
    assert models.properties(queue) is first
    assert models.properties(topic) != first
