"""REST APIs: as the API Gateway describes them, and on a moto server."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from tests.providers.aws.catalog_world import World
from tests.providers.aws.mock_account import Cloud

API, DEPLOYMENT, STAGE = "aws_apigateway_rest_api", "aws_apigateway_deployment", "aws_apigateway_stage"
AUTHORIZER, RESOURCE, DOMAIN = "aws_apigateway_authorizer", "aws_apigateway_resource", "aws_apigateway_domain_name"
URI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:check:live/invocations"
PARENT = {"id": "a-1"}


def test_properties(world: World) -> None:
    api = world.add(API, {"id": "a-1", "name": "shop", "version": "v1", "apiKeySource": "HEADER", "tags": {"owner": "ada"}})
    assert [api[key] for key in ("id", "name", "arn")] == ["a-1", "shop", "arn:aws:apigateway:eu-west-1::/restapis/a-1"]
    assert [api[key] for key in ("api_version", "api_key_source", "tags")] == ["v1", "HEADER", {"owner": "ada"}]
    stage = world.add(STAGE, {"stageName": "live", "cacheClusterStatus": "AVAILABLE", "tracingEnabled": True, "_parent": PARENT})
    assert [stage[key] for key in ("id", "name", "api_link")] == ["a-1_live", "live", "a-1"]
    assert stage["arn"] == "arn:aws:apigateway:eu-west-1::/restapis/a-1/stages/live"
    assert (stage["stage_cache_status"], stage["stage_tracing_enabled"]) == ("AVAILABLE", True)
    deployment = world.add(DEPLOYMENT, {"id": "d-1", "description": "first", "_parent": PARENT})
    assert (deployment["description"], deployment["api_link"]) == ("first", "a-1")
    authorizer = world.add(AUTHORIZER, {"id": "au-1", "name": "people", "type": "TOKEN", "providerARNs": ["arn:p"], "_parent": PARENT})
    assert (authorizer["authorizer_type"], authorizer["authorizer_provider_arns"]) == ("TOKEN", ["arn:p"])
    methods = {"GET": {"httpMethod": "GET", "methodIntegration": {"type": "AWS_PROXY", "uri": URI}}}
    path = world.add(RESOURCE, {"id": "r-1", "path": "/orders", "pathPart": "orders", "resourceMethods": methods, "_parent": PARENT})
    assert (path["resource_path"], path["resource_path_part"]) == ("/orders", "orders")
    assert [method["http_method"] for method in path["resource_methods"].values()] == ["GET"]
    domain = world.add(DOMAIN, {"domainName": "api.example.com", "domainNameStatus": "AVAILABLE", "securityPolicy": "TLS_1_2"})
    assert (domain["domain_domain_name_status"], domain["domain_security_policy"]) == ("AVAILABLE", "TLS_1_2")


def test_edges(world: World) -> None:
    world.add(API, {"id": "a-1"})
    world.add(DEPLOYMENT, {"id": "d-1", "_parent": PARENT})
    world.add(
        STAGE, {"stageName": "live", "deploymentId": "d-1", "accessLogSettings": {"destinationArn": "arn:logs:api"}, "_parent": PARENT}
    )
    world.add(AUTHORIZER, {"id": "au-1", "authorizerUri": URI, "authorizerCredentials": "arn:role", "_parent": PARENT})
    methods = {"GET": {"authorizerId": "au-1", "methodIntegration": {"uri": URI}}, "PUT": {"methodIntegration": {"uri": "http://x"}}}
    world.add(RESOURCE, {"id": "r-1", "resourceMethods": methods, "_parent": PARENT})
    world.add(DOMAIN, {"domainName": "api.example.com", "regionalCertificateArn": "arn:acm/c-1"})
    world.add("aws_lambda_function", {"FunctionName": "check"})
    world.add("aws_iam_role", {"RoleId": "role", "Arn": "arn:role"})
    world.add("aws_acm_certificate", {"CertificateArn": "arn:acm/c-1"})
    world.add("aws_cloudwatch_log_group", {"logGroupName": "api"})
    parts = {"a-1 > d-1", "d-1 > a-1_live", "a-1 > au-1", "a-1 > r-1", "r-1 > au-1"}
    uses = {"au-1 > check", "r-1 > check", "role > au-1", "api.example.com > c-1", "a-1_live > api"}
    assert world.edges("default") == parts | uses
    waits = {"d-1 > a-1_live", "au-1 > r-1", "check > au-1", "role > au-1", "c-1 > api.example.com"}
    assert world.edges("delete") == waits


def test_on_a_server(cloud: Cloud, name: str) -> None:
    gateway = cloud.client("apigateway")
    api = gateway.create_rest_api(name=name, tags={"owner": "ada"})["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    orders = gateway.create_resource(restApiId=api, parentId=root, pathPart="orders")["id"]
    gateway.put_method(restApiId=api, resourceId=orders, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=orders, httpMethod="GET", type="MOCK")
    deployment = gateway.create_deployment(restApiId=api)["id"]
    gateway.create_stage(restApiId=api, stageName="live", deploymentId=deployment)
    authorizer = gateway.create_authorizer(restApiId=api, name="people", type="TOKEN", authorizerUri=URI, identitySource="x")["id"]
    assert {document["reported"]["id"] for document in cloud.documents(API)} == {one["id"] for one in gateway.get_rest_apis()["items"]}
    with pytest.raises(UsageError, match="root of its API"):
        cloud.provider.delete(cloud.find(RESOURCE, root))
    assert list(cloud.find(RESOURCE, orders)["reported"]["resource_methods"]) == ["GET"]
    parts = {STAGE: f"{api}_live", DEPLOYMENT: deployment, AUTHORIZER: authorizer, RESOURCE: orders, API: api}
    for kind, id in parts.items():
        document = cloud.find(kind, id)
        assert cloud.looks_the_same(document)
        cloud.provider.delete(document)
        assert cloud.is_gone(document)


def test_a_domain_name_on_a_server(cloud: Cloud, name: str) -> None:
    cloud.client("apigateway").create_domain_name(domainName=f"{name}.com", certificateName="of a test")
    document = cloud.find(DOMAIN, f"{name}.com")
    assert cloud.looks_the_same(document)
    cloud.provider.delete(document)
    assert cloud.is_gone(document)
