"""IAM policies out of the catalog: what a role must be allowed, so that resh can do its work and no more.

    wanted = Permissions(catalog(), Options())
    policy(wanted.collect())                  # {"Version": "2012-10-17", "Statement": [{"Sid": "Collect", "Effect": "Allow", …}]}

An IAM action is called `<prefix>:<operation>`. The prefix is nearly always the name that a service signs with, the operation that of its
API, both in botocore's service models; exceptions are in the tables below, as the Service Authorization Reference of AWS has them
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel

from resh.providers.aws import operations
from resh.providers.aws.operations import NOTHING, Besides, Operation
from resh.providers.catalog import Catalog, Resource
from resh.providers.collector import Options

MOST_CHARACTERS = 6144
"""A managed policy may have that many, blanks not counted (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""

Policy = dict[str, Any]

_PREFIXES = {"cloudwatch": "cloudwatch", "resourcegroupstaggingapi": "tag", "cloudcontrol": "cloudformation", "mturk": "mechanicalturk"}
_FREE = frozenset(("sts:GetCallerIdentity",))
"""Allowed to everybody."""
_NAMES = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "lambda:GetLayerVersionByArn": "lambda:GetLayerVersion",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:HeadObject": "s3:GetObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
}
_WITH = {
    "s3:DeleteObjects": ("s3:DeleteObjectVersion",),
    "ec2:CreateSnapshot": ("ec2:CreateTags",),
    "ec2:CreateSnapshots": ("ec2:CreateTags",),
}
"""What some need besides: versions are named, snapshots are tagged."""
_S3_CONFIGURATION = re.compile(
    r"s3:(Get|Put|List)Bucket(Lifecycle|Replication|Accelerate|Encryption|Analytics|IntelligentTiering|Inventory|Metrics)(?:Configurations?)?$"
)


class Right(NamedTuple):
    """An action, and the resources that it is for."""

    action: str
    resource: str = "*"


class Permissions:
    def __init__(self, catalog: Catalog, options: Options, partition: str = "aws", usage: bool = False) -> None:
        """`usage` says whether CloudWatch is asked as well."""
        self._catalog, self._partition, self._usage = catalog, partition, usage
        parents = {resource.kind: resource.each for resource in catalog.resources}
        self._kinds = {catalog.account.kind, catalog.region.kind}
        for kind in filter(options.wants, parents):
            while kind:
                self._kinds.add(kind)
                kind = parents.get(kind, "")

    @property
    def resources(self) -> list[Resource]:
        """Those that are configured, and what must be listed to get at them."""
        return [resource for resource in self._catalog.all if resource.kind in self._kinds]

    def collect(self) -> set[Right]:
        listed = self._of(operation for resource in self.resources for operation in operations.reads(resource))
        return listed | self.rights(operations.USAGE) if self._usage else listed

    def tags(self) -> set[Right]:
        return self._of(operation for resource in self.resources for operation in operations.tags(resource))

    def cleanup(self, besides: Besides = NOTHING) -> set[Right]:
        return self._of(operation for resource in self.resources for operation in operations.deletes(resource, besides))

    def entering(self, *roles: str) -> set[Right]:
        """What credentials need to assume roles: by name in every account, by ARN in one."""
        everywhere = f"arn:{self._partition}:iam::*:role/"
        return {Right("sts:AssumeRole", role if role.startswith("arn:") else everywhere + role.strip("/")) for role in roles}

    def rights(self, operation: Operation) -> set[Right]:
        """None for what everybody may do."""
        return self._of((operation,))

    def _of(self, found: Iterable[Operation]) -> set[Right]:
        return {right for operation in dict.fromkeys(found) for right in _rights(*operation, self._partition)}


def policy(**purposes: set[Right]) -> Policy:
    """One statement a purpose, and one more for each set of resources that is not all; no action twice."""
    statements: list[dict[str, Any]] = []
    told: set[Right] = set()
    for purpose, rights in purposes.items():
        groups: dict[tuple[str, ...], list[str]] = {}
        for action in sorted({right.action for right in rights - told}):
            resources = tuple(sorted(right.resource for right in rights - told if right.action == action))
            groups.setdefault(_widest(resources), []).append(action)
        for number, (resources, actions) in enumerate(sorted(groups.items())):
            resource = resources[0] if len(resources) == 1 else list(resources)
            statements.append({"Sid": f"{purpose}{number or ''}", "Effect": "Allow", "Action": actions, "Resource": resource})
        told |= rights
    return {"Version": "2012-10-17", "Statement": statements}


def size(document: Policy) -> int:
    """As AWS counts."""
    return len(json.dumps(document, separators=(",", ":")))


def split(document: Policy) -> Iterator[Policy]:
    """Documents that are small enough, each with whole actions; the same rights together."""
    part: list[dict[str, Any]] = []
    for statement in document["Statement"]:
        for action in statement["Action"]:
            tried = _with(part, statement, action)
            if part and size({**document, "Statement": tried}) > MOST_CHARACTERS:
                yield {**document, "Statement": part}
                tried = _with([], statement, action)
            part = tried
    if part:
        yield {**document, "Statement": part}


def _with(part: list[dict[str, Any]], statement: dict[str, Any], action: str) -> list[dict[str, Any]]:
    if part and part[-1]["Sid"] == statement["Sid"]:
        return [*part[:-1], {**part[-1], "Action": [*part[-1]["Action"], action]}]
    return [*part, {**statement, "Action": [action]}]


def _widest(resources: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that another one covers."""
    return tuple(one for one in resources if not any(one != other and fnmatchcase(one, other) for other in resources))


@cache
def _rights(service: str, operation: str, partition: str) -> tuple[Right, ...]:
    model = _model(service, operation)
    prefix = _PREFIXES.get(service, model.service_model.signing_name)
    if prefix == "apigateway":  # actions are HTTP methods there, resources are paths
        return (Right(f"apigateway:{model.http['method']}", f"arn:{partition}:apigateway:*::{_path(model)}"),)
    action = f"{prefix}:{model.name}"
    if service == "s3control" and action.endswith("PublicAccessBlock"):
        return (Right(f"s3:{'Get' if 'Get' in action else 'Put'}AccountPublicAccessBlock"),)
    if found := _S3_CONFIGURATION.match(action):
        return (Right(f"s3:{found[1].replace('List', 'Get')}{found[2]}Configuration"),)
    return () if action in _FREE else (Right(_NAMES.get(action, action)), *map(Right, _WITH.get(action, ())))


def _path(model: OperationModel) -> str:
    """`/restapis/{restapi_id}/stages` as a pattern of IAM."""
    return re.sub(r"\{[^}]*\}", "*", str(model.http["requestUri"]).partition("?")[0]).removeprefix("/v2")


@cache
def _model(service: str, operation: str) -> OperationModel:
    found = _service(service)
    names = {xform_name(name): name for name in found.operation_names}
    model: OperationModel = found.operation_model(names[operation])
    return model


@cache
def _service(service: str) -> Any:
    return botocore.session.Session().get_service_model(service)
