"""APIs and what is in them: as AppSync describes them; APIs on a moto server."""

from __future__ import annotations

from typing import Any

from resh.model.scope import Status
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud
from tests.providers.aws.scripted import Scripted

API, SOURCE, FUNCTION = "aws_appsync_graphql_api", "aws_appsync_data_source", "aws_appsync_function"
EVENT_API, DOMAIN = "aws_appsync_event_api", "aws_appsync_domain_name"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/c-1"
ARN = "arn:aws:appsync:eu-west-1:123456789012"


def api(**more: Any) -> dict[str, Any]:
    return {"apiId": "a-1", "name": "shop", "arn": f"{ARN}:apis/a-1", "authenticationType": "API_KEY", **more}


def test_an_api(world: World) -> None:
    more = [{"authenticationType": "AMAZON_COGNITO_USER_POOLS", "userPoolConfig": {"userPoolId": "pool-1", "awsRegion": "eu-west-1"}}]
    logs = {"fieldLogLevel": "ALL", "cloudWatchLogsRoleArn": "arn:role"}
    checked = {"lambdaAuthorizerConfig": {"authorizerUri": "arn:check"}, "additionalAuthenticationProviders": more, "logConfig": logs}
    reported = world.add(API, api(tags={"owner": "ada"}, wafWebAclArn="arn:acl/global/webacl/acl/w-1", **checked))
    names = ("id", "name", "arn", "api_authentication_type", "tags")
    assert [reported[name] for name in names] == ["a-1", "shop", f"{ARN}:apis/a-1", "API_KEY", {"owner": "ada"}]
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_cognito_user_pool", {"Id": "pool-1"})
    world.add("aws_lambda_function", {"FunctionName": "check", "FunctionArn": "arn:check"})
    world.add("aws_waf_web_acl", {"Id": "w-1", "Name": "acl", "ARN": "arn:acl/global/webacl/acl/w-1"})
    assert world.edges("default") == {"role > a-1", "w-1 > a-1", "pool-1 > a-1", "a-1 > check"}
    assert world.edges("delete") == {"role > a-1", "w-1 > a-1"}


def test_sources_and_functions(world: World) -> None:
    parent = world.add(API, api())
    endpoint = {"dbClusterIdentifier": "arn:cluster", "awsSecretStoreArn": "arn:secret"}
    uses: list[tuple[str, dict[str, Any]]] = [
        ("table", {"dynamodbConfig": {"tableName": "carts", "awsRegion": "eu-west-1"}, "serviceRoleArn": "arn:role"}),
        ("code", {"lambdaConfig": {"lambdaFunctionArn": "arn:code"}}),
        ("sql", {"relationalDatabaseConfig": {"rdsHttpEndpointConfig": endpoint}}),
        ("events", {"eventBridgeConfig": {"eventBusArn": "arn:bus"}}),
    ]
    for name, used in uses:
        reported = world.add(SOURCE, {"name": name, "type": "X", "dataSourceArn": f"{ARN}:{name}", **used, "_parent": parent})
        assert [reported[key] for key in ("id", "name", "api_id", "source_type")] == [f"a-1/{name}", name, "a-1", "X"]
    function = {"functionId": "f-1", "name": "get", "functionArn": f"{ARN}:f-1", "dataSourceName": "table", "code": "…"}
    reported = world.add(FUNCTION, {**function, "_parent": parent})
    assert [reported[key] for key in ("id", "name", "api_id", "function_code")] == ["f-1", "get", "a-1", "…"]
    world.add("aws_dynamodb_table", {"TableName": "carts"})
    world.add("aws_lambda_function", {"FunctionName": "code", "FunctionArn": "arn:code"})
    world.add("aws_rds_cluster", {"DBClusterIdentifier": "cluster", "DBClusterArn": "arn:cluster"})
    world.add("aws_secretsmanager_secret", {"Name": "secret", "ARN": "arn:secret"})
    world.add("aws_eventbridge_bus", {"Name": "bus", "Arn": "arn:bus"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    inside = {"a-1 > f-1", *(f"a-1 > a-1/{name}" for name, _ in uses)}
    used_by = {"a-1/table > carts", "a-1/code > code", "a-1/sql > cluster", "a-1/sql > secret", "a-1/events > bus"}
    assert world.edges("default") == inside | used_by | {"role > a-1/table", "a-1/table > f-1"}
    assert world.edges("delete") == {"role > a-1/table", "a-1/table > f-1"}


def test_apis_on_a_server(cloud: Cloud, name: str, scripted: Scripted) -> None:
    appsync = cloud.client("appsync")
    id = appsync.create_graphql_api(name=name, authenticationType="API_KEY", tags={"owner": "ada"})["graphqlApi"]["apiId"]
    scripted("appsync", "list_data_sources", {"dataSources": [{"name": "table", "dataSourceArn": f"{ARN}:table", "type": "NONE"}]})
    scripted("appsync", "get_data_source", {"dataSource": {"name": "table", "dataSourceArn": f"{ARN}:table", "type": "NONE"}})
    scripted("appsync", "list_functions", {"functions": [{"functionId": "f-1", "name": "get", "dataSourceName": "table"}]})
    scripted("appsync", "get_function", {"functionConfiguration": {"functionId": "f-1", "name": "get", "dataSourceName": "table"}})
    found = cloud.collect(API, SOURCE, FUNCTION)
    assert [str(report) for report in found.reports if report.status is not Status.OK] == []
    for kind, child in ((FUNCTION, "f-1"), (SOURCE, f"{id}/table")):
        document = cloud.find(kind, child)
        assert cloud.looks_the_same(document)
        operation = kind.replace("aws_appsync", "delete")
        scripted("appsync", operation, {})
        cloud.provider.delete(document)
        assert scripted.asked("appsync", operation)[0]["apiId"] == id
    document = cloud.find(API, id)
    assert "GRAPHQL" in document["reported"]["api_uris"]
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)  # moto breaks when it is asked to once more
    assert cloud.is_gone(document)


def test_apis_for_events_on_a_server(cloud: Cloud, name: str) -> None:
    modes = [{"authType": "API_KEY"}]
    config = {
        "authProviders": modes,
        **dict.fromkeys(("connectionAuthModes", "defaultPublishAuthModes", "defaultSubscribeAuthModes"), modes),
    }
    cloud.client("appsync").create_api(name=name, eventConfig=config, tags={"owner": "ada"})
    document = cloud.document(EVENT_API, name)
    assert cloud.looks_the_same(document)
    assert cloud.takes_tags(document)
    cloud.provider.delete(document)  # moto breaks when it is asked to once more
    assert cloud.is_gone(document)


def test_domain_names(world: World, cloud: Cloud, scripted: Scripted) -> None:
    domain = {"domainName": "api.example.com", "certificateArn": CERTIFICATE, "tags": {"owner": "ada"}}
    scripted("appsync", "list_domain_names", {"domainNameConfigs": [domain]})
    scripted("appsync", "get_domain_name", {"domainNameConfig": domain})
    document = cloud.find(DOMAIN, "api.example.com")
    assert document["reported"]["tags"] == {"owner": "ada"}
    assert cloud.looks_the_same(document)
    world.add(DOMAIN, domain)
    world.add("aws_acm_certificate", {"CertificateArn": CERTIFICATE})
    assert world.edges("delete") == {"c-1 > api.example.com"}
