"""What service models tell about a kind is read off them once."""

from __future__ import annotations

import botocore.session
import pytest

from resh.providers.aws.catalogs import catalog
from resh.providers.aws.shapes import Models, sentence


def test_each_kind_is_looked_through_once() -> None:
    models = Models(botocore.session.Session().get_service_model)
    queue, topic = (next(resource for resource in catalog().all if resource.kind == kind) for kind in ("aws_sqs_queue", "aws_sns_topic"))
    first = models.properties(queue)
    assert "sqs_visibility_timeout" in {prop.name for prop in first}
    assert models.properties(queue) is first
    assert models.properties(topic) != first


@pytest.mark.parametrize(
    ("documentation", "description"),
    [
        ("<note> <p>Not returned by CreateVolume.</p> </note> <p>The type of encryption. One of two.</p>", "The type of encryption."),
        ("<p>The size.</p> <note><p>In GiB.</p></note>", "The size."),
        ("<note><p>Not used.</p></note>", "Not used."),
        ("<important><p>Old.</p></important><p>The <code>name</code>, if any.</p>", "The name, if any."),
    ],
)
def test_a_note_is_no_description(documentation: str, description: str) -> None:
    assert sentence(documentation) == description
