"""CloudFront's policies: what distributions cache, add, encrypt and prove to origins. Global. The catalog of `aws/provider.py`.

Distributions are in `cloudfront.py`.
"""

from __future__ import annotations

from resh.providers.aws.cloudfront import delete
from resh.providers.catalog import Call, Link, Resource


def _policies(what: str, name: str) -> Call:
    """The policies of a listing that keeps each of them one level down."""
    members = f"Id: {name}.Id, LastModifiedTime: {name}.LastModifiedTime, Config: {name}.{name}Config"
    return Call("cloudfront", what, f"{name}List.Items[].{{Type: Type, {members}}}")


RESPONSE_HEADERS_POLICY = Resource(
    kind="aws_cloudfront_response_headers_policy",
    description="Headers that distributions add to answers.",
    call=_policies("list_response_headers_policies", "ResponseHeadersPolicy"),
    id="Id",
    name="Config.Name",
    arn="arn:{partition}:cloudfront::{account}:response-headers-policy/{id}",
    tags="",
    prefix="response_headers_policy",
    is_global=True,
    fields={"mtime": "LastModifiedTime", "response_headers_policy_config": "lists(Config)"},
    read={},
    gone=("NoSuchResponseHeadersPolicy",),
    fixed={"response_headers_policy_type == 'managed'": "it belongs to AWS"},
    delete=delete("response_headers_policy"),
)

CACHE_POLICY = Resource(
    kind="aws_cloudfront_cache_policy",
    description="What distributions keep, for how long, and what tells one answer from another.",
    call=_policies("list_cache_policies", "CachePolicy"),
    id="Id",
    name="Config.Name",
    arn="arn:{partition}:cloudfront::{account}:cache-policy/{id}",
    tags="",
    prefix="cache_policy",
    is_global=True,
    fields={"mtime": "LastModifiedTime", "cache_policy_config": "lists(Config)"},
    read={},
    gone=("NoSuchCachePolicy",),
    fixed={"cache_policy_type == 'managed'": "it belongs to AWS"},
    delete=delete("cache_policy"),
)

ORIGIN_ACCESS_CONTROL = Resource(
    kind="aws_cloudfront_origin_access_control",
    description="How distributions prove to an origin who asks.",
    call=Call("cloudfront", "list_origin_access_controls", "OriginAccessControlList.Items"),
    id="Id",
    name="Name",
    arn="arn:{partition}:cloudfront::{account}:origin-access-control/{id}",
    tags="",
    prefix="origin_access_control",
    is_global=True,
    fields={"origin_access_control_origin_access_control_origin_type": "OriginAccessControlOriginType"},
    read={},
    gone=("NoSuchOriginAccessControl",),
    delete=delete("origin_access_control"),
)

_PROFILES = "[QueryArgProfileConfig.QueryArgProfiles.Items[], ContentTypeProfileConfig.ContentTypeProfiles.Items[]][].ProfileId"

FIELD_LEVEL_ENCRYPTION_CONFIG = Resource(
    kind="aws_cloudfront_field_level_encryption_config",
    description="Which profile encrypts the fields of which forms.",
    call=Call("cloudfront", "list_field_level_encryption_configs", "FieldLevelEncryptionList.Items"),
    id="Id",
    arn="arn:{partition}:cloudfront::{account}:field-level-encryption-config/{id}",
    tags="",
    prefix="field_level_encryption_config",
    is_global=True,
    fields={
        "mtime": "LastModifiedTime",
        "field_level_encryption_config_query_arg_profile_config": "lists(QueryArgProfileConfig)",
        "field_level_encryption_config_content_type_profile_config": "lists(ContentTypeProfileConfig)",
    },
    edges=(Link("aws_cloudfront_field_level_encryption_profile", _PROFILES, child=True, delete="reverse"),),
    read={},
    gone=("NoSuchFieldLevelEncryptionConfig",),
    delete=delete("field_level_encryption_config"),
)

FIELD_LEVEL_ENCRYPTION_PROFILE = Resource(
    kind="aws_cloudfront_field_level_encryption_profile",
    description="Which fields of forms are encrypted, and with which key.",
    call=Call("cloudfront", "list_field_level_encryption_profiles", "FieldLevelEncryptionProfileList.Items"),
    id="Id",
    name="Name",
    arn="arn:{partition}:cloudfront::{account}:field-level-encryption-profile/{id}",
    tags="",
    prefix="field_level_encryption_profile",
    is_global=True,
    fields={"mtime": "LastModifiedTime", "field_level_encryption_profile_encryption_entities": "lists(EncryptionEntities)"},
    edges=(Link("aws_cloudfront_public_key", "EncryptionEntities.Items[].PublicKeyId", child=True, delete="reverse"),),
    read={},
    gone=("NoSuchFieldLevelEncryptionProfile",),
    delete=delete("field_level_encryption_profile"),
)

RESOURCES = (
    RESPONSE_HEADERS_POLICY,
    CACHE_POLICY,
    ORIGIN_ACCESS_CONTROL,
    FIELD_LEVEL_ENCRYPTION_CONFIG,
    FIELD_LEVEL_ENCRYPTION_PROFILE,
)
