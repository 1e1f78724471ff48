"""Cloud Map: names under which services find each other. The catalog of `aws/provider.py`; a name space waits for its services."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"ResourceARN": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceARN": "{arn}", "TagKeys": ["{key}"]})
TAGS = Detail(
    Call("servicediscovery", "list_tags_for_resource", "Tags", {"ResourceARN": "{arn}"}),
    into="Tags",
    absent=("ResourceNotFoundException",),
)

NAMESPACE = Resource(
    kind="aws_servicediscovery_namespace",
    description="A name space of services; one with DNS has a zone of Route 53, which goes with it.",
    call=Call("servicediscovery", "list_namespaces", "Namespaces"),
    id="Id",
    name="Name",
    ctime="CreateDate",
    arn="Arn",
    details=(TAGS,),
    edges=(Link("aws_route53_zone", "Properties.DnsProperties.HostedZoneId", child=True, delete="reverse"),),
    read=Call("servicediscovery", "get_namespace", "Namespace", {"Id": "{id}"}),
    gone=("NamespaceNotFound",),
    volatile=("service_count",),
    delete=Action("delete_namespace", {"Id": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

_IN_NAMESPACE = {"Filters": [{"Name": "NAMESPACE_ID", "Values": ["{id}"], "Condition": "EQ"}]}

SERVICE = Resource(
    kind="aws_servicediscovery_service",
    description="A name, and the instances that answer under it; none of them may be left when it goes.",
    call=Call("servicediscovery", "list_services", "Services", _IN_NAMESPACE),
    each=NAMESPACE.kind,
    inherits={"namespace_id": "id"},
    id="Id",
    name="Name",
    ctime="CreateDate",
    arn="Arn",
    details=(TAGS,),
    edges=(Link(NAMESPACE.kind, "_parent.id", delete=True),),
    read=Call("servicediscovery", "get_service", "Service", {"Id": "{id}"}),
    gone=("ServiceNotFound", "NamespaceNotFound"),
    volatile=("instance_count",),
    delete=Action("delete_service", {"Id": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (NAMESPACE, SERVICE)
