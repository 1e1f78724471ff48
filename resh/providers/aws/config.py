"""AWS Config. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

RECORDER = Resource(
    kind="aws_config_recorder",
    description="Records how the configuration of resources changes; there is one in a region at most, beside those of AWS's services.",
    call=Call("config", "describe_configuration_recorders", "ConfigurationRecorders"),
    id="name",
    name="name",
    arn="arn",
    tags="",
    prefix="recorder",
    fields={"mtime": "Status.lastStatusChangeTime", "recorder_group": "recordingGroup"},
    details=(
        Detail(
            Call(
                "config",
                "describe_configuration_recorder_status",
                "ConfigurationRecordersStatus[0]",
                {"ConfigurationRecorderNames": ["{name}"]},
            ),
            into="Status",
        ),
    ),
    edges=(Link("aws_iam_role", "roleARN", by="arn", delete=True),),
    read={"ConfigurationRecorderNames": ["{name}"]},
    gone=("NoSuchConfigurationRecorderException",),
    fixed={"recorder_service_principal": "it belongs to an AWS service, which deletes it"},
    volatile=("recorder_status",),
    delete=Action("delete_configuration_recorder", {"ConfigurationRecorderName": "{name}"}),
)

RESOURCES = (RECORDER,)
