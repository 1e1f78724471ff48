"""AppSync: GraphQL APIs with their data sources and functions, APIs for events, domain names. The catalog of `aws/provider.py`.

Resolvers are left out: they are listed type by type, with a call for each type of each schema.
"""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Link, Resource

GONE = ("NotFoundException",)
TAG = Action("tag_resource", {"resourceArn": "{arn}", "tags": {"{key}": "{value}"}})
UNTAG = Action("untag_resource", {"resourceArn": "{arn}", "tagKeys": ["{key}"]})
API_ID = {"apiId": "{id}"}
PROVIDERS = "[@, additionalAuthenticationProviders[]][]"

GRAPHQL_API = Resource(
    kind="aws_appsync_graphql_api",
    description="An API that answers GraphQL from data sources; they go with it.",
    call=Call("appsync", "list_graphql_apis", "graphqlApis"),
    id="apiId",
    name="name",
    arn="arn",
    tags="tags",
    prefix="api",
    edges=(
        Link("aws_iam_role", "[logConfig.cloudWatchLogsRoleArn, mergedApiExecutionRoleArn]", by="arn", delete=True),
        Link("aws_cognito_user_pool", f"{PROVIDERS}.userPoolConfig.userPoolId"),
        Link("aws_lambda_function", f"{PROVIDERS}.lambdaAuthorizerConfig.authorizerUri", by="arn", child=True),
        Link("aws_waf_web_acl", "wafWebAclArn", by="arn", delete=True),
    ),
    read=Call("appsync", "get_graphql_api", "graphqlApi", API_ID),
    gone=GONE,
    delete=Action("delete_graphql_api", API_ID),
    tag=TAG,
    untag=UNTAG,
)

IN_API = {"apiId": "{api_id}"}

DATA_SOURCE = Resource(
    kind="aws_appsync_data_source",
    description="Where a GraphQL API gets its answers from.",
    call=Call("appsync", "list_data_sources", "dataSources", API_ID),
    each="aws_appsync_graphql_api",
    inherits={"api_id": "id"},
    id="join('/', [_parent.id, name])",  # names are unique in an API only
    name="name",
    arn="dataSourceArn",
    tags="",
    prefix="source",
    edges=(
        Link("aws_appsync_graphql_api", "_parent.id"),
        Link("aws_iam_role", "serviceRoleArn", by="arn", delete=True),
        Link("aws_lambda_function", "lambdaConfig.lambdaFunctionArn", by="arn", child=True),
        Link("aws_dynamodb_table", "dynamodbConfig.tableName", by="name", child=True),
        Link("aws_rds_cluster", "relationalDatabaseConfig.rdsHttpEndpointConfig.dbClusterIdentifier", by="arn", child=True),
        Link("aws_secretsmanager_secret", "relationalDatabaseConfig.rdsHttpEndpointConfig.awsSecretStoreArn", by="arn", child=True),
        Link("aws_eventbridge_bus", "eventBridgeConfig.eventBusArn", by="arn", child=True),
    ),
    read=Call("appsync", "get_data_source", "dataSource", {**IN_API, "name": "{name}"}),
    gone=GONE,
    delete=Action("delete_data_source", {**IN_API, "name": "{name}"}),
)

FUNCTION = Resource(
    kind="aws_appsync_function",
    description="A step of resolvers, about one data source.",
    call=Call("appsync", "list_functions", "functions", API_ID),
    each="aws_appsync_graphql_api",
    inherits={"api_id": "id"},
    id="functionId",
    name="name",
    arn="functionArn",
    tags="",
    prefix="function",
    edges=(
        Link("aws_appsync_graphql_api", "_parent.id"),
        Link("aws_appsync_data_source", "dataSourceName && join('/', [_parent.id, dataSourceName])", delete=True),
        Link("aws_lambda_function", "syncConfig.lambdaConflictHandlerConfig.lambdaConflictHandlerArn", by="arn", child=True),
    ),
    read=Call("appsync", "get_function", "functionConfiguration", {**IN_API, "functionId": "{id}"}),
    gone=GONE,
    delete=Action("delete_function", {**IN_API, "functionId": "{id}"}),
)

EVENT_API = Resource(
    kind="aws_appsync_event_api",
    description="An API that passes events on to whoever listens.",
    call=Call("appsync", "list_apis", "apis"),
    id="apiId",
    name="name",
    ctime="created",
    arn="apiArn",
    tags="tags",
    prefix="api",
    edges=(
        Link("aws_iam_role", "eventConfig.logConfig.cloudWatchLogsRoleArn", by="arn", delete=True),
        Link("aws_cognito_user_pool", "eventConfig.authProviders[].cognitoConfig.userPoolId"),
        Link("aws_lambda_function", "eventConfig.authProviders[].lambdaAuthorizerConfig.authorizerUri", by="arn", child=True),
        Link("aws_waf_web_acl", "wafWebAclArn", by="arn", delete=True),
    ),
    read=Call("appsync", "get_api", "api", API_ID),
    gone=GONE,
    delete=Action("delete_api", API_ID),
    tag=TAG,
    untag=UNTAG,
)

DOMAIN_NAME = Resource(
    kind="aws_appsync_domain_name",
    description="A name of one's own for an API.",
    call=Call("appsync", "list_domain_names", "domainNameConfigs"),
    id="domainName",
    name="domainName",
    arn="domainNameArn",
    tags="tags",
    prefix="domain",
    edges=(Link("aws_acm_certificate", "certificateArn", by="arn", delete=True),),
    read=Call("appsync", "get_domain_name", "domainNameConfig", {"domainName": "{id}"}),
    gone=GONE,
    delete=Action("delete_domain_name", {"domainName": "{id}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (GRAPHQL_API, DATA_SOURCE, FUNCTION, EVENT_API, DOMAIN_NAME)
