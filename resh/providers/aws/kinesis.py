"""Kinesis data streams. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Resource

NAME = {"StreamName": "{name}"}

STREAM = Resource(
    kind="aws_kinesis_stream",
    description="A stream of records that several programs read in order.",
    call=Call("kinesis", "list_streams", "StreamNames[].{StreamName: @}"),
    id="StreamName",
    console="kinesis/home?region={region}#/streams/details/{name}",
    name="StreamName",
    ctime="StreamCreationTimestamp",
    arn="StreamARN",
    prefix="kinesis",
    fields={"kinesis_stream_name": "StreamName", "kinesis_stream_mode_details": "StreamModeDetails.StreamMode"},
    details=(
        Detail(Call("kinesis", "describe_stream_summary", "StreamDescriptionSummary", NAME), into=""),
        Detail(Call("kinesis", "list_shards", "Shards", NAME), into="Shards"),
        Detail(Call("kinesis", "list_tags_for_stream", "Tags", {**NAME, "Limit": 50}), into="Tags"),
    ),
    edges=(encrypted_by("KeyId"),),
    read=Call("kinesis", "describe_stream_summary", "StreamDescriptionSummary", NAME),
    gone=("ResourceNotFoundException",),
    ended="kinesis_stream_status == 'DELETING'",
    awaited="",
    delete=Action("delete_stream", NAME),
    tag=Action("add_tags_to_stream", {**NAME, "Tags": {"{key}": "{value}"}}),
    untag=Action("remove_tags_from_stream", {**NAME, "TagKeys": ["{key}"]}),
)

RESOURCES = (STREAM,)
