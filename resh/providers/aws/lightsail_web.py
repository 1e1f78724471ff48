"""Lightsail: buckets, container services, certificates; distributions and domains, which live in no region.

The catalog of `aws/provider.py`.
"""

from __future__ import annotations

from resh.providers.aws.lightsail import GONE, TAG, UNTAG
from resh.providers.catalog import Action, Call, Link, Resource

BUCKET = Resource(
    kind="aws_lightsail_bucket",
    bases=("bucket",),
    description="A container of objects at a fixed price a month; only an empty one that nothing uses can be deleted.",
    call=Call("lightsail", "get_buckets", "buckets", {"includeConnectedResources": True}),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    fields={"versioning_enabled": "objectVersioning == 'Enabled'"},
    edges=(
        Link("aws_lightsail_instance", "resourcesReceivingAccess[?resourceType == 'Instance'].name"),
        Link("aws_lightsail_bucket", "accessLogConfig.enabled && accessLogConfig.destination", child=True),
    ),
    read={"bucketName": "{name}", "includeConnectedResources": True},
    gone=GONE,
    delete=Action("delete_bucket", {"bucketName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

CONTAINER_SERVICE = Resource(
    kind="aws_lightsail_container_service",
    description="Containers that Lightsail runs, with a place in the web.",
    call=Call("lightsail", "get_container_services", "containerServices"),
    id="containerServiceName",
    name="containerServiceName",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    edges=(Link("aws_lightsail_certificate", "keys(publicDomainNames || `{}`)", delete=True),),
    read={"serviceName": "{name}"},
    gone=GONE,
    ended="lightsail_state == 'DELETING'",
    delete=Action("delete_container_service", {"serviceName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

CERTIFICATE = Resource(
    kind="aws_lightsail_certificate",
    bases=("certificate",),
    description="Proof of the names of a distribution or a container service.",
    call=Call("lightsail", "get_certificates", "certificates", {"includeCertificateDetails": True}),
    id="certificateName",
    name="certificateName",
    ctime="certificateDetail.createdAt",
    arn="certificateArn",
    tags="tags",
    prefix="lightsail",
    fields={"expires": "certificateDetail.notAfter", "dns_names": "certificateDetail.subjectAlternativeNames"},
    read={"certificateName": "{name}", "includeCertificateDetails": True},
    gone=GONE,
    delete=Action("delete_certificate", {"certificateName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)


def _origin(type: str, kind: str) -> Link:
    return Link(kind, f"origin.resourceType == '{type}' && origin.name", child=True)


DISTRIBUTION = Resource(
    kind="aws_lightsail_distribution",
    description="Brings what an instance, a bucket or a load balancer answers close to those who ask.",
    call=Call("lightsail", "get_distributions", "distributions"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    is_global=True,
    edges=(
        _origin("Instance", "aws_lightsail_instance"),
        _origin("LoadBalancer", "aws_lightsail_load_balancer"),
        _origin("Bucket", "aws_lightsail_bucket"),
        _origin("ContainerService", "aws_lightsail_container_service"),
        Link("aws_lightsail_certificate", "certificateName", delete=True),
    ),
    read={"distributionName": "{name}"},
    gone=GONE,
    delete=Action("delete_distribution", {"distributionName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

DOMAIN = Resource(
    kind="aws_lightsail_domain",
    bases=("dns_zone",),
    description="A part of the domain name system, with its records.",
    call=Call("lightsail", "get_domains", "domains"),
    id="name",
    name="name",
    ctime="createdAt",
    arn="arn",
    tags="tags",
    prefix="lightsail",
    is_global=True,
    fields={"private_zone": "`false`"},
    read=Call("lightsail", "get_domain", "domain", {"domainName": "{name}"}),
    gone=GONE,
    delete=Action("delete_domain", {"domainName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (BUCKET, CONTAINER_SERVICE, CERTIFICATE, DISTRIBUTION, DOMAIN)
