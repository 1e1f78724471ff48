"""ECS: clusters, services, tasks and what they run on. The catalog of `aws/provider.py`; task definitions are in `ecs_definition.py`.

Everything but capacity providers is listed cluster by cluster, by name only, and described up to a hundred at a time. A cluster cannot be
deleted before what is in it. Names are unique in a cluster only, so that the id of a service starts with its cluster's name.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Link, Resource

TAG = Action("tag_resource", {"resourceArn": "{arn}", "tags": [{"key": "{key}", "value": "{value}"}]})
UNTAG = Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]})

GONE = ("ClusterNotFoundException",)
IN_CLUSTER = {"cluster": "{arn}"}

_CONFIGURATIONS = "[networkConfiguration, taskSets[].networkConfiguration, deployments[].networkConfiguration][].awsvpcConfiguration"
_STRATEGIES = "[capacityProviderStrategy, taskSets[].capacityProviderStrategy[], deployments[].capacityProviderStrategy[]][]"
_SERVICE_OF_TASK = "starts_with(group || '', 'service:') && join('/', [last(clusterArn, '/'), last(group, ':')])"

_CLUSTER_DETAILS = {"include": ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"]}
_EXECUTE = "configuration.executeCommandConfiguration"

CLUSTER = Resource(
    kind="aws_ecs_cluster",
    description="A group of services and tasks, with the machines that they run on.",
    call=Call(
        "ecs",
        "list_clusters",
        "clusterArns",
        describe=Call("ecs", "describe_clusters", "clusters", {**_CLUSTER_DETAILS, "clusters": "{batch}"}),
    ),
    id="clusterName",
    console="ecs/v2/clusters/{name}?region={region}",
    name="clusterName",
    arn="clusterArn",
    tags="tags",
    prefix="cluster",
    edges=(
        encrypted_by(f"{_EXECUTE}.kmsKeyId"),
        Link("aws_s3_bucket", f"{_EXECUTE}.logConfiguration.s3BucketName", by="name", child=True),
        Link("aws_cloudwatch_log_group", f"{_EXECUTE}.logConfiguration.cloudWatchLogGroupName", by="name", child=True),
        Link("aws_ecs_capacity_provider", "capacityProviders", by="name", child=True, delete="reverse"),
    ),
    read=Call("ecs", "describe_clusters", "clusters", {**_CLUSTER_DETAILS, "clusters": ["{arn}"]}),
    gone=GONE,
    ended="cluster_status == 'INACTIVE'",
    volatile=(
        "cluster_registered_container_instances_count",
        "cluster_running_tasks_count",
        "cluster_pending_tasks_count",
        "cluster_active_services_count",
        "cluster_statistics",
    ),
    delete=Action("delete_cluster", IN_CLUSTER),
    tag=TAG,
    untag=UNTAG,
)

SERVICE = Resource(
    kind="aws_ecs_service",
    description="Keeps a number of tasks running in a cluster; they stop when it is deleted.",
    call=Call(
        "ecs",
        "list_services",
        "serviceArns",
        IN_CLUSTER,
        describe=Call("ecs", "describe_services", "services", {**IN_CLUSTER, "services": "{batch}", "include": ["TAGS"]}),
        batch=10,
    ),
    each="aws_ecs_cluster",
    id="last(serviceArn, ':service/')",
    name="serviceName",
    ctime="createdAt",
    arn="serviceArn",
    tags="tags",
    prefix="service",
    fields={"status": "status", "cluster_arn": "clusterArn", "service_deployment_controller": "deploymentController.type"},
    edges=(
        Link("aws_ecs_cluster", "clusterArn", by="arn", delete=True),
        Link("aws_alb_target_group", "loadBalancers[].targetGroupArn", by="arn", child=True, delete="reverse"),
        Link("aws_elb", "loadBalancers[].loadBalancerName", by="name", child=True, delete="reverse"),
        Link("aws_ecs_task_definition", "taskDefinition", by="arn", child=True),
        Link("aws_ecs_task_definition", "taskDefinition", child=True),
        Link("aws_iam_role", "roleArn", by="arn", delete=True),
        Link("aws_ec2_security_group", f"{_CONFIGURATIONS}.securityGroups[]", delete=True),
        Link("aws_ec2_subnet", f"{_CONFIGURATIONS}.subnets[]", delete=True),
        Link("aws_ecs_capacity_provider", f"{_STRATEGIES}.capacityProvider", by="name", child=True, delete="reverse"),
    ),
    read=Call("ecs", "describe_services", "services", {"cluster": "{cluster_arn}", "services": ["{arn}"], "include": ["TAGS"]}),
    gone=(*GONE, "ServiceNotFoundException", "ServiceNotActiveException"),
    ended="status == 'INACTIVE' || status == 'DRAINING'",
    volatile=("service_running_count", "service_pending_count", "service_events", "service_deployments"),
    awaited="status == 'INACTIVE'",
    delete=Action("delete_service", {"cluster": "{cluster_arn}", "service": "{arn}", "force": True}),
    tag=TAG,
    untag=UNTAG,
)

TASK = Resource(
    kind="aws_ecs_task",
    description="Containers that run together, once or for a service.",
    call=Call(
        "ecs",
        "list_tasks",
        "taskArns",
        IN_CLUSTER,
        describe=Call("ecs", "describe_tasks", "tasks", {**IN_CLUSTER, "tasks": "{batch}", "include": ["TAGS"]}),
    ),
    each="aws_ecs_cluster",
    id="last(taskArn, '/')",
    ctime="createdAt",
    arn="taskArn",
    tags="tags",
    zone="availabilityZone",
    prefix="task",
    fields={"task_ephemeral_storage": "ephemeralStorage.sizeInGiB"},
    edges=(
        Link("aws_ecs_cluster", "clusterArn", by="arn", delete=True),
        # A service would start another one.
        Link("aws_ecs_service", _SERVICE_OF_TASK, delete="reverse"),
        Link("aws_ecs_task_definition", "taskDefinitionArn", by="arn"),
        Link("aws_ecs_container_instance", "containerInstanceArn", by="arn", delete=True),
        Link("aws_ecs_capacity_provider", "capacityProviderName", by="name", child=True),
        Link("aws_iam_role", "overrides.[executionRoleArn, taskRoleArn][]", by="arn", delete=True),
        Link("aws_ec2_subnet", "attachments[].details[?name=='subnetId'].value[]", delete=True),
        Link("aws_ec2_network_interface", "attachments[].details[?name=='networkInterfaceId'].value[]", child=True),
    ),
    read=Call("ecs", "describe_tasks", "tasks", {"cluster": "{task_cluster_arn}", "tasks": ["{arn}"], "include": ["TAGS"]}),
    gone=GONE,
    ended="task_last_status == 'STOPPED' || task_desired_status == 'STOPPED'",
    volatile=("task_version", "task_connectivity", "task_connectivity_at", "task_containers", "task_health_status"),
    delete=Action("stop_task", {"cluster": "{task_cluster_arn}", "task": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

_INSTANCE_DETAILS = {"include": ["TAGS", "CONTAINER_INSTANCE_HEALTH"]}

CONTAINER_INSTANCE = Resource(
    kind="aws_ecs_container_instance",
    description="A machine that a cluster runs tasks on; without it the machine is left to itself.",
    call=Call(
        "ecs",
        "list_container_instances",
        "containerInstanceArns",
        IN_CLUSTER,
        describe=Call(
            "ecs",
            "describe_container_instances",
            "containerInstances",
            {**_INSTANCE_DETAILS, **IN_CLUSTER, "containerInstances": "{batch}"},
        ),
    ),
    each="aws_ecs_cluster",
    id="last(containerInstanceArn, '/')",
    name="containerInstanceArn",
    ctime="registeredAt",
    arn="containerInstanceArn",
    tags="tags",
    fields={"version": "version && to_string(version)"},
    inherits={"cluster_link": "arn"},
    edges=(
        Link("aws_ecs_cluster", "_parent.arn", by="arn", delete=True),
        Link("aws_ec2_instance", "ec2InstanceId", child=True, delete=True),
        Link("aws_ecs_capacity_provider", "capacityProviderName", by="name"),
    ),
    read=Call(
        "ecs",
        "describe_container_instances",
        "containerInstances",
        {**_INSTANCE_DETAILS, "cluster": "{cluster_link}", "containerInstances": ["{arn}"]},
    ),
    gone=GONE,
    ended="status == 'INACTIVE' || status == 'DEREGISTERING'",
    volatile=("version", "remaining_resources", "running_tasks_count", "pending_tasks_count", "health_status", "agent_connected"),
    delete=Action("deregister_container_instance", {"cluster": "{cluster_link}", "containerInstance": "{arn}"}),
    tag=TAG,
    untag=UNTAG,
)

CAPACITY_PROVIDER = Resource(
    kind="aws_ecs_capacity_provider",
    description="Where the machines of a cluster come from: an auto scaling group, instances that ECS manages, or Fargate.",
    call=Call("ecs", "describe_capacity_providers", "capacityProviders", {"include": ["TAGS"]}),
    id="name",
    name="name",
    arn="capacityProviderArn",
    tags="tags",
    prefix="capacity_provider",
    fields={"status": "status"},
    edges=(Link("aws_autoscaling_group", "autoScalingGroupProvider.autoScalingGroupArn", by="arn", child=True, delete="reverse"),),
    read={"capacityProviders": ["{name}"], "include": ["TAGS"]},
    ended="status == 'INACTIVE'",
    fixed={"starts_with(name, 'FARGATE')": "Fargate belongs to AWS"},
    delete=Action("delete_capacity_provider", {"capacityProvider": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (CLUSTER, SERVICE, TASK, CONTAINER_INSTANCE, CAPACITY_PROVIDER)
