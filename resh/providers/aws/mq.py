"""Amazon MQ: brokers of messages, and their configurations. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("create_tags", {"ResourceArn": "{arn}", "Tags": {"{key}": "{value}"}})
UNTAG = Action("delete_tags", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]})
GONE = ("NotFoundException",)

CONFIGURATION = Resource(
    kind="aws_mq_configuration",
    description="Settings of brokers, in revisions.",
    call=Call("mq", "list_configurations", "Configurations"),
    id="Id",
    name="Name",
    ctime="Created",
    arn="Arn",
    read=Call("mq", "describe_configuration", "@", {"ConfigurationId": "{id}"}),
    gone=GONE,
    delete=Action("delete_configuration", {"ConfigurationId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

BROKER = Resource(
    kind="aws_mq_broker",
    description="A broker of messages, ActiveMQ or RabbitMQ.",
    call=Call("mq", "list_brokers", "BrokerSummaries"),
    id="BrokerId",
    name="BrokerName",
    ctime="Created",
    arn="BrokerArn",
    details=(Detail(Call("mq", "describe_broker", "@", {"BrokerId": "{id}"}), into="", absent=GONE),),
    edges=(
        Link("aws_ec2_subnet", "SubnetIds", delete=True),
        Link("aws_ec2_security_group", "SecurityGroups", delete=True),
        Link(CONFIGURATION.kind, "Configurations.[Current.Id, History[].Id, Pending.Id]", child=True, delete="reverse"),
        Link("aws_cloudwatch_log_group", "Logs.[GeneralLogGroup, AuditLogGroup]", by="name", child=True),
        encrypted_by("EncryptionOptions.KmsKeyId"),
    ),
    read=Call("mq", "describe_broker", "@", {"BrokerId": "{id}"}),
    gone=GONE,
    ended="broker_state == 'DELETION_IN_PROGRESS'",
    awaited="",
    delete=Action("delete_broker", {"BrokerId": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (CONFIGURATION, BROKER)
