"""EC2 capacity that is paid for apart from instances: dedicated hosts and reservations. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.aws.ec2 import TAG, UNTAG
from resh.providers.catalog import Action, Call, Link, Resource

HOST = Resource(
    kind="aws_ec2_host",
    description="A whole server of one's own that instances run on; listed for a while after its release.",
    call=Call("ec2", "describe_hosts", "Hosts"),
    id="HostId",
    prefix="host",
    ctime="AllocationTime",
    arn="arn:{partition}:ec2:{region}:{account}:dedicated-host/{id}",
    zone="AvailabilityZone",
    edges=(Link("aws_ec2_instance", "Instances[].InstanceId", child=True, delete=True),),
    read={"HostIds": ["{id}"]},
    gone=("InvalidHostID.NotFound",),
    ended="host_state == 'released' || host_state == 'released-permanent-failure'",
    volatile=("host_available_capacity",),
    released={"host_instances": "!host_instances"},
    delete=Action("release_hosts", {"HostIds": ["{id}"]}),
    tag=TAG,
    untag=UNTAG,
)

RESERVED_INSTANCES = Resource(
    kind="aws_ec2_reserved_instances",
    description="Instances that were paid for in advance, for one year or three.",
    call=Call("ec2", "describe_reserved_instances", "ReservedInstances"),
    id="ReservedInstancesId",
    prefix="reservation",
    ctime="Start",
    arn="arn:{partition}:ec2:{region}:{account}:reserved-instances/{id}",
    fields={
        "availability_zone": "AvailabilityZone",
        "reservation_reserved_instances_id": "ReservedInstancesId",
        "reservation_start": "Start",
    },
    edges=(Link("aws_ec2_instance_type", "InstanceType"),),
    read={"ReservedInstancesIds": ["{id}"]},
    gone=("InvalidReservedInstancesId", "InvalidReservedInstancesId.NotFound"),
    no_delete="a reservation runs until it ends, or is sold by people",
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (HOST, RESERVED_INSTANCES)
