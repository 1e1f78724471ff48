"""REST APIs of the API Gateway, what they are made of, and their domain names. The catalog of `aws/provider.py`.

Whatever is in an API goes with it.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource

TAG = Action("tag_resource", {"resourceArn": "{arn}", "tags": {"{key}": "{value}"}})
UNTAG = Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]})
GONE = ("NotFoundException",)

IN_API = {"restApiId": "{id}"}
OF_API = {"restApiId": "{api_link}"}
BELOW_API = Link("aws_apigateway_rest_api", "_parent.id")


def _function(uri: str) -> str:
    """The name of the Lambda function that an address of the gateway calls."""
    return f"split(split(split({uri}, ':function:')[1], '/')[0], ':')[0]"


REST_API = Resource(
    kind="aws_apigateway_rest_api",
    description="An interface for programs, of resources and methods.",
    call=Call("apigateway", "get_rest_apis", "items"),
    id="id",
    name="name",
    ctime="createdDate",
    arn="arn:{partition}:apigateway:{region}::/restapis/{id}",
    tags="tags",
    prefix="api",
    fields={"description": "description"},
    edges=(Link("aws_vpc_endpoint", "endpointConfiguration.vpcEndpointIds", child=True),),
    read=Call(
        "apigateway",
        "get_rest_api",
        "{id: id, name: name, description: description, createdDate: createdDate, version: version, warnings: warnings, "
        "binaryMediaTypes: binaryMediaTypes, minimumCompressionSize: minimumCompressionSize, apiKeySource: apiKeySource, "
        "endpointConfiguration: endpointConfiguration, policy: policy, tags: tags, disableExecuteApiEndpoint: disableExecuteApiEndpoint}",
        IN_API,
    ),
    gone=GONE,
    delete=Action("delete_rest_api", IN_API),
    tag=TAG,
    untag=UNTAG,
)

DEPLOYMENT = Resource(
    kind="aws_apigateway_deployment",
    description="An API as it was at one moment, for stages to offer.",
    call=Call("apigateway", "get_deployments", "items", IN_API),
    each="aws_apigateway_rest_api",
    inherits={"api_link": "id"},
    id="id",
    ctime="createdDate",
    arn="arn:{partition}:apigateway:{region}::/restapis/{api_link}/deployments/{id}",
    tags="",
    prefix="deployment",
    fields={"description": "description"},
    edges=(BELOW_API,),
    read=OF_API,
    gone=GONE,
    delete=Action("delete_deployment", {**OF_API, "deploymentId": "{id}"}),
)

STAGE = Resource(
    kind="aws_apigateway_stage",
    description="A deployment under a name, with settings of its own.",
    call=Call("apigateway", "get_stages", "item", IN_API),
    each="aws_apigateway_rest_api",
    inherits={"api_link": "id"},
    id="join('_', [_parent.id, stageName])",
    name="stageName",
    ctime="createdDate",
    arn="arn:{partition}:apigateway:{region}::/restapis/{api_link}/stages/{name}",
    tags="tags",
    prefix="stage",
    fields={"mtime": "lastUpdatedDate", "description": "description", "stage_cache_status": "cacheClusterStatus"},
    edges=(
        # A deployment cannot be deleted while a stage offers it.
        Link("aws_apigateway_deployment", "deploymentId", delete=True),
        Link("aws_cloudwatch_log_group", "last(accessLogSettings.destinationArn, ':')", by="name", child=True),
    ),
    read=OF_API,
    gone=GONE,
    delete=Action("delete_stage", {**OF_API, "stageName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

AUTHORIZER = Resource(
    kind="aws_apigateway_authorizer",
    description="Decides who may call an API: a function, or a pool of users.",
    call=Call("apigateway", "get_authorizers", "items", IN_API),
    each="aws_apigateway_rest_api",
    inherits={"api_link": "id"},
    id="id",
    name="name",
    arn="arn:{partition}:apigateway:{region}::/restapis/{api_link}/authorizers/{id}",
    tags="",
    prefix="authorizer",
    fields={"authorizer_provider_arns": "providerARNs"},
    edges=(
        BELOW_API,
        Link("aws_lambda_function", _function("authorizerUri"), child=True, delete="reverse"),
        Link("aws_cognito_user_pool", "providerARNs", by="arn", child=True),
        Link("aws_iam_role", "authorizerCredentials", by="arn", delete=True),
    ),
    read=OF_API,
    gone=GONE,
    delete=Action("delete_authorizer", {**OF_API, "authorizerId": "{id}"}),
)

_METHODS = "values(resourceMethods || `{}`)[]"

API_RESOURCE = Resource(
    kind="aws_apigateway_resource",
    description="One path of an API, with its methods; those below it go with it.",
    call=Call("apigateway", "get_resources", "items", {**IN_API, "embed": ["methods"]}),
    each="aws_apigateway_rest_api",
    inherits={"api_link": "id"},
    id="id",
    arn="arn:{partition}:apigateway:{region}::/restapis/{api_link}/resources/{id}",
    tags="",
    prefix="resource",
    edges=(
        BELOW_API,
        Link("aws_apigateway_authorizer", f"{_METHODS}.authorizerId", child=True, delete="reverse"),
        Link("aws_lambda_function", f"{_METHODS}.methodIntegration.{_function('uri')}", child=True),
    ),
    read={**OF_API, "embed": ["methods"]},
    gone=GONE,
    fixed={"resource_path == '/'": "it is the root of its API"},
    delete=Action("delete_resource", {**OF_API, "resourceId": "{id}"}),
)

DOMAIN_NAME = Resource(
    kind="aws_apigateway_domain_name",
    description="A name of one's own for APIs.",
    call=Call("apigateway", "get_domain_names", "items"),
    id="domainName",
    name="domainName",
    arn="arn:{partition}:apigateway:{region}::/domainnames/{id}",
    tags="tags",
    prefix="domain",
    fields={"domain_domain_name_status": "domainNameStatus", "domain_domain_name_status_message": "domainNameStatusMessage"},
    edges=(
        Link("aws_route53_zone", "[distributionHostedZoneId, regionalHostedZoneId]", child=True),
        Link("aws_vpc_endpoint", "endpointConfiguration.vpcEndpointIds", child=True),
        Link("aws_acm_certificate", "[certificateArn, regionalCertificateArn]", by="arn", child=True, delete="reverse"),
    ),
    read={},
    gone=GONE,
    delete=Action("delete_domain_name", {"domainName": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (REST_API, DEPLOYMENT, STAGE, AUTHORIZER, API_RESOURCE, DOMAIN_NAME)
