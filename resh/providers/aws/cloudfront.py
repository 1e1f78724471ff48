"""CloudFront: distributions and the functions, keys and logs that they use. Global. The catalog of `aws/provider.py`.

Policies are in `cloudfront_policy.py`. Nothing is deleted that a distribution still uses, and every deletion names the version that is
meant: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Detail, Link, Resource

TAG = Action("tag_resource", {"Resource": "{arn}", "Tags": {"Items": [{"Key": "{key}", "Value": "{value}"}]}})
UNTAG = Action("untag_resource", {"Resource": "{arn}", "TagKeys": {"Items": ["{key}"]}})
TAGS = Detail(Call("cloudfront", "list_tags_for_resource", "Tags.Items", {"Resource": "{arn}"}), into="Tags")

ID = {"Id": "{id}"}


def delete(what: str, get: str = "", params: dict[str, str] = ID) -> Action:
    """The version is asked for just before."""
    return Action(f"delete_{what}", {**params, "IfMatch": "{each}"}, each=Call("cloudfront", get or f"get_{what}", "ETag", params))


def _disable(what: str, config: str) -> Action:
    """Only what is disabled can be deleted, and not before all places know: that takes minutes, so that the next clean-up ends it."""
    enabled = f"[{{Tag: ETag, Was: {config}.Enabled, Config: merge({config}, {{Enabled: `false`}})}}][?Was]"
    return Action(
        f"update_{what}",
        {**ID, "IfMatch": "{each.Tag}", config: "{each.Config}"},
        each=Call("cloudfront", f"get_{what}_config", enabled, ID),
    )


_BEHAVIORS = "DistributionConfig.[[DefaultCacheBehavior], CacheBehaviors.Items][][]"


def _used(kind: str, path: str, by: str = "id") -> Link:
    return Link(kind, path, by=by, child=True, delete="reverse")


DISTRIBUTION = Resource(
    kind="aws_cloudfront_distribution",
    description="Hands out what origins have, from places near those who ask; it is disabled first, and deleted once all places know.",
    call=Call("cloudfront", "list_distributions", "DistributionList.Items[].{Id: Id, ARN: ARN}"),
    id="Id",
    console="cloudfront/v4/home#/distributions/{id}",
    name="DomainName",
    arn="ARN",
    prefix="distribution",
    is_global=True,
    fields={
        "mtime": "LastModifiedTime",
        "distribution_config": "lists(DistributionConfig)",
        "distribution_active_trusted_signers": "lists(ActiveTrustedSigners)",
        "distribution_active_trusted_key_groups": "lists(ActiveTrustedKeyGroups)",
        "distribution_alias_icp_recordals": "AliasICPRecordals",
    },
    details=(Detail(Call("cloudfront", "get_distribution", "Distribution", ID), into=""), TAGS),
    edges=(
        _used("aws_lambda_function", f"{_BEHAVIORS}.LambdaFunctionAssociations.Items[].LambdaFunctionARN", by="arn"),
        _used("aws_cloudfront_function", f"{_BEHAVIORS}.FunctionAssociations.Items[].FunctionARN", by="arn"),
        _used("aws_cloudfront_realtime_log_config", f"{_BEHAVIORS}.RealtimeLogConfigArn", by="arn"),
        _used("aws_cloudfront_field_level_encryption_config", f"{_BEHAVIORS}.FieldLevelEncryptionId"),
        _used("aws_cloudfront_response_headers_policy", f"{_BEHAVIORS}.ResponseHeadersPolicyId"),
        _used("aws_cloudfront_cache_policy", f"{_BEHAVIORS}.CachePolicyId"),
        _used("aws_cloudfront_origin_access_control", "DistributionConfig.Origins.Items[].OriginAccessControlId"),
        _used("aws_iam_server_certificate", "DistributionConfig.ViewerCertificate.IAMCertificateId"),
        _used("aws_acm_certificate", "DistributionConfig.ViewerCertificate.ACMCertificateArn", by="arn"),
        Link("aws_s3_bucket", "DistributionConfig.Origins.Items[].split(DomainName, '.s3')[0]", by="name", child=True),
        Link("aws_waf_web_acl", "DistributionConfig.WebACLId", by="arn", delete=True),
    ),
    read=Call("cloudfront", "get_distribution", "Distribution", ID),
    gone=("NoSuchDistribution",),
    volatile=("distribution_in_progress_invalidation_batches", "distribution_status"),
    before_delete=(_disable("distribution", "DistributionConfig"),),
    delete=delete("distribution"),
    tag=TAG,
    untag=UNTAG,
)

STREAMING_DISTRIBUTION = Resource(
    kind="aws_cloudfront_streaming_distribution",
    description="Handed out films by Adobe's protocol; AWS made an end of it in 2020, and only remains are left.",
    call=Call("cloudfront", "list_streaming_distributions", "StreamingDistributionList.Items"),
    id="Id",
    arn="ARN",
    prefix="streaming_distribution",
    is_global=True,
    fields={
        "mtime": "LastModifiedTime",
        "streaming_distribution_aliases": "Aliases.Items",
        "streaming_distribution_trusted_signers": "TrustedSigners.Items",
    },
    details=(TAGS,),
    edges=(Link("aws_s3_bucket", "split(S3Origin.DomainName, '.s3')[0]", by="name", child=True),),
    read={},
    gone=("NoSuchStreamingDistribution",),
    volatile=("streaming_distribution_status",),
    before_delete=(_disable("streaming_distribution", "StreamingDistributionConfig"),),
    delete=delete("streaming_distribution"),
    tag=TAG,
    untag=UNTAG,
)

FUNCTION = Resource(
    kind="aws_cloudfront_function",
    bases=("serverless_function",),
    description="A small program that changes requests and answers of distributions on their way.",
    call=Call("cloudfront", "list_functions", "FunctionList.Items", {"Stage": "LIVE"}),
    id="Name",
    name="Name",
    ctime="FunctionMetadata.CreatedTime",
    arn="FunctionMetadata.FunctionARN",
    tags="",
    prefix="function",
    is_global=True,
    fields={"mtime": "FunctionMetadata.LastModifiedTime", "function_stage": "FunctionMetadata.Stage"},
    read=Call("cloudfront", "describe_function", "FunctionSummary", {"Name": "{name}", "Stage": "LIVE"}),
    gone=("NoSuchFunctionExists",),
    delete=delete("function", "describe_function", {"Name": "{name}"}),
)

PUBLIC_KEY = Resource(
    kind="aws_cloudfront_public_key",
    description="The public half of a key that signs addresses or encrypts fields of forms.",
    call=Call("cloudfront", "list_public_keys", "PublicKeyList.Items"),
    id="Id",
    name="Name",
    ctime="CreatedTime",
    arn="arn:{partition}:cloudfront::{account}:public-key/{id}",
    tags="",
    prefix="public_key",
    is_global=True,
    read={},
    gone=("NoSuchPublicKey",),
    delete=delete("public_key"),
)

REALTIME_LOG_CONFIG = Resource(
    kind="aws_cloudfront_realtime_log_config",
    description="Which requests are logged within seconds, and to which stream.",
    call=Call("cloudfront", "list_realtime_log_configs", "RealtimeLogConfigs.Items"),
    id="Name",
    name="Name",
    arn="ARN",
    tags="",
    prefix="realtime_log",
    is_global=True,
    edges=(
        Link("aws_kinesis_stream", "EndPoints[].KinesisStreamConfig.StreamARN", by="arn", child=True),
        Link("aws_iam_role", "EndPoints[].KinesisStreamConfig.RoleARN", by="arn", delete=True),
    ),
    read={},
    gone=("NoSuchRealtimeLogConfig",),
    delete=Action("delete_realtime_log_config", {"Name": "{name}"}),
)

RESOURCES = (DISTRIBUTION, STREAMING_DISTRIBUTION, FUNCTION, PUBLIC_KEY, REALTIME_LOG_CONFIG)
