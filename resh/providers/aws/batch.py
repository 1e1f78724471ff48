"""Batch: compute environments, job queues, job definitions, scheduling policies. The catalog of `aws/provider.py`.

Environments and queues are disabled before they can be deleted, and both take their time; see `errors.py` for what Batch says meanwhile.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource
from resh.providers.ending import Takes

TAG = Action("tag_resource", {"resourceArn": "{arn}", "tags": {"{key}": "{value}"}})
UNTAG = Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]})

COMPUTE_ENVIRONMENT = Resource(
    kind="aws_batch_compute_environment",
    description="What jobs run on: machines that Batch starts and ends, or those of the account.",
    call=Call("batch", "describe_compute_environments", "computeEnvironments"),
    id="computeEnvironmentName",
    name="computeEnvironmentName",
    arn="computeEnvironmentArn",
    tags="tags",
    prefix="environment",
    edges=(
        Link("aws_ec2_subnet", "computeResources.subnets", delete=True),
        Link("aws_ec2_security_group", "computeResources.securityGroupIds", delete=True),
        Link("aws_iam_role", "[serviceRole, computeResources.spotIamFleetRole]", by="arn", delete=True),
        Link("aws_iam_instance_profile", "computeResources.instanceRole", by="arn", delete=True),
        Link("aws_ec2_launch_template", "computeResources.launchTemplate.launchTemplateId"),
        Link("aws_ec2_keypair", "computeResources.ec2KeyPair", by="name", child=True),
        Link("aws_ecs_cluster", "ecsClusterArn", by="arn", child=True, delete="reverse"),
        Link("aws_eks_cluster", "eksConfiguration.eksClusterArn", by="arn"),
    ),
    read={"computeEnvironments": ["{name}"]},
    ended="environment_status == 'DELETING' || environment_status == 'DELETED'",
    volatile=("environment_state", "environment_status", "environment_status_reason"),
    before_delete=(Action("update_compute_environment", {"computeEnvironment": "{name}", "state": "DISABLED"}),),
    awaited="environment_status == 'DELETED'",
    broken="environment_status == 'INVALID' && (environment_status_reason || `true`)",
    delete=Action("delete_compute_environment", {"computeEnvironment": "{name}"}),
    takes=(Takes("aws_ecs_cluster", "last(environment_ecs_cluster_arn, '/')"),),
    tag=TAG,
    untag=UNTAG,
)

JOB_QUEUE = Resource(
    kind="aws_batch_job_queue",
    description="Jobs that wait for a place in a compute environment.",
    call=Call("batch", "describe_job_queues", "jobQueues"),
    id="jobQueueName",
    name="jobQueueName",
    arn="jobQueueArn",
    tags="tags",
    prefix="queue",
    edges=(
        Link("aws_batch_compute_environment", "computeEnvironmentOrder[].computeEnvironment", by="arn", delete=True),
        Link("aws_batch_scheduling_policy", "schedulingPolicyArn", by="arn", delete=True),
    ),
    read={"jobQueues": ["{name}"]},
    ended="queue_status == 'DELETING' || queue_status == 'DELETED'",
    volatile=("queue_state", "queue_status", "queue_status_reason"),
    before_delete=(Action("update_job_queue", {"jobQueue": "{name}", "state": "DISABLED"}),),
    awaited="queue_status == 'DELETED'",
    broken="queue_status == 'INVALID' && (queue_status_reason || `true`)",
    delete=Action("delete_job_queue", {"jobQueue": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

JOB_DEFINITION = Resource(
    kind="aws_batch_job_definition",
    description="What a job runs, and with how much; active revisions only.",
    call=Call("batch", "describe_job_definitions", "jobDefinitions", {"status": "ACTIVE"}),
    id="last(jobDefinitionArn, '/')",
    name="jobDefinitionName",
    arn="jobDefinitionArn",
    tags="tags",
    prefix="definition",
    newest="revision",
    edges=(
        Link(
            "aws_iam_role",
            "[containerProperties, nodeProperties.nodeRangeProperties[].container, ecsProperties.taskProperties[]][]"
            ".[jobRoleArn, taskRoleArn, executionRoleArn]",
            by="arn",
            delete=True,
        ),
    ),
    read=Call("batch", "describe_job_definitions", "jobDefinitions", {"jobDefinitions": ["{arn}"]}),
    ended="definition_status == 'INACTIVE'",
    delete=Action("deregister_job_definition", {"jobDefinition": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

SCHEDULING_POLICY = Resource(
    kind="aws_batch_scheduling_policy",
    description="Who gets which share of a queue's capacity.",
    call=Call(
        "batch",
        "list_scheduling_policies",
        "schedulingPolicies[].arn",
        describe=Call("batch", "describe_scheduling_policies", "schedulingPolicies", {"arns": "{batch}"}),
    ),
    id="name",
    name="name",
    arn="arn",
    tags="tags",
    prefix="policy",
    read=Call("batch", "describe_scheduling_policies", "schedulingPolicies", {"arns": ["{arn}"]}),
    delete=Action("delete_scheduling_policy", {"arn": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (COMPUTE_ENVIRONMENT, JOB_QUEUE, JOB_DEFINITION, SCHEDULING_POLICY)
